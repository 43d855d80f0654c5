#include "documents/read_papers.h"

#define ZX_USE_UTF8  // Result::text() as UTF-8
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/text.h"
#include "documents/page_text.h"
#include "documents/paper_text.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

using Labels = std::vector<std::vector<std::string>>;
using Value = PageText::Value;

constexpr std::size_t k_most_codes = 4;
constexpr std::size_t k_longest_code = 600;  // bytes

// A check digit that agrees is right by accident in one of eleven or more: with eighteen characters
// read without a doubt that is as good as certain. Mended, it is one likely guess.
constexpr double k_checked = 98, k_mended = 70, k_from_code = 100;
constexpr double k_unlikely = 40;  // read, but not as it can be

constexpr std::size_t k_date_figures = 6;   // in a line that may hold a date
constexpr std::size_t k_longest_plain = 4;  // characters of a name without a dot

constexpr std::size_t k_nearly_a_number = 12;  // letters and digits in a line
constexpr int k_most_tried = 3;                // lines that nearly hold one

// What may be read of a page (TextReader::allow); a licence takes 4,800 to 6,200, a card less.
constexpr double k_most_columns = 6800;
constexpr double k_line_aspect = 3;  // of a piece that is a line of print
// A page is upside down or no such paper when none of so many lines makes sense.
constexpr int k_senseless_lines = 8;
constexpr double k_sense = 60;    // confidence
constexpr int k_least_side = 32;  // px of a picture; nothing can be read in a strip

// What a reader of one kind of paper works with.
struct Page {
  TextReader& reader;
  const cv::Mat& ink;
  PageText text;
  Reading reading;
  int lines = 0, sensible = 0;  // read

  Page(TextReader& r, const cv::Mat& page, const Labels& labels)
      : reader(r), ink(page), text(find_pieces(page), labels, [this](const Piece& piece) {
          return makes_sense() ? read(piece) : piece;
        }) {}
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  Piece read(const Piece& piece) {
    Piece out = reader.read_piece(ink, piece);
    if (piece.aspect() < k_line_aspect) return out;
    ++lines;
    sensible += out.confidence >= k_sense;
    return out;
  }
  bool makes_sense() const { return lines < k_senseless_lines || sensible > 0; }

  void put(const std::string& name, const std::string& value, double confidence) {
    if (value.empty()) return;
    reading.fields[name] = value;
    reading.confidence[name] = static_cast<int>(std::clamp(confidence, 0.0, 100.0));
  }
  void put(const std::string& name, const std::optional<Value>& value) {
    if (value) put(name, value->text, value->confidence);
  }
  bool has(const std::string& name) const { return reading.fields.contains(name); }
  void improve(std::size_t piece) {
    text.improve(piece, [&](const Piece& read) { return reader.read_well(ink, read); });
  }
};

// As long as a number with its eighteen characters is, first, and there from the side of the page
// where this paper has it; then whatever else may hold one.
std::vector<std::size_t> number_places(const PageText& text, bool at_bottom) {
  std::vector<std::size_t> places, others;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const double aspect = text.unread(i).aspect();
    if (aspect >= 8 && aspect <= 18)
      places.push_back(i);
    else if (aspect > 6)
      others.push_back(i);
  }
  if (at_bottom) std::reverse(places.begin(), places.end());
  places.insert(places.end(), others.begin(), others.end());
  return places;
}

// A line read in other ways, and with only the characters it may have, until `take` has it.
template <typename Take>
bool try_variously(Page& page, const Piece& piece, const char* allowed, Take take) {
  const cv::Mat line = page.ink(piece.box);
  if (take(page.reader.read_line(line, allowed))) return true;
  bool taken = false;
  page.reader.read_variously(page.ink, piece,
                             [&](const Piece& reading) { return taken = take(reading); });
  if (taken) return true;
  cv::Mat larger;
  cv::resize(line, larger, {}, 2, 2, cv::INTER_CUBIC);
  return take(page.reader.read_line(larger, allowed));
}

// A number: the first likely line whose check digit agrees; one that nearly holds a number is read
// in other ways at once, before the long lines of other things are read at all. Else the mending
// that most readings lead to.
template <typename Find>
void put_number(Page& page, bool at_bottom, const char* allowed, Find find) {
  std::map<std::string, int> mended;
  const auto take = [&](const Piece& line) {
    bool exact = false;
    const std::optional<std::string> number = find(line.text, exact);
    if (number && exact) page.put("number", *number, k_checked);
    if (number && !exact) ++mended[*number];
    return number && exact;
  };
  int tried = 0;
  for (std::size_t i : number_places(page.text, at_bottom)) {
    const Piece& piece = page.text.piece(i);
    if (take(piece)) return;
    if (only_latin(piece.text).size() < k_nearly_a_number || tried == k_most_tried) continue;
    ++tried;
    if (try_variously(page, piece, allowed, take)) return;
    if (!mended.empty()) break;
  }
  const auto most =
      std::max_element(mended.begin(), mended.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != mended.end()) page.put("number", most->first, k_mended);
}

