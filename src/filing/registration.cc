#include "filing/registration.h"

#include <algorithm>

#include "base/refusal.h"
#include "base/text.h"
#include "filing/data.h"
#include "filing/date.h"

namespace beian {
namespace {

constexpr std::size_t k_most_bytes = 256u << 10, k_most_text = 255, k_most_list = 20;
constexpr int k_most_depth = 2;  // entities within entities

std::string top_level(std::string_view domain) {
  return std::string(domain.substr(domain.rfind('.') + 1));
}

// One line of a stranger's text: clean, valid, bounded.
std::string bounded(std::string_view text) {
  if (!is_utf8(text)) return {};
  std::string line = clean_line(text);
  if (line.size() <= k_most_text) return line;
  std::size_t end = k_most_text;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  line.resize(end);
  return line;
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? bounded(value->get_string()) : "";
}

std::string day_in(std::string_view text) {
  const std::string day(text.substr(0, 10));
  return parse_day(day) ? day : "";
}

void add(std::vector<std::string>& list, std::string entry) {
  if (!entry.empty() && list.size() < k_most_list && std::ranges::find(list, entry) == list.end())
    list.push_back(std::move(entry));
}

bool contains_any(const std::string& text, const std::vector<std::string>& words) {
  const std::string lower = to_lower_ascii(text);
  return std::ranges::any_of(
      words, [&](const std::string& word) { return lower.find(word) != std::string::npos; });
}

bool has(const json::object& entity, std::string_view list, std::string_view word) {
  const json::value* roles = entity.if_contains(list);
  if (!roles || !roles->is_array()) return false;
  return std::ranges::any_of(roles->get_array(), [&](const json::value& role) {
    return role.is_string() && std::string_view(role.get_string()) == word;
  });
}

// The value of a property of a jCard (RFC 7095): ["vcard", [["fn", {}, "text", "…"], …]].
std::string card_text(const json::object& entity, std::string_view property) {
  const json::value* card = entity.if_contains("vcardArray");
  if (!card || !card->is_array() || card->get_array().size() < 2) return {};
  const json::value& list = card->get_array()[1];
  if (!list.is_array()) return {};
  for (const json::value& one : list.get_array()) {
    if (!one.is_array() || one.get_array().size() < 4) continue;
    const json::array& parts = one.get_array();
    if (!parts[0].is_string() || std::string_view(parts[0].get_string()) != property) continue;
    if (parts[3].is_string()) return bounded(parts[3].get_string());
  }
  return {};
}

struct Parties {
  std::string holder, registrar, registrar_id;
};

void find_parties(const json::object& of, Parties& found, int depth) {
  const json::value* entities = of.if_contains("entities");
  if (!entities || !entities->is_array() || depth > k_most_depth) return;
  for (const json::value& one : entities->get_array()) {
    const json::object* entity = one.if_object();
    if (!entity) continue;
    if (has(*entity, "roles", "registrant") && found.holder.empty()) {
      found.holder = card_text(*entity, "org");
      if (found.holder.empty()) found.holder = card_text(*entity, "fn");
    }
    if (has(*entity, "roles", "registrar") && found.registrar.empty()) {
      found.registrar = card_text(*entity, "fn");
      if (const json::value* ids = entity->if_contains("publicIds"); ids && ids->is_array())
        for (const json::value& id : ids->get_array())
          if (id.is_object() && text_in(id.get_object(), "type").find("IANA") != std::string::npos)
            found.registrar_id = text_in(id.get_object(), "identifier");
    }
    find_parties(*entity, found, depth + 1);
  }
}

std::string related_rdap(const json::object& answer) {
  const json::value* links = answer.if_contains("links");
  if (!links || !links->is_array()) return {};
  for (const json::value& one : links->get_array())
    if (const json::object* link = one.if_object())
      if (text_in(*link, "rel") == "related" && text_in(*link, "type") == "application/rdap+json")
        return text_in(*link, "href");
  return {};
}

// The value of the first line that begins with one of these keys, in the order of the keys.
std::string line_of(const std::vector<std::pair<std::string, std::string>>& lines,
                    std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys)
    for (const auto& [name, value] : lines)
      if (name == key && !value.empty()) return value;
  return {};
}

std::vector<std::pair<std::string, std::string>> whois_lines(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const std::string& line : split(text, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || lines.size() >= 400) continue;
    std::string key = to_lower_ascii(bounded(std::string_view(line).substr(0, colon)));
    if (key.empty() || key.starts_with('%') || key.starts_with('#')) continue;
    lines.emplace_back(std::move(key), bounded(std::string_view(line).substr(colon + 1)));
  }
  return lines;
}

std::vector<std::string> lower(std::vector<std::string> words) {
  for (std::string& word : words) word = to_lower_ascii(word);
  return words;
}

}  // namespace

json::object Registration::to_json() const {
  json::object out{{"holder", holder},
                   {"privacy", nullptr},
                   {"registrar", registrar},
                   {"registrar_id", registrar_id},
                   {"domestic", nullptr},
                   {"registered_on", registered_on},
                   {"until", until},
                   {"statuses", json::array(statuses.begin(), statuses.end())},
                   {"servers", json::array(servers.begin(), servers.end())}};
  if (privacy) out["privacy"] = *privacy;
  if (domestic) out["domestic"] = *domestic;
  return out;
}

