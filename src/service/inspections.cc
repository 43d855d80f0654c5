#include "service/inspections.h"

#include <algorithm>

#include "base/shown_problem.h"
#include "base/text.h"
#include "documents/inspector.h"
#include "documents/picture_print.h"
#include "filing/condition.h"
#include "filing/content.h"
#include "filing/date.h"
#include "filing/derived.h"
#include "filing/identity.h"
#include "service/content_access.h"
#include "service/sheets.h"
#include "store/jobs.h"
#include "store/picture_prints.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)

std::string full_path(const std::string& path, const std::string& site) {
  return path.starts_with('.') ? "sites." + site + path : path;
}

documents::Paper paper_of(const Papers& papers, const store::Material& m,
                          const json::object& complete) {
  const auto found = papers.rules.find(m.purpose);
  if (found == papers.rules.end()) return documents::Paper::other;
  const PaperRule& rule = found->second;
  if (rule.type_path.empty()) return rule.otherwise;
  const auto kind = rule.kinds.find(number_at(complete, full_path(rule.type_path, m.site_key)));
  return kind == rule.kinds.end() ? rule.otherwise : kind->second;
}

json::object complete(Service& s, Kind kind, const json::object& content) {
  return completed_content(s.reference.form_of(kind), content,
                           day_to_string(shanghai_day(s.now())));
}

json::object to_json(const documents::Inspection& seen) {
  json::array findings, codes;
  for (const Problem& finding : seen.findings) {
    json::object params;
    for (const auto& [name, value] : finding.params) params[name] = value;
    findings.push_back(json::object{{"code", finding.code}, {"params", std::move(params)}});
  }
  json::object fields;
  for (const auto& [name, value] : seen.fields) fields[name] = value;
  json::object confidence;
  for (const auto& [name, value] : seen.confidence) confidence[name] = value;
  for (const std::string& code : seen.codes) codes.push_back(json::value(code));
  return {{"could_read", seen.could_read},
          {"findings", std::move(findings)},
          {"fields", std::move(fields)},
          {"confidence", std::move(confidence)},
          {"codes", std::move(codes)}};
}

constexpr std::string_view k_given_twice = "picture_given_twice";

// The same picture elsewhere. A certificate may serve an account many times; a photograph of a
// person before the backdrop is taken for one filing. Says nothing of whose the other one is.
// Within the filing only what stands there now counts: a picture that was put under the wrong
// heading and then under the right one was given once.
std::optional<Problem> used_elsewhere(const std::vector<store::Twin>& twins,
                                      const store::Material& m, documents::Paper paper) {
  Problem finding;
  finding.hard = false;
  for (const store::Twin& twin : twins) {
    if (twin.filing_id == m.filing_id) {
      if (twin.purpose != m.purpose && !twin.removed) finding.code = k_given_twice;
    } else if (!twin.same_account || paper == documents::Paper::photo) {
      finding.code = "picture_used_elsewhere";
      return finding;
    }
  }
  return finding.code.empty() ? std::nullopt : std::optional(finding);
}

constexpr int k_most_like = 200;             // prints that are opened
constexpr std::size_t k_most_compared = 12;  // and of them, the likeliest that are laid upon ours

// Re-encoded, resized or trimmed copies of a photograph among those of other filings.
std::vector<store::LikePrint> find_copies(Service& s, const store::Material& m,
                                          const std::string& print) {
  const std::vector<documents::Bands> wanted = documents::bands_to_look_for(print);
  std::vector<store::LikePrint> like = s.db.read([&](Reader& reader) {
    return store::find_like_prints(reader, s.keys, m, wanted, k_most_like);
  });
  std::vector<std::pair<int, std::size_t>> likeliest;
  for (std::size_t i = 0; i < like.size(); ++i)
    likeliest.emplace_back(documents::most_in_common(like[i].print, wanted), i);
  std::sort(likeliest.rbegin(), likeliest.rend());
  if (likeliest.size() > k_most_compared) likeliest.resize(k_most_compared);
  std::vector<store::LikePrint> out;
  for (const auto& [common, i] : likeliest)
    if (documents::is_copy(documents::agreement(print, like[i].print), s.inspector.thresholds()))
      out.push_back(std::move(like[i]));
  return out;
}

