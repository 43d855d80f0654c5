#include "documents/read_papers.h"

#define ZX_USE_UTF8  // Result::text() as UTF-8
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/text.h"
#include "documents/paper_text.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

using Fields = std::map<std::string, std::string>;
using Labels = std::vector<std::vector<std::string>>;

constexpr std::size_t k_most_codes = 4;
constexpr std::size_t k_longest_code = 600;  // bytes

void put(Fields& fields, const std::string& name, const std::optional<std::string>& value) {
  if (value && !value->empty()) fields[name] = *value;
}

// A number: as the page was read, else the line once more with only the characters it may have.
template <typename Find>
std::optional<std::string> number_on(TextReader& reader, const cv::Mat& ink, const PageText& page,
                                     const char* allowed, Find find) {
  for (const Piece& piece : page.pieces())
    if (auto found = find(piece.text)) return found;
  std::vector<const Piece*> likely;
  for (const Piece& piece : page.pieces())
    if (only_latin(piece.text).size() >= 12) likely.push_back(&piece);
  for (const Piece* piece : likely) {
    if (auto found = find(reader.read_line(ink(piece->box), allowed).text)) return found;
    cv::Mat larger;
    cv::resize(ink(piece->box), larger, {}, 2, 2, cv::INTER_CUBIC);
    if (auto found = find(reader.read_line(larger, allowed).text)) return found;
  }
  return std::nullopt;
}

std::optional<std::string> name_after(const PageText& page,
                                      const std::vector<std::string>& spellings) {
  const auto value = page.value_of(spellings);
  if (!value) return std::nullopt;
  const std::string name = only_name(*value);
  if (count_characters(name) < 2) return std::nullopt;
  return name;
}

const Labels k_id_labels = {{"姓名"}, {"性别"},         {"民族"},     {"出生"},
                            {"住址"}, {"公民身份号码"}, {"签发机关"}, {"有效期限"}};

Fields id_front(TextReader& reader, const cv::Mat& ink, int& labels) {
  PageText page(reader.read_page(ink), k_id_labels);
  labels = page.labels_found();
  page.read_again({"姓名"}, [&](const cv::Rect& box) { return reader.read_well(ink(box)).text; });
  Fields fields;
  put(fields, "number", number_on(reader, ink, page, "0123456789X", find_citizen_id));
  put(fields, "name", name_after(page, {"姓名"}));
  put(fields, "address", page.value_of({"住址"}, true));
  if (const auto sex = page.value_of({"性别"})) {
    if (sex->starts_with("男")) fields["sex"] = "男";
    if (sex->starts_with("女")) fields["sex"] = "女";
  }
  if (const auto number = fields.find("number"); number != fields.end()) {
    const std::string& n = number->second;
    fields["birth"] = n.substr(6, 4) + "-" + n.substr(10, 2) + "-" + n.substr(12, 2);
    labels += 2;
  }
  return fields;
}

Fields id_back(TextReader& reader, const cv::Mat& ink, int& labels) {
  const PageText page(reader.read_page(ink), k_id_labels);
  labels = page.labels_found();
  Fields fields;
  put(fields, "authority", page.value_of({"签发机关"}));
  std::string line;
  if (const auto value = page.value_of({"有效期限"})) line = *value;
  std::vector<std::string> dates = find_dates(line);
  for (const Piece& piece : page.pieces())
    if (dates.size() < 2) dates = find_dates(piece.text);
  if (dates.size() >= 2) {
    fields["valid_from"] = dates[0];
    fields["valid_until"] = dates[1];
    ++labels;
  }
  return fields;
}

const Labels k_licence_labels = {{"统一社会信用代码"},
                                 {"名称"},
                                 {"类型"},
                                 {"法定代表人", "负责人", "经营者", "投资人", "执行事务合伙人"},
                                 {"经营范围"},
                                 {"注册资本"},
                                 {"成立日期", "注册日期"},
                                 {"营业期限"},
                                 {"住所", "经营场所", "营业场所"},
                                 {"登记机关"}};

