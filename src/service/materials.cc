#include "service/materials.h"

#include <algorithm>

#include "filing/content.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/inspections.h"
#include "store/filings.h"

namespace beian::service {
namespace {

constexpr Millis k_ticket_life = 15 * 60 * 1000;
constexpr std::int64_t k_max_uploads = 400;  // pictures ever uploaded to one filing

// What the filing's form says of this material. Refuses where it may not be put or taken away now.
const MaterialRule& open_rule(Service& s, Reader& reader, const store::Filing& filing,
                              const std::string& purpose, const std::string& site) {
  const std::string path = material_path({purpose, site});
  const MaterialRule* known = s.reference.form_of(filing.kind).material(purpose, !site.empty());
  if (!known)
    throw Refusal(RefusalCode::invalid, "material_unknown",
                  {{path, "material_unknown", {}, "", "", true}});
  const MaterialRule& rule = *known;
  const json::object content = parse_content(filing.content);
  const auto keys = site_keys(content);
  if (!site.empty() && std::find(keys.begin(), keys.end(), site) == keys.end())
    throw Refusal(RefusalCode::not_found, "not_found");
  if (rule.stage == Stage::verification && filing.state == State::verification) return rule;
  const Openness open = openness_of(s, reader, filing, content);
  // What belongs to the verification is not asked for before the first review has passed.
  if (open.all && rule.stage == Stage::submit) return rule;
  if (std::find(open.paths.begin(), open.paths.end(), path) != open.paths.end()) return rule;
  throw Refusal(RefusalCode::forbidden, "field_closed", {{path, "field_closed", {}, "", "", true}});
}

documents::Prepared prepare_file(Service& s, const Upload& upload) {
  documents::PrepareRequest request;
  request.file = upload.file;
  request.fit_bytes = s.limits.raw_bytes_for(upload.purpose);
  request.limits = s.limits.image;
  documents::PrepareOutcome outcome = s.images.prepare(request);
  if (!outcome.prepared) {
    for (Problem& p : outcome.problems) p.field = material_path({upload.purpose, upload.site});
    throw Refusal(RefusalCode::invalid, "material_invalid", outcome.problems);
  }
  return std::move(*outcome.prepared);
}

store::Material store_files(Service& s, Id filing, const Upload& upload,
                            const documents::Prepared& ready) {
  store::Material m;
  m.id = new_id();
  m.filing_id = filing;
  m.site_key = upload.site;
  m.purpose = upload.purpose;
  m.full_key = s.blobs.put(ready.full);
  m.fitted_key = s.blobs.put(ready.fitted.jpeg);
  m.thumbnail_key = s.blobs.put(ready.thumbnail);
  m.bytes = static_cast<std::int64_t>(ready.full.size());
  m.fitted_bytes = static_cast<std::int64_t>(ready.fitted.jpeg.size());
  m.width = ready.full_width;
  m.height = ready.full_height;
  m.by_phone = upload.by_phone;
  m.created_at = s.now();
  return m;
}

// Puts the row in; the files are on disk already, and those of a refused row are swept later.
void put_row(Service& s, Tx& tx, const store::Filing& filing, Id person, const MaterialRule& rule,
             const store::Material& m) {
  if (store::count_materials(tx, filing.id) >= k_max_uploads)
    throw Refusal(RefusalCode::too_many, "too_many_uploads");
  if (rule.max_count <= 1) {
    store::remove_materials(tx, filing.id, m.site_key, m.purpose, s.now());
    forget_twins(s, tx, filing.id);
  } else {
    const auto all = store::list_materials(tx, filing.id);
    const auto n = std::count_if(all.begin(), all.end(), [&](const auto& other) {
      return other.purpose == m.purpose && other.site_key == m.site_key;
    });
    if (static_cast<std::size_t>(n) >= rule.max_count)
      throw Refusal(RefusalCode::conflict, "material_full", {},
                    {{"max", std::to_string(rule.max_count)}});
  }
  store::insert_material(tx, m);
  ask_for_inspection(s, tx, m);
  note_event(s, tx, filing.id, Actor::applicant, person,
             m.by_phone ? "uploaded_by_phone" : "uploaded",
             json::serialize(json::object{{"purpose", m.purpose}, {"site", m.site_key}}));
}

std::string site_name_of(const json::object& content, const std::string& site) {
  if (site.empty()) return {};
  const std::string name = text_at(content, "sites." + site + ".name");
  return name.empty() ? text_at(content, "sites." + site + ".domain") : name;
}

store::Ticket ticket_or_refuse(Service& s, Reader& reader, const std::string& token) {
  const auto ticket = store::find_ticket(reader, token);
  if (!ticket) throw Refusal(RefusalCode::not_found, "ticket_unknown");
  (void)s;
  return *ticket;
}

}  // namespace

store::Material upload_material(Service& s, const By& by, Id id, const Upload& upload) {
  s.db.read([&](Reader& reader) {
    open_rule(s, reader, own_filing(s, reader, by.account, id), upload.purpose, upload.site);
  });
  return store_upload(s, by, id, upload, [](Tx&) {});
}

store::Material store_upload(Service& s, const By& by, Id id, const Upload& upload,
                             const std::function<void(Tx&)>& check) {
  const store::Material material = store_files(s, id, upload, prepare_file(s, upload));
  s.db.write([&](Tx& tx) {
    check(tx);
    const store::Filing filing = own_filing(s, tx, by.account, id);
    put_row(s, tx, filing, by.person, open_rule(s, tx, filing, upload.purpose, upload.site),
            material);
  });
  s.wake_workers();
  return material;
}

void remove_material(Service& s, const By& by, Id id, Id material) {
  s.db.write([&](Tx& tx) {
    const store::Filing filing = own_filing(s, tx, by.account, id);
    const auto found = store::find_material(tx, id, material);
    if (!found) throw Refusal(RefusalCode::not_found, "not_found");
    open_rule(s, tx, filing, found->purpose, found->site_key);
    store::remove_material(tx, id, material, s.now());
    forget_twins(s, tx, id);
    note_event(
        s, tx, id, Actor::applicant, by.person, "material_removed",
        json::serialize(json::object{{"purpose", found->purpose}, {"site", found->site_key}}));
  });
}

std::string read_blob_of(Service& s, const store::Material& m, Size size) {
  switch (size) {
    case Size::thumbnail:
      return s.blobs.get(m.thumbnail_key);
    case Size::fitted:
      return s.blobs.get(m.fitted_key);
    case Size::full:
      break;
  }
  return s.blobs.get(m.full_key);
}

std::string read_material(Service& s, Id account, Id id, Id material, Size size) {
  const auto found = s.db.read([&](Reader& reader) {
    const auto fresh = store::freshness(reader, id);
    if (!fresh || fresh->account_id != account) return std::optional<store::Material>();
    return store::find_material(reader, id, material);
  });
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  return read_blob_of(s, *found, size);
}

std::string read_material_as_staff(Service& s, const Staff& staff, Id id, Id material, Size size) {
  bool holds = false;
  const auto found = s.db.read([&](Reader& reader) {
    holds = case_of(s, reader, staff, id).assignee_id == staff.id;
    return store::find_material(reader, id, material);
  });
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  // Large print can be read on a thumbnail too; whoever has the case was written down opening it.
  if (size != Size::thumbnail)
    note_look(s, staff, id, "material " + found->purpose);
  else if (!holds)
    note_look(s, staff, id, "thumbnail " + found->purpose);
  return read_blob_of(s, *found, size);
}

json::object show_material(const store::Material& m) {
  json::object out{
      {"id", id_to_string(m.id)}, {"purpose", m.purpose},           {"site", nullptr},
      {"bytes", m.bytes},         {"fitted_bytes", m.fitted_bytes}, {"width", m.width},
      {"height", m.height},       {"created_at", m.created_at},     {"by_phone", m.by_phone}};
  if (!m.site_key.empty()) out["site"] = m.site_key;
  return out;
}

TicketMade make_ticket(Service& s, Id account, Id id, const std::string& purpose,
                       const std::string& site) {
  const std::string token = random_token();
  const Millis expires_at = s.now() + k_ticket_life;
  s.db.write([&](Tx& tx) {
    open_rule(s, tx, own_filing(s, tx, account, id), purpose, site);
    store::insert_ticket(tx, token, {id, account, site, purpose, expires_at, std::nullopt});
  });
  const std::string url = s.config.http.public_url + "/m/" + token;
  return {url, documents::make_qr(url), expires_at};
}

TicketShown read_ticket(Service& s, const std::string& token) {
  return s.db.read([&](Reader& reader) {
    const store::Ticket ticket = ticket_or_refuse(s, reader, token);
    const auto filing = store::find_filing(reader, s.keys, ticket.filing_id).value();
    const char* state = ticket.used_at ? "used" : ticket.expires_at <= s.now() ? "expired" : "open";
    return TicketShown{ticket.purpose, site_name_of(parse_content(filing.content), ticket.site_key),
                       ticket.expires_at, state};
  });
}

store::Material upload_by_ticket(Service& s, const std::string& token, const std::string& file) {
  const store::Ticket ticket = s.db.read([&](Reader& reader) {
    store::Ticket found = ticket_or_refuse(s, reader, token);
    if (found.used_at) throw Refusal(RefusalCode::conflict, "ticket_used");
    if (found.expires_at <= s.now()) throw Refusal(RefusalCode::conflict, "ticket_expired");
    return found;
  });
  const Upload upload{ticket.purpose, ticket.site_key, file, true};
  const store::Material material =
      store_files(s, ticket.filing_id, upload, prepare_file(s, upload));
  s.db.write([&](Tx& tx) {
    // A picture that is refused leaves the ticket open for another try.
    if (!store::spend_ticket(tx, token, s.now()))
      throw Refusal(RefusalCode::conflict, "ticket_used");
    const store::Filing filing = own_filing(s, tx, ticket.account_id, ticket.filing_id);
    put_row(s, tx, filing, filing.account_id,
            open_rule(s, tx, filing, ticket.purpose, ticket.site_key), material);
  });
  s.wake_workers();
  return material;
}

}  // namespace beian::service