// An address is typed with or without its province in front, so one may end with the other.
bool agree(const std::string& field, const std::string& read, const std::string& typed) {
  const std::string a = bare_name(read), b = bare_name(typed);
  if (field != "address") return a == b;
  return a.ends_with(b) || b.ends_with(a);
}

json::value show_reading(const Papers& papers, const json::object& content, const json::object& all,
                         const store::Material& m, const PaperRule& rule, const std::string& field,
                         const std::string& read, bool masked) {
  const auto fill = rule.fills.find(field);
  json::object out{{"field", field},   {"read", read},           {"path", nullptr},
                   {"typed", nullptr}, {"verdict", "only_read"}, {"fills", false}};
  if (fill != rule.fills.end()) {
    std::string path = full_path(fill->second, m.site_key);
    const std::string typed = text_at(all, path);
    const auto own = papers.individual.find(path);
    if (number_at(content, "organiser.nature") == k_nature_individual &&
        own != papers.individual.end())
      path = own->second;
    const bool compared_only = std::find(rule.only_compared.begin(), rule.only_compared.end(),
                                         field) != rule.only_compared.end();
    out["path"] = path;
    out["typed"] = typed;
    out["verdict"] = typed.empty() ? "missing" : agree(field, read, typed) ? "same" : "differs";
    out["fills"] = typed.empty() && !compared_only;
  }
  if (masked) out["read"] = out["typed"] = nullptr;
  return out;
}

Problem read_finding(const json::object& in, const std::string& field) {
  Problem finding;
  finding.field = field;
  finding.hard = false;
  finding.code = get_string(in, "code", 60);
  for (const auto& [name, value] : as_object(in.at("params")))
    finding.params[name] = std::string(value.as_string());
  return finding;
}

}  // namespace

void ask_for_inspection(Service& s, Tx& tx, const store::Material& m) {
  store::await_inspection(tx, m.id);
  store::put_job(tx, {0, "inspect_material", "inspect/" + id_to_string(m.id), m.filing_id,
                      id_to_string(m.id), s.now(), 0, ""});
}

void rate_pictures(Service& s, Tx& tx, const store::Filing& filing) {
  if (filing.state == State::draft) return;  // rated when it is submitted
  const json::object content = parse_content(filing.content);
  const auto all = store::list_inspections(tx, s.keys, filing.id);
  for (const store::Material& m : store::list_materials(tx, filing.id)) {
    const auto one = all.find(m.id);
    if (one == all.end() || one->second.result.empty()) continue;
    const json::value shown =
        show_inspection(s, filing, content, m, one->second, k_locale_zh, false);
    const json::object& seen = as_object(shown);
    bool differs = !seen.at("findings").as_array().empty();
    for (const json::value& reading : seen.at("readings").as_array())
      differs = differs || as_object(reading).at("verdict") == "differs";
    if (differs) return store::raise_findings(tx, filing.id, 2);
  }
}

void forget_twins(Service& s, Tx& tx, Id filing) {
  auto all = store::list_inspections(tx, s.keys, filing);
  for (const store::Material& m : store::list_materials(tx, filing)) {
    store::Inspection& one = all[m.id];
    if (one.result.find(k_given_twice) == std::string::npos || store::has_twin_beside(tx, m))
      continue;
    json::value kept = parse_json(one.result);
    json::array others;
    for (const json::value& finding : kept.as_object().at("findings").as_array())
      if (get_string(as_object(finding), "code", 60) != k_given_twice) others.push_back(finding);
    kept.as_object()["findings"] = std::move(others);
    one.result = json::serialize(kept);
    store::finish_inspection(tx, s.keys, m.id, one, s.now());
  }
}

