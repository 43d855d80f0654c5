#include "store/cases.h"

#include "base/json.h"
#include "store/audit.h"
#include "store/counters.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

std::string open_optional(const Row& row, std::size_t column, const Keyring& keys,
                          std::string_view name, Id id) {
  const auto sealed = row.opt_blob(column);
  return sealed ? unseal(keys, *sealed, name, id) : std::string();
}

}  // namespace

std::string backdrop_columns(const std::string& prefix) {
  std::string out;
  for (const char* column :
       {"id", "filing_id", "state", "address_sealed", "carrier", "tracking_number", "requested_at",
        "posted_at", "kind", "printed_at", "ended_at", "end_reason", "again_of"})
    out += (out.empty() ? "" : ", ") + prefix + column;
  return out;
}

Backdrop read_backdrop(const Row& row, const Keyring& keys) {
  Backdrop b;
  b.id = row.integer(0);
  b.filing_id = row.integer(1);
  b.state = row.text(2);
  b.address = unseal(keys, row.blob(3), "backdrops.address", b.id);
  b.carrier = row.opt_text(4);
  b.tracking_number = row.opt_text(5);
  b.requested_at = row.integer(6);
  b.posted_at = row.opt_integer(7);
  b.kind = row.text(8);
  b.printed_at = row.opt_integer(9);
  b.ended_at = row.opt_integer(10);
  b.end_reason = row.text(11);
  b.again_of = row.opt_integer(12);
  return b;
}

void insert_event(Tx& tx, const Keyring& keys, const Event& e) {
  const Id id = e.id != 0 ? e.id : new_id();
  tx.execute(
      "INSERT INTO events (id, filing_id, at, actor, actor_id, action, from_state, to_state, "
      "detail_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {id, e.filing_id, e.at, e.actor, or_null(e.actor_id), e.action, or_null(e.from_state),
       or_null(e.to_state), seal_optional(keys, e.detail, "events.detail", id)});
  json::object told{{"event", id_to_string(id)}};
  if (e.from_state) told["from"] = *e.from_state;
  if (e.to_state) told["to"] = *e.to_state;
  // What the event says in full stays sealed beside it; its keyed hash shows that it is the same.
  if (!e.detail.empty()) told["proof"] = to_hex(keys.lookup(e.detail, "audit.event").substr(0, 16));
  append_audit(tx, keys,
               {0, e.at, e.actor, e.actor_id, "filing." + e.action,
                "filing/" + id_to_string(e.filing_id), json::serialize(told), ""});
}

std::vector<Event> list_events(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<Event> out;
  for (const Row& row : reader.query(
           "SELECT e.id, e.filing_id, e.at, e.actor, e.actor_id, a.display_name, e.action, "
           "e.from_state, e.to_state, e.detail_sealed, a.email_sealed FROM events e "
           "LEFT JOIN accounts a ON a.id = e.actor_id WHERE e.filing_id = $1 ORDER BY e.id LIMIT "
           "500",
           {filing})) {
    const std::optional<Id> by = row.opt_integer(4);
    std::string name = row.opt_text(5).value_or("");
    // How an applicant is called at first is his address, masked.
    if (by && row.text(3) == "applicant")
      name = open_optional(row, 10, keys, "accounts.email", *by);
    out.push_back({row.integer(0), row.integer(1), row.integer(2), row.text(3), by, std::move(name),
                   row.text(6), row.opt_text(7), row.opt_text(8),
                   open_optional(row, 9, keys, "events.detail", row.integer(0))});
  }
  return out;
}

void insert_correction(Tx& tx, const Keyring& keys, const Correction& c) {
  const Id id = c.id != 0 ? c.id : new_id();
  tx.execute(
      "INSERT INTO corrections (id, filing_id, field, reason_code, text_sealed, by_actor, "
      "author_id, "
      "state, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {id, c.filing_id, c.field, or_null(c.reason_code),
       seal_optional(keys, c.text, "corrections.text", id), c.by_actor, or_null(c.author_id),
       c.state, c.at});
}

std::vector<Correction> list_corrections(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<Correction> out;
  for (const Row& row : reader.query(
           "SELECT id, filing_id, field, reason_code, text_sealed, by_actor, author_id, state, at "
           "FROM corrections WHERE filing_id = $1 ORDER BY id LIMIT 1000",
           {filing}))
    out.push_back({row.integer(0), row.integer(1), row.text(2), row.opt_text(3),
                   open_optional(row, 4, keys, "corrections.text", row.integer(0)), row.text(5),
                   row.opt_integer(6), row.text(7), row.integer(8)});
  return out;
}

void remove_draft_corrections(Tx& tx, Id filing) {
  tx.execute("DELETE FROM corrections WHERE filing_id = $1 AND state = 'draft'", {filing});
}
void open_draft_corrections(Tx& tx, Id filing, Millis now) {
  tx.execute(
      "UPDATE corrections SET state = 'open', at = $2 WHERE filing_id = $1 AND state = 'draft'",
      {filing, now});
}
void close_corrections(Tx& tx, Id filing) {
  tx.execute("UPDATE corrections SET state = 'closed' WHERE filing_id = $1 AND state = 'open'",
             {filing});
}