// Exact: nothing mended, and no character more or less that a part of which agrees by accident.
bool is_whole(const std::string& line, const std::string& number) {
  const std::string latin = only_latin(line);
  return latin.size() == number.size();
}

std::optional<std::string> citizen_id_in(const std::string& line, bool& exact) {
  const auto number = find_citizen_id(line);
  exact = number && is_whole(line, *number);
  return number;
}

// A person's number, with one character changed, is a credit code by accident two times in five.
std::optional<std::string> credit_code_in(const std::string& line, bool& exact) {
  exact = false;
  if (find_citizen_id(line)) return std::nullopt;
  const auto code = find_credit_code(line);
  exact = code && is_whole(line, *code) && only_latin(line).find(*code) != std::string::npos;
  return code;
}

void put_code_number(Page& page, const std::vector<std::string>& codes) {
  for (const std::string& code : codes)
    if (!page.has("number"))
      if (const auto number = find_credit_code(code)) page.put("number", *number, k_from_code);
}

void put_name(Page& page, const std::string& field, std::optional<Value> value) {
  if (!value) return;
  value->text = only_name(value->text);
  // The dot of a long name is the first thing to be lost.
  if (count_characters(value->text) > k_longest_plain && value->text.find("·") == std::string::npos)
    value->confidence = std::min(value->confidence, k_unlikely);
  if (count_characters(value->text) >= 2) page.put(field, value);
}

void put_date(Page& page, const std::string& field, const std::optional<Value>& value, bool last) {
  if (!value) return;
  const auto dates = find_dates(value->text);
  if (!dates.empty()) page.put(field, last ? dates.back() : dates.front(), value->confidence);
}

const Labels k_id_labels = {{"姓名"}, {"性别"},         {"民族"},     {"出生"},
                            {"住址"}, {"公民身份号码"}, {"签发机关"}, {"有效期限"}};

int id_front(Page& page) {
  put_number(page, true, "0123456789X", citizen_id_in);
  if (const auto holder = page.text.holder_of({"姓名"})) {
    page.improve(*holder);
    put_name(page, "name", page.text.value_of({"姓名"}));
  } else if (const auto above = page.text.above_value_of({"性别"})) {
    page.improve(*above);
    put_name(page, "name", Value{page.text.piece(*above).text, page.text.piece(*above).confidence});
  }
  page.put("address", page.text.value_of({"住址"}, true));
  if (const auto sex = page.text.value_of({"性别"}))
    for (const char* one : {"男", "女"})
      if (sex->text.starts_with(one)) page.put("sex", one, sex->confidence);
  if (!page.has("number")) return page.text.labels_found();
  const std::string n = page.reading.fields["number"];
  page.put("birth", n.substr(6, 4) + "-" + n.substr(10, 2) + "-" + n.substr(12, 2), k_checked);
  return page.text.labels_found() + 2;
}

// Five, ten or twenty years to the day, or for ever (居民身份证法 art. 5): as good as a check
// digit.
bool is_validity(const std::vector<std::string>& dates) {
  if (dates.size() != 2 || dates[0] == "long") return false;
  if (dates[1] == "long") return true;
  const int years = std::stoi(dates[1]) - std::stoi(dates[0]);
  return (years == 5 || years == 10 || years == 20) && dates[0].substr(4) == dates[1].substr(4);
}

void put_validity(Page& page, const std::vector<std::string>& dates, double confidence) {
  page.put("valid_from", dates[0], confidence);
  page.put("valid_until", dates[1], confidence);
}

// The line of figures: as the page is read, else in other ways and with the figures alone.
bool read_validity(Page& page, const Piece& piece, std::vector<std::string>& doubtful) {
  const bool for_ever =
      find_validity(piece.text).size() == 2 && find_validity(piece.text)[1] == "long";
  const auto take = [&](const Piece& reading) {
    std::vector<std::string> dates = find_validity(reading.text);
    if (dates.size() == 1 && for_ever) dates.emplace_back("long");
    if (is_validity(dates)) put_validity(page, dates, std::max(k_sense, reading.confidence));
    if (dates.size() == 2 && doubtful.empty()) doubtful = dates;
    return page.has("valid_until");
  };
  return take(piece) || try_variously(page, piece, "0123456789.-", take);
}

