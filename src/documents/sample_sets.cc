#include "documents/sample_sets.h"

#include <ctime>
#include <functional>
#include <stdexcept>

#include "documents/sample_drawing.h"

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

const std::map<std::string, Draw, std::less<>>& sets() {
  static const std::map<std::string, Draw, std::less<>> all = {
      {"id_cards", id_card},
      {"licences", licence},
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

double processor_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

std::vector<std::string> sample_set_names() {
  std::vector<std::string> names;
  for (const auto& [name, draw] : sets()) names.push_back(name);
  return names;
}

SampleCase draw_case(std::string_view set, int number) {
  const auto found = sets().find(set);
  if (found == sets().end()) throw std::runtime_error("no such sample set: " + std::string(set));
  std::uint64_t seed = 1469598103934665603u + static_cast<std::uint64_t>(number);
  for (char c : set) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211u;
  Dice dice(seed);
  return found->second(dice);
}

Score score(const ScoreOptions& options, const Thresholds& thresholds, const Tools& tools) {
  Score out;
  int pages = 0, checked = 0;
  const std::vector<std::string> wanted = options.sets.empty() ? sample_set_names() : options.sets;
  const auto miss = [&](std::string_view set, int number, std::string_view what) {
    if (options.miss) options.miss(set, number, what);
  };
  for (const std::string& set : wanted)
    for (int i = 0; i < options.count; ++i) {
      const SampleCase sample = draw_case(set, i);
      const double before = processor_ms();
      const Inspection seen =
          inspect({sample.jpeg, sample.paper, options.use_code}, thresholds, tools);
      const double took = processor_ms() - before;
      if (!sample.truth.empty()) {
        out.mean_ms += took;
        out.worst_ms = std::max(out.worst_ms, took);
        ++pages;
        for (const auto& [field, value] : sample.truth) {
          auto& [right, all] = out.fields[set + "." + field];
          ++all;
          const auto read = seen.fields.find(field);
          const std::string was = read == seen.fields.end() ? "" : read->second;
          if (was == value)
            ++right;
          else
            miss(set, i, field + ": " + value + " was read as " + was);
        }
        continue;
      }
      out.check_mean_ms += took;
      out.check_worst_ms = std::max(out.check_worst_ms, took);
      ++checked;
      if (set == "photos" || set == "papers") {
        for (const std::string& code : sample_set_names()) {
          if (!code.starts_with("photo_")) continue;
          auto& [alarms, all] = out.false_alarms[set + "." + code];
          ++all;
          if (!has(seen, code)) continue;
          ++alarms;
          miss(set, i, "false " + code);
        }
      } else {
        auto& [found, all] = out.found[set];
        ++all;
        if (has(seen, set)) {
          ++found;
        } else {
          std::string others;
          for (const Problem& problem : seen.findings) others += " " + problem.code;
          miss(set, i, "not found, but:" + others);
        }
      }
    }
  if (pages > 0) out.mean_ms /= pages;
  if (checked > 0) out.check_mean_ms /= checked;
  return out;
}

}  // namespace beian::documents
