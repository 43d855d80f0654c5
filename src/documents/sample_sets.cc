#include "documents/sample_sets.h"

#include <ctime>
#include <functional>
#include <stdexcept>

#include "documents/decoders.h"
#include "documents/picture_print.h"
#include "documents/sample_drawing.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

using Draw = std::function<SampleCase(Dice&)>;

SampleCase picture(Paper paper, std::string jpeg) { return {std::move(jpeg), paper, {}}; }

// Every paper is worn in one or two ways, strongly, and in all others lightly.
Wear paper_wear(Dice& dice) {
  Wear how = light_wear(dice);
  switch (dice.below(6)) {
    case 0:
      how.lean = dice.between(-6, 6);
      break;
    case 1:
      how.blur = dice.between(0.7, 1.3);
      break;
    case 2:
      how.noise = dice.between(6, 14);
      break;
    case 3:
      how.quality = 45 + dice.below(20);
      break;
    default:  // most are photographed on a table
      how.on_ground = dice.between(0.66, 0.86);
      how.lean = dice.between(-9, 9);
      how.perspective = dice.between(0.01, 0.035);
      break;
  }
  return how;
}

SampleCase id_card(Dice& dice) {
  const Identity who = invent(dice);
  SampleCase out = picture(Paper::id_front, wear(draw_id_card(who), paper_wear(dice), dice));
  out.truth = {{"name", who.person}, {"number", who.id_number}};
  return out;
}

SampleCase licence(Dice& dice) {
  const Identity who = invent(dice);
  SampleCase out = picture(Paper::licence, wear(draw_licence(who, true), paper_wear(dice), dice));
  out.truth = {{"name", who.company}, {"number", who.credit_code}};
  return out;
}

// What a phone makes of a paper on any table, held by a hand, at any quality.
Wear varied_wear(Dice& dice) {
  constexpr Wear::Table k_tables[] = {Wear::Table::plain, Wear::Table::dark, Wear::Table::planks,
                                      Wear::Table::cloth};
  Wear how = light_wear(dice);
  how.quality = 30 + dice.below(66);
  how.on_ground = dice.between(0.66, 0.86);
  how.lean = dice.between(-9, 9);
  how.perspective = dice.between(0.005, 0.03);
  how.table = k_tables[dice.below(4)];
  how.shadow = dice.chance(0.35);
  how.finger = dice.chance(0.35);
  return how;
}

SampleCase varied_card(Dice& dice) {
  const Identity who = invent_long(dice);
  SampleCase out = picture(Paper::id_front, wear(draw_id_card(who), varied_wear(dice), dice));
  out.truth = {{"name", who.person}, {"number", who.id_number}, {"address", who.address}};
  return out;
}

SampleCase varied_licence(Dice& dice) {
  const Identity who = invent_long(dice);
  const bool stands = dice.chance(0.4);
  Wear how = varied_wear(dice);
  if (stands) how.on_ground *= 0.55;  // as high as the picture lets it be
  SampleCase out =
      picture(Paper::licence,
              wear(stands ? draw_standing_licence(who, true) : draw_licence(who, true), how, dice));
  out.truth = {{"name", who.company}, {"number", who.credit_code}};
  return out;
}

SampleCase id_back(Dice& dice) {
  const Validity validity = invent_validity(dice);
  const Wear how = dice.chance(0.5) ? paper_wear(dice) : varied_wear(dice);
  SampleCase out = picture(Paper::id_back, wear(draw_id_back(validity), how, dice));
  out.truth = {{"valid_from", validity.from}, {"valid_until", validity.until}};
  return out;
}

Image some_paper(Dice& dice, Paper& kind) {
  const bool card = dice.chance(0.5);
  kind = card ? Paper::id_front : Paper::licence;
  const Identity who = invent(dice);
  return card ? draw_id_card(who) : draw_licence(who, true);
}

Wear on_table(Dice& dice) {
  Wear how = light_wear(dice);
  how.on_ground = dice.between(0.62, 0.8);
  how.lean = dice.between(-8, 8);
  how.perspective = dice.between(0, 0.03);
  return how;
}

template <typename Change>
Draw paper_with(Change change) {
  return [change](Dice& dice) {
    Paper kind = Paper::other;
    const Image paper = some_paper(dice, kind);
    Wear how = on_table(dice);
    change(how, dice);
    return picture(kind, wear(paper, how, dice));
  };
}

// Another paper, the wrong side, or a person, in the place of one of those that are known by what
// they say.
SampleCase other_paper(Dice& dice) {
  Paper kind = Paper::other;
  const Image paper = some_paper(dice, kind);
  const bool card = kind == Paper::id_front;
  const Paper wanted = !card ? Paper::id_front : dice.chance(0.5) ? Paper::id_back : Paper::licence;
  if (dice.chance(0.3))
    return picture(wanted, wear(draw_scene(good_scene(dice), dice), light_wear(dice), dice));
  return picture(wanted, wear(paper, on_table(dice), dice));
}

