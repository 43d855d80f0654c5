// What can be seen in an uploaded picture: the text of a paper, the codes on it, and what makes a
// photograph unfit. Everything here is advice: a doubtful reading or finding blocks nothing.
// inspect() runs in a child process (documents/inspector.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "documents/paper.h"

namespace beian::documents {

// Numbers that decide a check, by name, from data/documents/checks.json (which says why each is
// what it is).
class Thresholds {
 public:
  // Throws std::runtime_error naming the file and what is missing or unknown.
  static Thresholds load(const std::string& path);
  static Thresholds from_json(const json::object& values);  // name -> number, all of them
  double at(std::string_view name) const { return values_.find(name)->second; }
  json::object to_json() const;

 private:
  std::map<std::string, double, std::less<>> values_;
};

struct InspectRequest {
  std::string jpeg;  // as prepare() made it
  Paper paper = Paper::other;
  bool use_code = true;  // false: the score measures what the letters alone say
};

struct Inspection {
  std::vector<Problem> findings;              // soft, without a field
  std::map<std::string, std::string> fields;  // k_reading_fields, as printed but for blanks
  std::map<std::string, int> confidence;      // of each field, 0 to 100
  std::vector<std::string> codes;             // what QR codes say
  bool could_read = true;  // false: no language data is installed, so `fields` is empty
  // Of a person before the backdrop: what a copy of the picture is known by
  // (documents/picture_print.h). Empty otherwise.
  std::string print;
};

// Names that `fields` may have. Dates are YYYY-MM-DD; valid_until may be "long".
inline constexpr std::string_view k_reading_fields[] = {
    "name",       "number",      "sex",       "nation", "birth",   "address",     "authority",
    "valid_from", "valid_until", "principal", "kind",   "capital", "established", "domain"};

// Codes that a finding may have.
inline constexpr std::string_view k_finding_codes[] = {
    "photo_blurred",      "photo_dark",       "photo_bright",      "photo_glare",
    "photo_of_screen",    "photo_corner_cut", "photo_paper_small", "photo_no_face",
    "photo_many_faces",   "photo_face_small", "photo_face_large",  "photo_off_centre",
    "photo_red_top",      "photo_blue_top",   "photo_no_backdrop", "photo_mirrored",
    "photo_no_lettering", "photo_other_paper"};

// Holds the language data. One per child; not thread-safe.
class TextReader;
struct ReaderDeleter {
  void operator()(TextReader* reader) const;
};
// Null when tesseract's chi_sim or eng is not installed.
std::unique_ptr<TextReader, ReaderDeleter> load_reader();
class FaceFinder;
struct FinderDeleter {
  void operator()(FaceFinder* finder) const;
};
// Null when OpenCV's face cascade (opencv-data) is not installed.
std::unique_ptr<FaceFinder, FinderDeleter> load_face_finder();

struct Tools {
  TextReader* reader = nullptr;  // null: nothing is read
  FaceFinder* faces = nullptr;   // null: faces are not looked for
};
Inspection inspect(const InspectRequest& request, const Thresholds& thresholds, const Tools& tools);

}  // namespace beian::documents
