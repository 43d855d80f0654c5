#include "service/related.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "filing/content.h"
#include "filing/derived.h"
#include "service/content_access.h"
#include "service/views.h"
#include "store/registry.h"
#include "store/related.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)
constexpr std::size_t k_shortest_phone = 7, k_shortest_address = 4;

// A mark, and the field of this filing that it comes from.
struct MarkAt {
  store::Mark mark;
  std::string field;
};

// National numbers without what people put around them: +86, 0086, blanks, dashes.
std::string bare_phone(std::string_view typed) {
  std::string out;
  for (const char c : typed)
    if (c >= '0' && c <= '9') out += c;
  if (out.starts_with("0086")) out.erase(0, 4);
  if (out.size() > 11 && out.starts_with("86")) out.erase(0, 2);
  return out.size() < k_shortest_phone ? "" : out;
}

void add(std::vector<MarkAt>& out, std::string kind, std::string value, std::string field) {
  if (!value.empty()) out.push_back({{std::move(kind), std::move(value)}, std::move(field)});
}

void add_person(std::vector<MarkAt>& out, const json::object& all, const std::string& base) {
  const auto text = [&](const char* name) { return text_at(all, base + name); };
  add(out, "person", bare_name(text(".certificate_number")), base + ".certificate_number");
  for (const char* phone : {".mobile", ".emergency_phone", ".office_phone"})
    add(out, "phone", bare_phone(text(phone)), base + phone);
  add(out, "mail", to_lower_ascii(clean_line(text(".email"))), base + ".email");
}

std::vector<MarkAt> marks_of(Service& s, const store::Filing& f) {
  const json::object all = completed_content(s.reference.form_of(f.kind), parse_content(f.content),
                                             day_to_string(shanghai_day(s.now())));
  std::vector<MarkAt> out;
  const std::string certificate = bare_name(text_at(all, "organiser.certificate_number"));
  if (!certificate.empty())
    add(out, "organiser",
        std::to_string(number_at(all, "organiser.certificate_type")) + "/" + certificate,
        "organiser.certificate_number");
  add(out, "name", bare_name(text_at(all, "organiser.name")), "organiser.name");
  for (const char* field : {"organiser.address", "organiser.certificate_address"})
    if (const std::string address = bare_name(text_at(all, field));
        count_characters(address) >= k_shortest_address)
      add(out, "address", text_at(all, "organiser.county") + "/" + address, field);
  add_person(out, all, "principal");
  for (const std::string& key : site_keys(all)) add_person(out, all, "sites." + key + ".manager");
  // A manager who is the principal says the same things once more.
  std::vector<MarkAt> once;
  for (MarkAt& one : out)
    if (std::none_of(once.begin(), once.end(), [&](const MarkAt& other) {
          return other.mark.kind == one.mark.kind && other.mark.value == one.mark.value;
        }))
      once.push_back(std::move(one));
  return once;
}

// What a filing has in common with ours: (what, our field).
using Shared = std::map<Id, std::set<std::pair<std::string, std::string>>>;

Shared shared_of(Service& s, Reader& reader, const store::Filing& f, bool& more) {
  Shared out;
  const auto note = [&](const std::vector<Id>& ids, const std::string& what,
                        const std::string& field) {
    for (const Id id : ids) out[id].emplace(what, field);
    more |= ids.size() == static_cast<std::size_t>(k_most_of_a_mark);
  };
  for (const MarkAt& one : marks_of(s, f))
    note(store::filings_with(reader, s.keys, one.mark, f.id, k_most_of_a_mark), one.mark.kind,
         one.field);
  for (const store::FilingSite& site : store::list_sites(reader, f.id))
    if (!site.domain.empty())
      note(store::filings_with_domain(reader, site.domain, f.id, k_most_of_a_mark), "domain",
           "sites." + site.key + ".domain");
  for (const store::SharedPicture& one :
       store::filings_with_picture(reader, f.id, 4 * k_most_of_a_mark))
    out[one.filing_id].emplace("picture", id_to_string(one.material_id));
  return out;
}