Fields licence(TextReader& reader, const cv::Mat& ink, const std::vector<std::string>& codes,
               int& labels) {
  PageText page(reader.read_page(ink), k_licence_labels);
  labels = page.labels_found();
  page.read_again({"名称"}, [&](const cv::Rect& box) { return reader.read_well(ink(box)).text; });
  Fields fields;
  for (const std::string& code : codes)
    if (!fields.contains("number")) put(fields, "number", find_credit_code(code));
  if (!fields.contains("number"))
    put(fields, "number",
        number_on(reader, ink, page, "0123456789ABCDEFGHJKLMNPQRTUWXY", find_credit_code));
  put(fields, "name", page.value_of({"名称"}, true));
  put(fields, "kind", page.value_of({"类型"}));
  put(fields, "principal", name_after(page, k_licence_labels[3]));
  put(fields, "capital", page.value_of({"注册资本"}));
  put(fields, "address", page.value_of({"住所", "经营场所", "营业场所"}, true));
  if (const auto value = page.value_of({"成立日期", "注册日期"}))
    if (const auto dates = find_dates(*value); !dates.empty()) fields["established"] = dates[0];
  if (const auto value = page.value_of({"营业期限"}))
    if (const auto dates = find_dates(*value); !dates.empty()) fields["valid_until"] = dates.back();
  return fields;
}

const Labels k_certificate_labels = {{"域名所有者", "域名持有者", "域名注册人", "所有者", "注册者"},
                                     {"名称", "单位名称"},
                                     {"证件号码", "证件号"},
                                     {"统一社会信用代码"},
                                     {"证件类型"},
                                     {"注册日期", "注册时间"},
                                     {"到期日期", "到期时间", "有效期至"},
                                     {"域名"}};

Fields certificate(TextReader& reader, const cv::Mat& ink, const std::vector<std::string>& codes,
                   int& labels) {
  const PageText page(reader.read_page(ink), k_certificate_labels);
  labels = page.labels_found();
  Fields fields;
  for (const std::string& code : codes)
    if (!fields.contains("number")) put(fields, "number", find_credit_code(code));
  if (!fields.contains("number"))
    put(fields, "number",
        number_on(reader, ink, page, "0123456789ABCDEFGHJKLMNPQRTUWXY", [](std::string_view line) {
          const auto id = find_citizen_id(line);
          return id ? id : find_credit_code(line);
        }));
  const auto holder = page.value_of(k_certificate_labels[0], true);
  put(fields, "name", holder ? holder : page.value_of(k_certificate_labels[1], true));
  if (const auto value = page.value_of(k_certificate_labels[6]))
    if (const auto dates = find_dates(*value); !dates.empty()) fields["valid_until"] = dates[0];
  return fields;
}

// How wide a page is made before it is read: where print is about 30 pixels high.
int width_of(Paper paper) {
  switch (paper) {
    case Paper::licence:
      return 1600;
    case Paper::certificate:
      return 1400;
    default:
      return 1012;
  }
}

Fields read_flat(TextReader& reader, Paper paper, const cv::Mat& flat,
                 const std::vector<std::string>& codes, int& labels) {
  const cv::Mat ink = ink_of(flat);
  switch (paper) {
    case Paper::id_front:
      return id_front(reader, ink, labels);
    case Paper::id_back:
      return id_back(reader, ink, labels);
    case Paper::licence:
      return licence(reader, ink, codes, labels);
    default:
      return certificate(reader, ink, codes, labels);
  }
}

cv::Mat flatten(const cv::Mat& rgb, int width) {
  if (const auto outline = find_outline(rgb)) return straighten(rgb, *outline, width);
  cv::Mat sized;
  const double scale = static_cast<double>(width) / std::max(rgb.cols, rgb.rows);
  cv::resize(rgb, sized, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return level(sized);
}

}  // namespace

std::vector<std::string> read_codes(const cv::Mat& rgb) {
  const cv::Mat picture = at_most(rgb, 1600);
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true).setTryRotate(false);
  const cv::Mat whole = picture.isContinuous() ? picture : picture.clone();
  std::vector<std::string> out;
  for (const ZXing::Result& result :
       ZXing::ReadBarcodes({whole.data, whole.cols, whole.rows, ZXing::ImageFormat::RGB}, hints)) {
    if (!result.isValid() || out.size() >= k_most_codes) continue;
    std::string text = result.text();
    if (text.size() <= k_longest_code && is_utf8(text)) out.push_back(std::move(text));
  }
  return out;
}

Fields read_paper(TextReader& reader, Paper paper, const cv::Mat& rgb,
                  const std::vector<std::string>& codes) {
  cv::Mat flat = flatten(rgb, width_of(paper));
  const bool lies = paper == Paper::id_front || paper == Paper::id_back || paper == Paper::licence;
  if (lies && flat.rows > flat.cols) cv::rotate(flat, flat, cv::ROTATE_90_CLOCKWISE);
  int labels = 0;
  Fields fields = read_flat(reader, paper, flat, codes, labels);
  if (labels >= 2) return fields;
  cv::rotate(flat, flat, cv::ROTATE_180);
  int turned_labels = 0;
  Fields turned = read_flat(reader, paper, flat, codes, turned_labels);
  return turned_labels > labels ? turned : fields;
}

}  // namespace beian::documents
