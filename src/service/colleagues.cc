#include "service/colleagues.h"

#include <algorithm>

#include "base/text.h"
#include "service/act.h"
#include "service/bulk.h"
#include "service/letters.h"
#include "service/second.h"
#include "store/accounts.h"
#include "store/counters.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)
constexpr int k_mentions_a_page = 30, k_most_appointments = 50;

std::string checked(const std::string& typed, bool may_be_empty) {
  if (!is_utf8(typed)) throw Refusal(RefusalCode::bad_request, "request_invalid");
  std::string text = clean_words(typed);
  const std::size_t length = count_characters(text);
  if ((length == 0 && !may_be_empty) || length > k_most_note)
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"text",
                    length == 0 ? "note_empty" : "note_long",
                    {{"max", std::to_string(k_most_note)}},
                    "",
                    "",
                    true}});
  return text;
}

std::vector<Id> called_in(const std::vector<store::Account>& all, const std::string& text,
                          Id author) {
  std::vector<Id> out;
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
    const std::string_view rest = std::string_view(text).substr(at + 1);
    std::size_t longest = 0;
    for (const store::Account& one : all)
      if (!one.display_name.empty() && rest.starts_with(one.display_name))
        longest = std::max(longest, one.display_name.size());
    for (const store::Account& one : all)
      if (longest > 0 && one.id != author && one.display_name.size() == longest &&
          rest.starts_with(one.display_name) &&
          std::find(out.begin(), out.end(), one.id) == out.end())
        out.push_back(one.id);
  }
  return out;
}

// Whoever is called by name is told of the case, so only those in whose scope it lies.
std::vector<store::Account> who_see(Service& s, Reader& reader, const store::Filing& filing) {
  std::vector<store::Account> out = colleagues(s, reader);
  std::erase_if(out, [&](const store::Account& one) {
    return !store::scope_of(reader, one.id).covers(filing.province, filing.account_id);
  });
  return out;
}

template <typename List>
bool share_one(const List& one, const List& other) {
  return one.empty() || other.empty() || std::ranges::find_first_of(one, other) != one.end();
}
// Whether there may be filings that lie in both.
bool meet(const store::StaffScope& one, const store::StaffScope& other) {
  return share_one(one.provinces, other.provinces) && share_one(one.customers, other.customers);
}

std::string shown_title(const std::string& title, std::int64_t nature) {
  return nature == k_nature_individual ? mask_name(title) : title;
}

}  // namespace

std::vector<store::Account> colleagues(Service& s, Reader& reader) {
  std::vector<store::Account> out;
  for (store::Account& one : store::list_staff(reader, s.keys))
    if (one.state == "active" && one.role != Role::security_administrator &&
        one.role != Role::audit_administrator && one.role != Role::rules_editor)
      out.push_back(std::move(one));
  return out;
}

json::object show_colleagues(Service& s, const Staff& staff, const std::vector<Id>& filings) {
  if (filings.size() > k_bulk_at_most)
    throw Refusal(RefusalCode::invalid, "bulk_invalid", {},
                  {{"max", std::to_string(k_bulk_at_most)}});
  json::array out;
  s.db.read([&](Reader& reader) {
    std::vector<store::Filing> cases;
    for (const Id id : filings) cases.push_back(case_of(s, reader, staff, id));
    const store::StaffScope mine = store::scope_of(reader, staff.id);
    for (const store::Account& one : colleagues(s, reader)) {
      const store::StaffScope scope = store::scope_of(reader, one.id);
      if (one.id != staff.id && !meet(mine, scope)) continue;
      std::int64_t sees = 0, may_take = 0;
      for (const store::Filing& f : cases) {
        if (!scope.covers(f.province, f.account_id)) continue;
        ++sees;
        const auto first = store::find_second_opinion(reader, f.id, f.round, f.state);
        if (may_decide(one.role, f.state) && !(first && first->first_by == one.id)) ++may_take;
      }
      if (!cases.empty() && sees == 0) continue;
      out.push_back(
          json::object{{"id", id_to_string(one.id)},
                       {"name", one.display_name},
                       {"role", to_string(one.role)},
                       {"me", one.id == staff.id},
                       {"cases", store::count_list(reader, store::list_of_assignee(one.id))},
                       {"may_take", may_take}});
    }
  });
  return {{"colleagues", std::move(out)}};
}

