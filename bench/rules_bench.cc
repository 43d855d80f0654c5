// What the rules of one filing cost beside reading that filing's JSON in the same run: the national
// ones and its bureau's, on the contents of tests/vectors/form.json in every province.
//   rules_bench [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/file.h"
#include "base/json.h"
#include "filing/catalogue.h"
#include "filing/judge.h"

namespace {

using namespace beian;
using Ticks = std::chrono::steady_clock;

json::value data_file(const std::string& name) {
  return read_json_file(BEIAN_ROOT "/data/" + name);
}

double nanoseconds(Ticks::duration time, int times) {
  return std::chrono::duration<double, std::nano>(time).count() / times;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 200;
  const Catalogue catalogue = load_catalogue(data_file);
  const Form form = Form::from_json(data_file("forms/first_filing.json"));
  const auto vocabulary = RuleVocabulary::from_json(data_file("rules/common.json"));
  std::vector<std::string> purposes;
  for (const MaterialRule& material : form.materials) purposes.push_back(material.purpose);
  const json::value bases = read_json_file(BEIAN_ROOT "/tests/vectors/form.json").at("bases");
  const json::object known{{"kind", "first_filing"}, {"sites_total", 3}, {"sites_filed", 0}};
  const Day today = *parse_day("2026-11-23");
  Ticks::duration parsing{}, judging{};
  int times = 0;
  std::size_t rules = 0, found = 0;
  const json::value bureaus = data_file("bureaus.json");
  for (const json::value& bureau : bureaus.at("bureaus").as_array()) {
    const std::string code(bureau.at("province").as_string());
    const RuleFile file =
        read_rule_file(read_file(BEIAN_ROOT "/data/rules/" + code + ".json"), vocabulary, purposes);
    rules += file.rules.size();
    for (const char* name : {"enterprise", "individual", "three_sites"}) {
      json::value content = bases.at(name).at("content");
      content.at("organiser").as_object()["province"] = code;
      const std::string text = json::serialize(content);
      // The fields that are shown are known already where a filing is checked.
      std::vector<std::string> visible = visible_fields(form, content.as_object(), "2026-11-23");
      std::ranges::sort(visible);
      const std::vector<MaterialPlace> present;
      const Judged judged{content.as_object(), "first_filing", &known, present, today,
                          &catalogue.divisions};
      for (int i = 0; i < rounds; ++i) {
        auto start = Ticks::now();
        found += parse_json(text).is_object();
        parsing += Ticks::now() - start;
        start = Ticks::now();
        found += judge(catalogue.rules, judged, visible).size();
        found += judge(file.rules, judged, visible).size();
        judging += Ticks::now() - start;
        ++times;
      }
    }
  }
  const double parse = nanoseconds(parsing, times), rule = nanoseconds(judging, times);
  std::printf("reading a filing's JSON  %8.1f us\n", parse / 1000);
  std::printf("its rules (%zu + %.0f)    %8.1f us  = %.1f x (at most 15)\n", catalogue.rules.size(),
              static_cast<double>(rules) / 31, rule / 1000, rule / parse);
  return found == 0;
}