template <typename Change>
Draw person_with(Change change) {
  return [change](Dice& dice) {
    Scene scene = good_scene(dice);
    Wear how = light_wear(dice);
    change(scene, how, dice);
    return picture(Paper::photo, wear(draw_scene(scene, dice), how, dice));
  };
}

// Either kind of picture: half papers, half people.
template <typename Change>
Draw any_with(Change change) {
  const Draw paper = paper_with(change);
  const Draw person = person_with([change](Scene&, Wear& how, Dice& dice) { change(how, dice); });
  return [paper, person](Dice& dice) { return dice.chance(0.5) ? paper(dice) : person(dice); };
}

// What somebody does who uses a photograph a second time.
constexpr std::string_view k_copies = "copies";

std::string copy_of(const std::string& jpeg, Dice& dice) {
  const Image image = std::get<Decoded>(decode(jpeg, {}, 2560)).image;
  const cv::Mat all = view_of(image);
  const auto cut = [&](int side) { return static_cast<int>(side * dice.between(0, 0.03)); };
  const int left = cut(all.cols), right = cut(all.cols), top = cut(all.rows), low = cut(all.rows);
  const cv::Mat part = all(cv::Rect(left, top, all.cols - left - right, all.rows - top - low));
  const double longest = std::max(part.cols, part.rows) * dice.between(0.4, 1);
  return encode_jpeg(to_image(at_most(part, static_cast<int>(longest))),
                     {.quality = 50 + dice.below(36)});
}

std::string print_in(const std::string& jpeg) {
  return print_of(std::get<Decoded>(decode(jpeg, {}, 2560)).image);
}

const std::map<std::string, Draw, std::less<>>& sets() {
  static const std::map<std::string, Draw, std::less<>> all = {
      {"id_cards", id_card},
      {"licences", licence},
      {"id_backs", id_back},
      {"varied_cards", varied_card},
      {"varied_licences", varied_licence},
      {"papers", paper_with([](Wear&, Dice&) {})},
      {"photos", person_with([](Scene&, Wear&, Dice&) {})},
      {"photo_blurred", any_with([](Wear& how, Dice& dice) { how.blur = dice.between(3.2, 6); })},
      {"photo_dark", any_with([](Wear& how, Dice& dice) { how.light = dice.between(0.12, 0.3); })},
      {"photo_bright", any_with([](Wear& how, Dice& dice) { how.light = dice.between(2.6, 4); })},
      {"photo_glare", any_with([](Wear& how, Dice& dice) {
         how.light = dice.between(0.75, 0.9);
         how.glare = 1 + dice.below(2);
       })},
      {"photo_of_screen", any_with([](Wear& how, Dice&) { how.screen = true; })},
      {"photo_corner_cut", paper_with([](Wear& how, Dice& dice) {
         how.on_ground = dice.between(0.7, 0.85);
         how.shift_x = (dice.chance(0.5) ? 1 : -1) * dice.between(0.22, 0.32);
       })},
      {"photo_paper_small",
       paper_with([](Wear& how, Dice& dice) { how.on_ground = dice.between(0.38, 0.44); })},
      {"photo_other_paper", other_paper},
      {"photo_no_face", person_with([](Scene& scene, Wear&, Dice&) { scene.people = 0; })},
      {"photo_many_faces",
       person_with([](Scene& scene, Wear&, Dice& dice) { scene.people = 2 + dice.below(2); })},
      {"photo_face_small", person_with([](Scene& scene, Wear&, Dice& dice) {
         scene.head = dice.between(0.034, 0.042);
       })},
      {"photo_face_large",
       person_with([](Scene& scene, Wear&, Dice& dice) { scene.head = dice.between(0.27, 0.31); })},
      {"photo_off_centre", person_with([](Scene& scene, Wear&, Dice& dice) {
         scene.off_centre = (dice.chance(0.5) ? 1 : -1) * dice.between(0.22, 0.34);
       })},
      {"photo_red_top", person_with([](Scene& scene, Wear&, Dice& dice) {
         scene.top = {dice.between(0.55, 0.9), dice.between(0.05, 0.2), dice.between(0.05, 0.2)};
       })},
      {"photo_blue_top", person_with([](Scene& scene, Wear&, Dice& dice) {
         scene.top = {dice.between(0.05, 0.25), dice.between(0.2, 0.4), dice.between(0.55, 0.9)};
       })},
      {"photo_no_backdrop",
       person_with([](Scene& scene, Wear&, Dice&) { scene.plain_wall = true; })},
      {"photo_mirrored", person_with([](Scene& scene, Wear&, Dice&) { scene.mirrored = true; })},
      {"photo_no_lettering",
       person_with([](Scene& scene, Wear&, Dice&) { scene.lettering = false; })},
  };
  return all;
}