void insert_call(Tx& tx, const Keyring& keys, const Call& c) {
  const Id id = c.id != 0 ? c.id : new_id();
  tx.execute(
      "INSERT INTO calls (id, filing_id, at, by_id, person, result, note_sealed) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {id, c.filing_id, c.at, c.by_id, c.person, c.result,
       seal_optional(keys, c.note, "calls.note", id)});
}

std::vector<Call> list_calls(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<Call> out;
  for (const Row& row : reader.query("SELECT c.id, c.filing_id, c.at, c.by_id, a.display_name, "
                                     "c.person, c.result, c.note_sealed "
                                     "FROM calls c LEFT JOIN accounts a ON a.id = c.by_id WHERE "
                                     "c.filing_id = $1 ORDER BY c.id",
                                     {filing}))
    out.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                   row.opt_text(4).value_or(""), row.text(5), row.text(6),
                   open_optional(row, 7, keys, "calls.note", row.integer(0))});
  return out;
}

void insert_look(Tx& tx, Id account, Id filing, const std::string& what, Millis now) {
  tx.execute("INSERT INTO looks (id, at, account_id, filing_id, what) VALUES ($1, $2, $3, $4, $5)",
             {new_id(), now, account, filing, what});
}

void insert_backdrop(Tx& tx, const Keyring& keys, const Backdrop& b) {
  tx.execute(
      "INSERT INTO backdrops (id, filing_id, state, address_sealed, requested_at) "
      "VALUES ($1, $2, 'requested', $3, $4)",
      {b.id, b.filing_id, seal(keys, b.address, "backdrops.address", b.id), b.requested_at});
  refresh_to_post(tx, b.filing_id);
}

std::optional<Backdrop> find_backdrop(Reader& reader, const Keyring& keys, Id id) {
  auto row =
      reader.query_one("SELECT " + backdrop_columns("") + " FROM backdrops WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return read_backdrop(*row, keys);
}

std::optional<Backdrop> latest_backdrop(Reader& reader, const Keyring& keys, Id filing) {
  auto row = reader.query_one("SELECT " + backdrop_columns("") +
                                  " FROM backdrops WHERE filing_id = $1 ORDER BY id DESC LIMIT 1",
                              {filing});
  if (!row) return std::nullopt;
  return read_backdrop(*row, keys);
}

bool post_backdrop(Tx& tx, Id id, const std::string& carrier, const std::string& tracking,
                   Millis now) {
  const auto of = tx.query(
      "UPDATE backdrops SET state = 'posted', carrier = $2, tracking_number = $3, posted_at = $4 "
      "WHERE id = $1 AND state = 'requested' RETURNING filing_id",
      {id, carrier, tracking, now});
  if (of.empty()) return false;
  refresh_to_post(tx, of.front().integer(0));
  return true;
}

bool correct_backdrop_address(Tx& tx, const Keyring& keys, Id id, const std::string& address) {
  return tx.execute(
             "UPDATE backdrops SET address_sealed = $2, printed_at = NULL WHERE id = $1 AND state "
             "= 'requested'",
             {id, seal(keys, address, "backdrops.address", id)}) == 1;
}

bool correct_tracking(Tx& tx, Id id, const std::string& carrier, const std::string& tracking) {
  return tx.execute(
             "UPDATE backdrops SET carrier = $2, tracking_number = $3 WHERE id = $1 AND state = "
             "'posted'",
             {id, carrier, tracking}) == 1;
}

bool unpost_backdrop(Tx& tx, Id id) {
  const auto of = tx.query(
      "UPDATE backdrops SET state = 'requested', carrier = NULL, tracking_number = NULL, "
      "posted_at = NULL WHERE id = $1 AND state = 'posted' RETURNING filing_id",
      {id});
  if (of.empty()) return false;
  refresh_to_post(tx, of.front().integer(0));
  return true;
}

void deliver_backdrops(Tx& tx, Id filing) {
  tx.execute("UPDATE backdrops SET state = 'delivered' WHERE filing_id = $1 AND state = 'posted'",
             {filing});
}

void insert_enquiry(Tx& tx, const Keyring& keys, const Enquiry& e) {
  const std::string body = json::serialize(
      json::object{{"name", e.name}, {"contact", e.contact}, {"message", e.message}});
  tx.execute("INSERT INTO enquiries (id, at, body_sealed) VALUES ($1, $2, $3)",
             {e.id, e.at, seal(keys, body, "enquiries.body", e.id)});
}

std::vector<Enquiry> open_enquiries(Reader& reader, const Keyring& keys, int limit) {
  std::vector<Enquiry> out;
  for (const Row& row : reader.query(
           "SELECT id, at, body_sealed FROM enquiries WHERE done_at IS NULL ORDER BY id LIMIT $1",
           {std::int64_t{limit}})) {
    const auto body = parse_json(unseal(keys, row.blob(2), "enquiries.body", row.integer(0)));
    const auto& object = as_object(body);
    out.push_back({row.integer(0), row.integer(1), get_string(object, "name"),
                   get_string(object, "contact"), get_string(object, "message", 1 << 15)});
  }
  return out;
}

bool close_enquiry(Tx& tx, Id id, Id by, Millis now) {
  return tx.execute(
             "UPDATE enquiries SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL",
             {id, now, by}) == 1;
}

}  // namespace beian::store