json::array show_registered(Service& s, Reader& reader, const store::Filing& f) {
  const json::object content = parse_content(f.content);
  json::array out;
  const auto add = [&](std::string_view what, const std::string& field, const std::string& number,
                       std::string_view state, Millis since) {
    out.push_back(json::object{
        {"what", what}, {"field", field}, {"number", number}, {"state", state}, {"since", since}});
  };
  const std::string number = text_at(content, "organiser.certificate_number");
  if (!number.empty())
    if (const auto o = store::find_organiser(
            reader, s.keys,
            store::certificate_lookup(s.keys, number_at(content, "organiser.certificate_type"),
                                      number)))
      add("organiser", "organiser.certificate_number", o->number,
          o->cancelled ? "cancelled" : "filed", o->cancelled ? o->changed_at : o->approved_at);
  for (const store::FilingSite& site : store::list_sites(reader, f.id))
    if (!site.domain.empty())
      if (const auto r = store::find_registered_site(reader, s.keys, site.domain))
        add("domain", "sites." + site.key + ".domain", r->number, to_string(r->state),
            r->approved_at);
  return out;
}

json::object show_one(Service& s, const store::RelatedFiling& r, const store::Filing& f,
                      const Shared& shared, std::string_view locale) {
  json::array by, domains;
  for (const auto& [what, field] : shared.at(r.id))
    by.push_back(json::object{{"what", what}, {"field", field}});
  for (const std::string& domain : r.domains)
    domains.push_back(json::value(unicode_domain(domain)));
  return {{"id", id_to_string(r.id)},
          {"kind", to_string(r.kind)},
          {"state", to_string(r.state)},
          {"state_name", s.texts.render(locale, "states",
                                        "states." + std::string(to_string(r.state)) + ".staff")},
          {"turn", r.turn},
          {"title", r.nature == k_nature_individual ? mask_name(r.title) : r.title},
          {"province", r.province},
          {"domains", std::move(domains)},
          {"created_at", r.created_at},
          {"state_since", r.state_since},
          {"same_account", r.account_id == f.account_id},
          {"by", std::move(by)}};
}

}  // namespace

void mark_filing(Service& s, Tx& tx, const store::Filing& filing) {
  std::vector<store::Mark> marks;
  for (MarkAt& one : marks_of(s, filing)) marks.push_back(std::move(one.mark));
  store::put_marks(tx, s.keys, filing.id, marks);
  store::marked(tx, filing.id);
}

bool mark_old_filings(Service& s, int at_most) {
  const auto ids =
      s.db.read([&](Reader& reader) { return store::filings_to_mark(reader, at_most); });
  s.db.write([&](Tx& tx) {
    for (const Id id : ids) {
      const auto filing = store::find_filing(tx, s.keys, id);
      if (filing)
        mark_filing(s, tx, *filing);
      else
        store::marked(tx, id);
    }
  });
  return !ids.empty();
}

json::object show_related(Service& s, Reader& reader, const Staff& staff, const store::Filing& f,
                          std::string_view locale) {
  bool more = false;
  const Shared shared = shared_of(s, reader, f, more);
  // Ids grow with time, so the latest come first.
  std::vector<Id> ids;
  for (auto it = shared.rbegin(); it != shared.rend(); ++it) ids.push_back(it->first);
  if (ids.size() > k_most_related) {
    ids.resize(k_most_related);
    more = true;
  }
  json::array filings;
  const store::StaffScope scope = store::scope_of(reader, staff.id);
  for (const store::RelatedFiling& one : store::related_filings(reader, s.keys, ids))
    if (scope.covers(one.province, one.account_id))
      filings.push_back(show_one(s, one, f, shared, locale));
  return {{"filings", std::move(filings)},
          {"more", more},
          {"registered", show_registered(s, reader, f)}};
}

}  // namespace beian::service