// Findings that another defect brings along by its nature: a picture made too bright has glare too.
// They count neither as found nor as false alarms.
bool has(const Inspection& seen, std::string_view code) {
  for (const Problem& problem : seen.findings)
    if (problem.code == code) return true;
  return false;
}

// Each copy beside the photograph it was made of, and beside the next person's.
void count_copies(Score& out, const ScoreOptions& options, const Thresholds& limits) {
  for (int i = options.from; i < options.from + options.count; ++i) {
    const std::string print = print_in(draw_case(k_copies, i).jpeg);
    const std::vector<Bands> wanted = bands_to_look_for(print);
    for (bool own : {true, false}) {
      const std::string kept = print_in(draw_case("photos", own ? i : i + 1).jpeg);
      const bool taken =
          most_in_common(kept, wanted) > 0 && is_copy(agreement(print, kept), limits);
      auto& [counted, all] = own ? out.found[std::string(k_copies)]
                                 : out.false_alarms[std::string(k_copies) + ".of_another_person"];
      ++all;
      counted += taken;
      if (taken != own && options.miss) options.miss(k_copies, i, own ? "not found" : "false");
    }
  }
}

double processor_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

void count_fields(Score& out, const std::string& set, const SampleCase& sample,
                  const Inspection& seen, double doubtful_below,
                  const std::function<void(std::string_view)>& miss) {
  auto& [alarms, papers] = out.false_alarms[set + ".photo_other_paper"];
  ++papers;
  if (has(seen, "photo_other_paper")) {
    ++alarms;
    miss("false photo_other_paper");
  }
  for (const auto& [field, value] : sample.truth) {
    auto& [right, all] = out.fields[set + "." + field];
    ++all;
    const auto read = seen.fields.find(field);
    const std::string was = read == seen.fields.end() ? "" : read->second;
    if (was == value) ++right;
    if (read == seen.fields.end()) {
      miss(field + ": " + value + " was not read");
      continue;
    }
    const int sure = seen.confidence.at(field);
    auto& [doubted, readings] =
        out.doubted[set + "." + field + (was == value ? ", right" : ", wrong")];
    ++readings;
    doubted += sure < doubtful_below;
    if (was != value)
      miss(field + ": " + value + " was read as " + was + ", sure " + std::to_string(sure));
  }
}

void count_findings(Score& out, const std::string& set, const Inspection& seen,
                    const std::function<void(std::string_view)>& miss) {
  if (set == "photos" || set == "papers") {
    for (const std::string& code : sample_set_names()) {
      if (!code.starts_with("photo_")) continue;
      auto& [alarms, all] = out.false_alarms[set + "." + code];
      ++all;
      if (!has(seen, code)) continue;
      ++alarms;
      miss("false " + code);
    }
    return;
  }
  auto& [found, all] = out.found[set];
  ++all;
  if (has(seen, set)) {
    ++found;
    return;
  }
  std::string others;
  for (const Problem& problem : seen.findings) others += " " + problem.code;
  miss("not found, but:" + others);
}

}  // namespace

std::vector<std::string> sample_set_names() {
  std::vector<std::string> names;
  for (const auto& [name, draw] : sets()) names.push_back(name);
  names.emplace_back(k_copies);
  return names;
}

SampleCase draw_case(std::string_view set, int number) {
  const auto found = sets().find(set);
  if (found == sets().end() && set != k_copies)
    throw std::runtime_error("no such sample set: " + std::string(set));
  std::uint64_t seed = 1469598103934665603u + static_cast<std::uint64_t>(number);
  for (char c : set) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211u;
  Dice dice(seed);
  if (set == k_copies)
    return picture(Paper::photo, copy_of(draw_case("photos", number).jpeg, dice));
  return found->second(dice);
}

Score score(const ScoreOptions& options, const Thresholds& thresholds, const Tools& tools) {
  Score out;
  const std::vector<std::string> wanted = options.sets.empty() ? sample_set_names() : options.sets;
  for (const std::string& set : wanted) {
    if (set == k_copies) {
      count_copies(out, options, thresholds);
      continue;
    }
    for (int i = options.from; i < options.from + options.count; ++i) {
      const SampleCase sample = draw_case(set, i);
      const double before = processor_ms();
      const Inspection seen =
          inspect({sample.jpeg, sample.paper, options.use_code}, thresholds, tools);
      const double took = processor_ms() - before;
      Score::Time& time = out.times[set];
      time.mean_ms += took / options.count;
      time.worst_ms = std::max(time.worst_ms, took);
      const auto miss = [&](std::string_view what) {
        if (options.miss) options.miss(set, i, what);
      };
      if (sample.truth.empty())
        count_findings(out, set, seen, miss);
      else
        count_fields(out, set, sample, seen, thresholds.at("reading_doubtful_below"), miss);
    }
  }
  return out;
}

}  // namespace beian::documents
