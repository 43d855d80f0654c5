#include "documents/inspection.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "documents/photo_checks.h"
#include "documents/picture_print.h"
#include "documents/read_papers.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

constexpr std::array<std::pair<Paper, std::string_view>, 7> k_papers = {{
    {Paper::other, "other"},
    {Paper::photo, "photo"},
    {Paper::licence, "licence"},
    {Paper::id_front, "id_front"},
    {Paper::id_back, "id_back"},
    {Paper::certificate, "certificate"},
    {Paper::sheet, "sheet"},
}};

constexpr std::string_view k_names[] = {"edge_width_most",
                                        "dark_median",
                                        "dark_bright",
                                        "bright_median",
                                        "bright_low",
                                        "bright_level",
                                        "bright_share",
                                        "glare_level",
                                        "glare_step",
                                        "glare_share",
                                        "screen_pattern_most",
                                        "paper_share_least",
                                        "face_height_least",
                                        "face_height_most",
                                        "face_off_centre",
                                        "second_face_share",
                                        "top_share",
                                        "top_saturation",
                                        "top_value",
                                        "red_from",
                                        "red_until",
                                        "blue_from",
                                        "blue_until",
                                        "backdrop_spread",
                                        "backdrop_share_least",
                                        "letters_least",
                                        "mirrored_ratio",
                                        "copy_agreement_least",
                                        "copy_part_least",
                                        "reading_doubtful_below"};

bool is_read(Paper paper) {
  return paper == Paper::licence || paper == Paper::id_front || paper == Paper::id_back ||
         paper == Paper::certificate;
}

void append(std::vector<Problem>& to, std::vector<Problem> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// What each of these papers always says. A picture that says none of it shows something else, the
// other side, or cannot be read.
bool says_what_it_must(Paper paper, const std::map<std::string, std::string>& fields) {
  const auto says = [&](std::initializer_list<const char*> any) {
    return std::ranges::any_of(any, [&](const char* name) { return fields.contains(name); });
  };
  switch (paper) {
    case Paper::id_front:
      return says({"number"});
    case Paper::id_back:
      return says({"authority", "valid_from", "valid_until"});
    case Paper::licence:
      return says({"number", "name"});
    default:
      return true;
  }
}

}  // namespace

std::optional<Paper> paper_from_string(std::string_view name) {
  for (const auto& [paper, known] : k_papers)
    if (known == name) return paper;
  return std::nullopt;
}

std::string_view to_string(Paper paper) {
  for (const auto& [known, name] : k_papers)
    if (known == paper) return name;
  return "other";
}

Thresholds Thresholds::from_json(const json::object& values) {
  Thresholds t;
  for (std::string_view name : k_names) {
    const json::value* value = values.if_contains(name);
    if (!value || !value->is_number())
      throw std::runtime_error("no threshold \"" + std::string(name) + "\"");
    t.values_.emplace(name, value->to_number<double>());
  }
  if (values.size() != t.values_.size()) throw std::runtime_error("an unknown threshold");
  return t;
}

Thresholds Thresholds::load(const std::string& path) {
  json::object plain;
  try {
    const json::value file = read_json_file(path);
    for (const auto& [name, entry] : file.as_object().at("thresholds").as_object())
      plain[name] = entry.as_object().at("value");
    return from_json(plain);
  } catch (const std::exception& e) {
    throw std::runtime_error(path + ": " + e.what());
  }
}

json::object Thresholds::to_json() const {
  json::object out;
  for (const auto& [name, value] : values_) out[name] = value;
  return out;
}

Inspection inspect(const InspectRequest& request, const Thresholds& thresholds,
                   const Tools& tools) {
  Inspection out;
  out.could_read = tools.reader != nullptr;
  const auto decoded = decode(request.jpeg, {}, 2560);
  if (const Problem* problem = std::get_if<Problem>(&decoded)) {
    out.findings.push_back(*problem);
    out.findings.back().hard = false;
    return out;
  }
  const cv::Mat rgb = view_of(std::get<Decoded>(decoded).image);
  const bool flat = request.paper != Paper::photo && request.paper != Paper::other;
  const std::optional<Outline> outline = flat ? find_outline(rgb) : std::nullopt;
  out.findings = check_picture(rgb, request.paper, outline, thresholds);
  if (request.paper == Paper::photo) {
    append(out.findings, check_person(rgb, thresholds, tools));
    out.print = print_of(std::get<Decoded>(decoded).image);
    return out;
  }
  if (outline) append(out.findings, check_paper(*outline, thresholds));
  if (request.use_code) out.codes = read_codes(rgb);
  if (is_read(request.paper) && tools.reader) {
    Reading read = read_paper(*tools.reader, request.paper, rgb, outline, out.codes);
    out.fields = std::move(read.fields);
    out.confidence = std::move(read.confidence);
    if (!says_what_it_must(request.paper, out.fields))
      out.findings.push_back({"", "photo_other_paper", {}, "", "", false});
  }
  return out;
}

}  // namespace beian::documents