int id_back(Page& page) {
  page.put("authority", page.text.value_of({"签发机关"}));
  std::vector<std::string> doubtful;
  const auto holder = page.text.holder_of({"有效期限"});
  if (holder) read_validity(page, page.text.piece(*holder), doubtful);
  for (std::size_t i = 0; i < page.text.size() && !page.has("valid_until") && doubtful.empty(); ++i)
    if (only_latin(page.text.piece(i).text).size() >= k_date_figures)
      read_validity(page, page.text.piece(i), doubtful);
  if (!page.has("valid_until") && doubtful.size() == 2) put_validity(page, doubtful, k_unlikely);
  return page.text.labels_found() + (page.has("valid_until") ? 1 : 0);
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

constexpr const char* k_code_letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

int licence(Page& page, const std::vector<std::string>& codes) {
  put_code_number(page, codes);
  if (!page.has("number")) put_number(page, false, k_code_letters, credit_code_in);
  if (const auto holder = page.text.holder_of({"名称"})) page.improve(*holder);
  page.put("name", page.text.value_of({"名称"}, true));
  page.put("kind", page.text.value_of({"类型"}));
  put_name(page, "principal", page.text.value_of(k_licence_labels[3]));
  page.put("capital", page.text.value_of({"注册资本"}));
  page.put("address", page.text.value_of(k_licence_labels[8], true));
  put_date(page, "established", page.text.value_of(k_licence_labels[6]), false);
  put_date(page, "valid_until", page.text.value_of({"营业期限"}), true);
  return page.text.labels_found();
}

const Labels k_certificate_labels = {{"域名所有者", "域名持有者", "域名注册人", "所有者", "注册者"},
                                     {"名称", "单位名称"},
                                     {"证件号码", "证件号"},
                                     {"统一社会信用代码"},
                                     {"证件类型"},
                                     {"注册日期", "注册时间"},
                                     {"到期日期", "到期时间", "有效期至"},
                                     {"域名"}};

int certificate(Page& page, const std::vector<std::string>& codes) {
  put_code_number(page, codes);
  if (!page.has("number"))
    put_number(page, false, k_code_letters, [](const std::string& line, bool& exact) {
      const auto id = citizen_id_in(line, exact);
      return id ? id : credit_code_in(line, exact);
    });
  const auto holder = page.text.value_of(k_certificate_labels[0], true);
  page.put("name", holder ? holder : page.text.value_of(k_certificate_labels[1], true));
  put_date(page, "valid_until", page.text.value_of(k_certificate_labels[6]), false);
  return page.text.labels_found();
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

Reading read_flat(TextReader& reader, Paper paper, const cv::Mat& flat,
                  const std::vector<std::string>& codes, int& labels) {
  const cv::Mat ink = ink_of(flat);
  const bool card = paper == Paper::id_front || paper == Paper::id_back;
  Page page(reader, ink,
            card                      ? k_id_labels
            : paper == Paper::licence ? k_licence_labels
                                      : k_certificate_labels);
  switch (paper) {
    case Paper::id_front:
      labels = id_front(page);
      break;
    case Paper::id_back:
      labels = id_back(page);
      break;
    case Paper::licence:
      labels = licence(page, codes);
      break;
    default:
      labels = certificate(page, codes);
      break;
  }
  return std::move(page.reading);
}

cv::Mat flatten(const cv::Mat& rgb, const std::optional<Outline>& outline, int width) {
  if (outline) return straighten(rgb, *outline, width);
  cv::Mat sized;
  const double scale = static_cast<double>(width) / std::max(rgb.cols, rgb.rows);
  cv::resize(rgb, sized, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return level(sized);
}

bool runs_across(const cv::Mat& flat) {
  const auto lines = [](const cv::Mat& page) {
    const std::vector<Piece> pieces = find_pieces(ink_of(page));
    return std::count_if(pieces.begin(), pieces.end(),
                         [](const Piece& piece) { return piece.aspect() > k_line_aspect; });
  };
  cv::Mat turned;
  cv::rotate(flat, turned, cv::ROTATE_90_CLOCKWISE);
  return lines(flat) >= lines(turned);
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

Reading read_paper(TextReader& reader, Paper paper, const cv::Mat& rgb,
                   const std::optional<Outline>& outline, const std::vector<std::string>& codes) {
  if (std::min(rgb.cols, rgb.rows) < k_least_side) return {};
  reader.allow(k_most_columns);
  cv::Mat flat = flatten(rgb, outline, width_of(paper));
  const bool card = paper == Paper::id_front || paper == Paper::id_back;
  // A card lies; a licence may stand, and then its lines run across.
  if (flat.rows > flat.cols && (card || (paper == Paper::licence && !runs_across(flat))))
    cv::rotate(flat, flat, cv::ROTATE_90_CLOCKWISE);
  int labels = 0;
  Reading read = read_flat(reader, paper, flat, codes, labels);
  if (labels >= 2) return read;
  cv::rotate(flat, flat, cv::ROTATE_180);
  reader.allow(k_most_columns);
  int turned_labels = 0;
  Reading turned = read_flat(reader, paper, flat, codes, turned_labels);
  return turned_labels > labels ? turned : read;
}

}  // namespace beian::documents