std::vector<store::Note> notes_of(Service& s, const Staff& staff, Id filing) {
  return s.db.read([&](Reader& reader) {
    case_of(s, reader, staff, filing);
    return store::list_notes(reader, s.keys, filing);
  });
}

store::Note write_note(Service& s, const Staff& staff, Id filing, const std::string& typed) {
  return s.db.write([&](Tx& tx) {
    const store::Filing found = case_of(s, tx, staff, filing);
    store::Note note;
    note.id = new_id();
    note.filing_id = filing;
    note.author_id = staff.id;
    note.kind = "note";
    note.text = checked(typed, false);
    note.at = s.now();
    note.mentions = called_in(who_see(s, tx, found), note.text, staff.id);
    store::insert_note(tx, s.keys, note);
    note_event(s, tx, filing, Actor::staff, staff.id, "noted");
    if (const auto author = store::find_account(tx, s.keys, staff.id))
      note.author_name = author->display_name;
    return note;
  });
}

Id give_to(Service& s, Tx& tx, const Staff& staff, const store::Filing& filing, Id to,
           const std::string& kind, const std::string& typed) {
  const auto all = colleagues(s, tx);
  const auto who =
      std::find_if(all.begin(), all.end(), [&](const store::Account& one) { return one.id == to; });
  if (who == all.end() || to == staff.id || !may_decide(who->role, filing.state) ||
      !store::scope_of(tx, to).covers(filing.province, filing.account_id))
    throw Refusal(RefusalCode::invalid, "second_not_fit",
                  {{"to", "second_not_fit", {}, "", "", true}});
  require_other(tx, {to, who->role}, filing);
  store::Note note;
  note.id = new_id();
  note.filing_id = filing.id;
  note.author_id = staff.id;
  note.kind = kind;
  note.text = checked(typed, true);
  note.at = s.now();
  note.mentions = {to};
  store::insert_note(tx, s.keys, note);
  if (!store::assign_filing(tx, filing.id, staff.id, to, s.now()))
    throw Refusal(RefusalCode::stale, "changed_meanwhile");
  note_event(s, tx, filing.id, Actor::staff, staff.id, kind == "second" ? "second_asked" : "handed",
             json::serialize(json::object{{"to", who->display_name}}));
  return note.id;
}

void hand_over(Service& s, const Staff& staff, Id id, Id to, const std::string& note) {
  s.db.write(
      [&](Tx& tx) { give_to(s, tx, staff, held_case(s, tx, staff, id), to, "handed", note); });
}

json::object show_note(const store::Note& note, const Staff& staff) {
  return {{"id", id_to_string(note.id)},
          {"filing_id", id_to_string(note.filing_id)},
          {"kind", note.kind},
          {"by", note.author_name},
          {"mine", note.author_id == staff.id},
          {"to_me",
           std::find(note.mentions.begin(), note.mentions.end(), staff.id) != note.mentions.end()},
          {"text", note.text},
          {"at", note.at}};
}

json::object show_reminders(Service& s, const Staff& staff, Id before) {
  json::array mentions, appointments;
  std::int64_t unseen = 0;
  s.db.read([&](Reader& reader) {
    const store::StaffScope scope = store::scope_of(reader, staff.id);
    unseen = store::count_unseen_mentions(reader, staff.id, scope);
    for (const store::Mention& one :
         store::mentions_of(reader, s.keys, staff.id, scope, before, k_mentions_a_page)) {
      json::object shown = show_note(one.note, staff);
      shown["to_me"] = true;
      shown["title"] = shown_title(one.title, one.nature);
      shown["seen"] = one.seen_at.has_value();
      mentions.push_back(std::move(shown));
    }
    for (const store::MyAppointment& one : store::appointments_of(
             reader, s.keys, staff.id, scope, s.now() + k_appointments_ahead, k_most_appointments))
      appointments.push_back(json::object{{"filing_id", id_to_string(one.appointment.filing_id)},
                                          {"title", shown_title(one.title, one.nature)},
                                          {"at", one.appointment.at},
                                          {"by", one.appointment.by_name},
                                          {"person", one.appointment.person}});
  });
  json::object out{{"unseen", unseen}, {"next_before", nullptr}};
  if (mentions.size() == k_mentions_a_page)
    out["next_before"] = mentions.back().as_object().at("id");
  out["mentions"] = std::move(mentions);
  out["appointments"] = std::move(appointments);
  return out;
}

}  // namespace beian::service