void inspect_material(Service& s, Id id) {
  store::Material m;
  documents::Paper paper = documents::Paper::other;
  const bool there = s.db.read([&](Reader& reader) {
    const auto found = store::find_any_material(reader, id);
    const auto filing = found ? store::find_filing(reader, s.keys, found->filing_id) : std::nullopt;
    if (!filing) return false;
    m = *found;
    paper = paper_of(s.papers, m, complete(s, filing->kind, parse_content(filing->content)));
    return true;
  });
  if (!there) return;
  const std::string picture = s.blobs.get(m.full_key);
  auto seen = s.inspector.inspect({picture, paper});
  std::vector<store::LikePrint> copies;
  if (seen && !seen->print.empty()) copies = find_copies(s, m, seen->print);
  s.db.write([&](Tx& tx) {
    store::put_mark(tx, s.keys, m.id, picture);
    store::Inspection done{seen ? "done" : "failed", ""};
    if (seen) {
      std::vector<store::Twin> twins = store::find_twins(tx, s.keys, m, picture);
      if (!seen->print.empty())
        store::put_print(tx, s.keys, m.id, seen->print, documents::bands_of(seen->print));
      for (const store::LikePrint& copy : copies) {
        store::put_copy(tx, m.id, copy.material_id);
        twins.push_back(copy.twin);
      }
      if (auto elsewhere = used_elsewhere(twins, m, paper)) seen->findings.push_back(*elsewhere);
      done.result = json::serialize(to_json(*seen));
    }
    if (!store::finish_inspection(tx, s.keys, m.id, done, s.now())) return;
    store::bump_revision(tx, m.filing_id, s.now());
    if (const auto filing = store::find_filing(tx, s.keys, m.filing_id))
      rate_pictures(s, tx, *filing);
  });
}

json::value show_inspection(Service& s, const store::Filing& filing, const json::object& content,
                            const store::Material& m, const store::Inspection& inspection,
                            std::string_view locale, bool masked) {
  json::object out{{"state", inspection.state},
                   {"could_read", true},
                   {"findings", json::array()},
                   {"readings", json::array()},
                   {"sheet", nullptr}};
  if (inspection.result.empty()) return out;
  const json::value kept = parse_json(inspection.result);
  const json::object& seen = as_object(kept);
  out["could_read"] = get_bool(seen, "could_read");
  const std::string path = material_path({m.purpose, m.site_key});
  std::vector<Problem> findings;
  for (const json::value& finding : seen.at("findings").as_array())
    findings.push_back(read_finding(as_object(finding), path));
  const json::object all = complete(s, filing.kind, content);
  const auto found = s.papers.rules.find(m.purpose);
  if (found != s.papers.rules.end()) {
    json::array readings;
    // Pictures read before there was one have no confidence.
    const json::value* sure = seen.if_contains("confidence");
    for (const auto& [field, read] : seen.at("fields").as_object()) {
      json::value shown = show_reading(s.papers, content, all, m, found->second, field,
                                       std::string(read.as_string()), masked);
      const json::value* one = sure ? sure->as_object().if_contains(field) : nullptr;
      shown.as_object()["confidence"] = one ? *one : json::value(nullptr);
      shown.as_object()["doubtful"] =
          one && one->to_number<double>() < s.inspector.thresholds().at("reading_doubtful_below");
      readings.push_back(std::move(shown));
    }
    out["readings"] = std::move(readings);
  }
  if (paper_of(s.papers, m, all) == documents::Paper::sheet) {
    std::vector<std::string> codes;
    for (const json::value& code : seen.at("codes").as_array())
      codes.emplace_back(code.as_string());
    const SheetMatch match = match_sheet(s, filing, content, m, codes);
    out["sheet"] = to_string(match);
    if (match != SheetMatch::current) {
      Problem finding;
      finding.field = path;
      finding.code = "sheet_" + std::string(to_string(match));
      finding.hard = false;
      findings.push_back(finding);
    }
  }
  out["findings"] = shown_problems(findings, s.texts, locale);
  return out;
}

}  // namespace beian::service
