#include "service/clients.h"

#include <algorithm>
#include <charconv>

#include "base/narrow.h"
#include "base/text.h"
#include "service/agencies.h"
#include "service/draft.h"
#include "service/views.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_name = 80;

json::object shown(const store::Client& client, const store::ClientCount& count) {
  return {{"id", id_to_string(client.id)},   {"name", client.name},
          {"created_at", client.created_at}, {"filings", count.all},
          {"drafts", count.drafts},          {"ours", count.ours},
          {"approved", count.approved}};
}

}  // namespace

std::string checked_client_name(const std::string& typed) {
  std::string name = clean_line(typed);
  if (name.empty() || count_characters(name) > k_most_name)
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"name", "client_name", {{"max", std::to_string(k_most_name)}}, "", "", true}});
  return name;
}

json::object show_clients(Service& s, Id agency, const std::string& typed) {
  const std::string word = to_lower_ascii(narrow_line(typed));
  return s.db.read([&](Reader& reader) {
    require_agency(s, reader, agency);
    auto clients = store::list_clients(reader, s.keys, agency);
    std::ranges::sort(clients, {}, &store::Client::name);
    const auto counts = store::count_by_client(reader, agency);
    const auto count_of = [&](Id id) {
      const auto found = counts.find(id);
      return found == counts.end() ? store::ClientCount{} : found->second;
    };
    json::array out;
    for (const store::Client& client : clients)
      if (to_lower_ascii(narrow_line(client.name)).find(word) != std::string::npos)
        out.push_back(shown(client, count_of(client.id)));
    return json::object{{"clients", std::move(out)}, {"unsorted", count_of(0).all}};
  });
}

json::object show_client(Service& s, Id agency, Id id) {
  return s.db.read([&](Reader& reader) {
    require_agency(s, reader, agency);
    const auto client = store::find_client(reader, s.keys, agency, id);
    if (!client) throw Refusal(RefusalCode::not_found, "not_found");
    const auto counts = store::count_by_client(reader, agency);
    const auto found = counts.find(id);
    return shown(*client, found == counts.end() ? store::ClientCount{} : found->second);
  });
}

json::object add_client(Service& s, Id agency, const std::string& typed) {
  const std::string name = checked_client_name(typed);
  return s.db.write([&](Tx& tx) {
    require_agency(s, tx, agency);
    if (store::list_clients(tx, s.keys, agency).size() >= k_most_clients)
      throw Refusal(RefusalCode::conflict, "clients_full");
    const store::Client client{new_id(), agency, name, s.now()};
    if (!store::insert_client(tx, s.keys, client))
      throw Refusal(RefusalCode::conflict, "client_known");
    return shown(client, {});
  });
}

json::object rename_client(Service& s, Id agency, Id id, const std::string& typed) {
  const std::string name = checked_client_name(typed);
  s.db.write([&](Tx& tx) {
    require_agency(s, tx, agency);
    const auto other = store::find_client_by_name(tx, s.keys, agency, name);
    if (other && *other != id) throw Refusal(RefusalCode::conflict, "client_known");
    if (!store::rename_client(tx, s.keys, {id, agency, name, 0}))
      throw Refusal(RefusalCode::not_found, "not_found");
  });
  return show_client(s, agency, id);
}

void remove_client(Service& s, Id agency, Id id) {
  s.db.write([&](Tx& tx) {
    require_agency(s, tx, agency);
    if (!store::find_client(tx, s.keys, agency, id))
      throw Refusal(RefusalCode::not_found, "not_found");
    if (!store::remove_client(tx, agency, id))
      throw Refusal(RefusalCode::conflict, "client_in_use");
  });
}

void move_filing_to_client(Service& s, Id agency, Id filing, Id client) {
  s.db.write([&](Tx& tx) {
    require_agency(s, tx, agency);
    if (!store::move_to_client(tx, agency, filing, client))
      throw Refusal(RefusalCode::not_found, "not_found");
  });
}

json::object show_agency_filings(Service& s, Id agency, const store::FilingPage& page,
                                 std::string_view locale) {
  return s.db.read([&](Reader& reader) {
    require_agency(s, reader, agency);
    if (page.client && *page.client != 0 &&
        !store::find_client(reader, s.keys, agency, *page.client))
      throw Refusal(RefusalCode::not_found, "not_found");
    const auto filings = store::page_of_filings(reader, s.keys, agency, page);
    json::array out;
    for (const store::Filing& filing : filings) {
      json::object row = show_summary(s, reader, filing, locale);
      row["client_id"] = nullptr;
      if (filing.client_id) row["client_id"] = id_to_string(*filing.client_id);
      out.push_back(std::move(row));
    }
    json::object answer{{"filings", std::move(out)}, {"next", nullptr}};
    if (filings.size() == static_cast<std::size_t>(page.limit))
      answer["next"] =
          std::to_string(filings.back().updated_at) + "-" + id_to_string(filings.back().id);
    return answer;
  });
}

void read_position(const std::string& position, store::FilingPage& page) {
  if (position.empty()) return;
  const auto parts = split(position, '-');
  Millis at = 0;
  const auto id = parts.size() == 2 ? id_from_string(parts[1]) : std::nullopt;
  const auto [end, error] = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), at);
  if (!id || error != std::errc() || end != parts[0].data() + parts[0].size())
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"after", "member_type", {}, "", "", true}});
  page.before_at = at;
  page.before_id = *id;
}

std::optional<Id> client_for_draft(Service& s, Reader& reader, const store::Filing& draft) {
  if (!store::is_agency(reader, draft.account_id)) return std::nullopt;
  const auto asked = draft.client_id;
  if (asked && store::find_client(reader, s.keys, draft.account_id, *asked)) return asked;
  if (!asked && draft.organiser_id)
    if (const auto known =
            store::client_of_organiser(reader, draft.account_id, *draft.organiser_id))
      return known;
  throw Refusal(RefusalCode::invalid, "client_needed",
                {{"client_id", "client_needed", {}, "", "", true}});
}

Id client_named(Service& s, Tx& tx, Id agency, const std::string& name) {
  if (const auto known = store::find_client_by_name(tx, s.keys, agency, name)) return *known;
  const store::Client client{new_id(), agency, name, s.now()};
  store::insert_client(tx, s.keys, client);
  return client.id;
}

}  // namespace beian::service