Registries Registries::from_json(const json::value& value, const json::value* bootstrap) {
  constexpr std::string_view where = "domains";
  const json::object& object = data::object(value, where);
  Registries out;
  const json::value& rdap = bootstrap ? *bootstrap : data::member(object, "rdap", where);
  for (const json::value& service :
       data::array(data::member(data::object(rdap, where), "services", where), where)) {
    const json::array& pair = data::array(service, where);
    if (pair.size() < 2) data::fault(where, "a service needs names and addresses");
    std::string url;
    for (const json::value& one : data::array(pair[1], where))
      if (std::string text = data::text(one, where); url.empty() || text.starts_with("https"))
        url = std::move(text);
    if (!url.ends_with('/')) url += '/';
    for (const json::value& one : data::array(pair[0], where)) {
      const std::string tld = to_lower_ascii(data::text(one, where));
      std::string its = url;
      if (const auto at = its.find("{tld}"); at != std::string::npos) its.replace(at, 5, tld);
      out.rdap_[tld] = std::move(its);
    }
  }
  for (const auto& [tld, host] : data::object(data::member(object, "whois", where), where))
    out.whois_[std::string(tld)] = data::text(host, where);
  out.privacy_ = lower(data::texts_or_none(object, "privacy_words", where));
  out.redacted_ = lower(data::texts_or_none(object, "redacted_words", where));
  const json::object& registrars = data::object(data::member(object, "registrars", where), where);
  out.domestic_ids_ = data::texts_or_none(registrars, "domestic_ids", where);
  out.foreign_ids_ = data::texts_or_none(registrars, "foreign_ids", where);
  out.domestic_names_ = data::texts_or_none(registrars, "domestic_names", where);
  return out;
}

std::string Registries::rdap_url(std::string_view domain) const {
  const auto found = rdap_.find(top_level(domain));
  return found == rdap_.end() ? "" : found->second + "domain/" + std::string(domain);
}

std::string Registries::whois_host(std::string_view domain) const {
  const auto found = whois_.find(top_level(domain));
  return found == whois_.end() ? "" : found->second;
}

void Registries::set_holder(Registration& found, std::string name) const {
  if (name.empty() || contains_any(name, redacted_)) return;
  found.privacy = contains_any(name, privacy_);
  if (!*found.privacy) found.holder = std::move(name);
}

void Registries::set_registrar(Registration& found) const {
  const auto is_in = [&](const std::vector<std::string>& ids) {
    return std::ranges::find(ids, found.registrar_id) != ids.end();
  };
  if (!found.registrar_id.empty() && is_in(domestic_ids_))
    found.domestic = true;
  else if (!found.registrar_id.empty() && is_in(foreign_ids_))
    found.domestic = false;
  else if (contains_any(found.registrar, domestic_names_))
    found.domestic = true;
}

std::optional<Registration> Registries::read_rdap(std::string_view text,
                                                  std::string_view domain) const try {
  const json::value answer = parse_json(text, k_most_bytes);
  const json::object& object = as_object(answer);
  if (text_in(object, "objectClassName") != "domain") return std::nullopt;
  std::string name = to_lower_ascii(text_in(object, "ldhName"));
  if (name.ends_with('.')) name.pop_back();
  if (name != domain) return std::nullopt;
  Registration out;
  Parties parties;
  find_parties(object, parties, 0);
  set_holder(out, parties.holder);
  out.registrar = parties.registrar;
  out.registrar_id = parties.registrar_id;
  set_registrar(out);
  if (const json::value* events = object.if_contains("events"); events && events->is_array())
    for (const json::value& one : events->get_array()) {
      const json::object* event = one.if_object();
      if (!event) continue;
      const std::string what = text_in(*event, "eventAction");
      if (what == "expiration") out.until = day_in(text_in(*event, "eventDate"));
      if (what == "registration") out.registered_on = day_in(text_in(*event, "eventDate"));
    }
  if (const json::value* list = object.if_contains("status"); list && list->is_array())
    for (const json::value& one : list->get_array())
      if (one.is_string()) add(out.statuses, bounded(one.get_string()));
  if (const json::value* list = object.if_contains("nameservers"); list && list->is_array())
    for (const json::value& one : list->get_array())
      if (one.is_object()) add(out.servers, to_lower_ascii(text_in(one.get_object(), "ldhName")));
  out.more = related_rdap(object);
  return out;
} catch (const Refusal&) {
  return std::nullopt;
}

std::optional<Registration> Registries::read_whois(std::string_view text,
                                                   std::string_view domain) const {
  const auto lines = whois_lines(text.substr(0, k_most_bytes));
  if (to_lower_ascii(line_of(lines, {"domain name", "domain"})) != domain) {
    // Of an international name the registry writes the characters, and the letters beside it.
    if (to_lower_ascii(line_of(lines, {"punycode", "domain name (ace)"})) != domain)
      return std::nullopt;
  }
  Registration out;
  set_holder(out, line_of(lines, {"registrant organization", "registrant", "registrant name"}));
  out.registrar = line_of(lines, {"sponsoring registrar", "registrar"});
  out.registrar_id = line_of(lines, {"registrar iana id", "sponsoring registrar iana id"});
  set_registrar(out);
  out.until = day_in(line_of(lines, {"expiration time", "registry expiry date",
                                     "registrar registration expiration date", "expiry date"}));
  out.registered_on = day_in(line_of(lines, {"registration time", "creation date"}));
  for (const auto& [key, value] : lines) {
    // "clientHold https://icann.org/epp#clientHold"
    if (key == "domain status" || key == "status")
      add(out.statuses, value.substr(0, value.find(' ')));
    if (key == "name server") add(out.servers, to_lower_ascii(value));
  }
  return out;
}

bool Registries::is_free(std::string_view whois) {
  const std::string lower = to_lower_ascii(whois.substr(0, 2000));
  for (std::string_view word : {"no matching record", "no match", "not found", "no data found",
                                "the queried object does not exist", "domain not registered"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace beian
