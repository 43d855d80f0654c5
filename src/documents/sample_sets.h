// Drawn pictures by the hundred, each with what it truly shows, to measure the readers and the
// photo checks with. All are marked 样张; names and numbers are invented. The same set and number
// always give the same picture.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "documents/inspection.h"

namespace beian::documents {

struct SampleCase {
  std::string jpeg;
  Paper paper = Paper::other;
  std::map<std::string, std::string> truth;  // for papers: name and number
};

// "licences", "id_cards", "id_backs", "photos" and "papers" (without a defect); "varied_cards" and
// "varied_licences" (what is rare or hard: any table, a shadow, a thumb, any quality, long names,
// several lines, standing licences); and one set per finding of the
// photo checks: "photo_dark", "photo_red_top", "photo_corner_cut", …; and "copies", whose picture n
// is picture n of "photos" trimmed, resized and compressed anew.
std::vector<std::string> sample_set_names();
// Throws std::runtime_error for a set there is not.
SampleCase draw_case(std::string_view set, int number);

// Beian's own score over `count` cases of each set.
struct Score {
  // Of papers: how many fields were right of how many.
  std::map<std::string, std::pair<int, int>> fields;
  // Of the findings: in how many pictures of its own set each was found, and in how many pictures
  // without a defect it was raised.
  std::map<std::string, std::pair<int, int>> found, false_alarms;
  // Of the readings that were right, and of those that were wrong: how many are called doubtful.
  std::map<std::string, std::pair<int, int>> doubted;
  // Processor time of this thread for one picture, by set.
  struct Time {
    double mean_ms = 0, worst_ms = 0;
  };
  std::map<std::string, Time> times;
};
struct ScoreOptions {
  int count = 200;
  int from = 0;                   // number of the first: another one is another sample
  bool use_code = false;          // read a licence's QR code too
  std::vector<std::string> sets;  // empty: all
  std::function<void(std::string_view, int, std::string_view)> miss;  // set, number, what was wrong
};
Score score(const ScoreOptions& options, const Thresholds& thresholds, const Tools& tools);

}  // namespace beian::documents
