#include "store/audit.h"

#include <charconv>

#include "base/text.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns = "seq, at, actor, actor_id, act, subject, detail, mac";
constexpr std::int64_t k_page = 2000;

// Every field with its length before it: no two entries have one text.
void add(std::string& text, std::string_view field) {
  text += std::to_string(field.size());
  text += ':';
  text += field;
}

std::string mac_of(const Keyring& keys, const AuditEntry& e, std::string_view previous) {
  std::string text;
  add(text, std::to_string(e.seq));
  add(text, std::to_string(e.at));
  add(text, e.actor);
  add(text, e.actor_id ? std::to_string(*e.actor_id) : "");
  add(text, e.act);
  add(text, e.subject);
  add(text, e.detail);
  add(text, previous);
  return keys.lookup(text, "audit.entry");
}

std::string proof_of(const Keyring& keys, const AuditHead& head) {
  return keys.lookup(std::to_string(head.seq) + ":" + head.mac, "audit.head");
}

AuditEntry read_entry(const Row& row) {
  return {row.integer(0), row.integer(1), row.text(2), row.opt_integer(3),
          row.text(4),    row.text(5),    row.text(6), row.blob(7)};
}

void append_now(Tx& tx, const Keyring& keys, AuditEntry& e) {
  constexpr std::string_view k_end = "SELECT seq, mac FROM audit_head WHERE id = 1 FOR UPDATE";
  auto row = tx.query_one(k_end);
  if (!row) {
    tx.execute(
        "INSERT INTO audit_head (id, seq, mac, proof) VALUES (1, 0, $1, $1) "
        "ON CONFLICT (id) DO NOTHING",
        {Blob{}});
    row = tx.query_one(k_end);
  }
  e.seq = row->integer(0) + 1;
  e.mac = mac_of(keys, e, row->blob(1));
  tx.execute("INSERT INTO audit_entries (" + std::string(k_columns) +
                 ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
             {e.seq, e.at, e.actor, or_null(e.actor_id), e.act, e.subject, e.detail, Blob{e.mac}});
  tx.execute("UPDATE audit_head SET seq = $1, mac = $2, proof = $3 WHERE id = 1",
             {e.seq, Blob{e.mac}, Blob{proof_of(keys, {e.seq, e.mac})}});
}

}  // namespace

void append_audit(Tx& tx, const Keyring& keys, AuditEntry entry) {
  tx.before_commit(
      [&keys, entry = std::move(entry)](Tx& end) mutable { append_now(end, keys, entry); });
}

AuditHead audit_head(Reader& reader) {
  const auto row = reader.query_one("SELECT seq, mac FROM audit_head WHERE id = 1");
  if (!row) return {};
  return {row->integer(0), row->blob(1)};
}

std::string to_string(const AuditHead& head) {
  return std::to_string(head.seq) + ":" + to_hex(head.mac);
}

std::optional<AuditHead> head_from_string(const std::string& text) {
  const auto parts = split(text, ':');
  if (parts.size() != 2 || parts[1].size() % 2 != 0) return std::nullopt;
  const auto seq = parts[0] == "0" ? std::optional<Id>(0) : id_from_string(parts[0]);
  if (!seq) return std::nullopt;
  AuditHead head{*seq, ""};
  for (std::size_t i = 0; i < parts[1].size(); i += 2) {
    unsigned byte = 0;
    const char* from = parts[1].data() + i;
    if (std::from_chars(from, from + 2, byte, 16).ptr != from + 2) return std::nullopt;
    head.mac.push_back(static_cast<char>(byte));
  }
  return head;
}

AuditFinding verify_audit(Reader& reader, const Keyring& keys,
                          const std::optional<AuditHead>& kept) {
  AuditFinding found;
  const auto wrong = [&](std::int64_t seq, const char* what) {
    found.seq = seq;
    found.what = what;
    return found;
  };
  std::string previous;
  for (std::int64_t last = 0;;) {
    const auto rows = reader.query("SELECT " + std::string(k_columns) +
                                       " FROM audit_entries WHERE seq > $1 ORDER BY seq LIMIT $2",
                                   {last, k_page});
    for (const Row& row : rows) {
      const AuditEntry e = read_entry(row);
      if (e.seq != last + 1) return wrong(last + 1, "missing");
      if (!equal_in_constant_time(mac_of(keys, e, previous), e.mac)) return wrong(e.seq, "changed");
      if (kept && kept->seq == e.seq && kept->mac != e.mac) return wrong(e.seq, "changed");
      previous = e.mac;
      last = e.seq;
      ++found.entries;
    }
    if (static_cast<std::int64_t>(rows.size()) == k_page) continue;
    const auto row = reader.query_one("SELECT seq, mac, proof FROM audit_head WHERE id = 1");
    const AuditHead head = row ? AuditHead{row->integer(0), row->blob(1)} : AuditHead{};
    const bool proven =
        head.seq == 0 ? last == 0 : equal_in_constant_time(proof_of(keys, head), row->blob(2));
    // A head without entries, or the other way round, is a chain whose end was taken away.
    if (!proven || head.seq > last) return wrong(last + 1, "cut");
    if (head.seq < last) return wrong(head.seq + 1, "extra");
    if (head.mac != previous) return wrong(last, "changed");
    if (kept && kept->seq > last) return wrong(last + 1, "cut");
    return found;
  }
}

std::vector<AuditEntry> list_audit(Reader& reader, const AuditQuery& q) {
  std::vector<AuditEntry> out;
  for (const Row& row : reader.query(
           "SELECT " + std::string(k_columns) +
               " FROM audit_entries WHERE seq < $1 AND at >= $2 AND at <= $3 AND act LIKE $4 "
               "AND (CAST($5 AS TEXT) IS NULL OR subject = $5) "
               "AND (CAST($6 AS BIGINT) IS NULL OR actor_id = $6) ORDER BY seq DESC LIMIT $7",
           {q.before, q.from, q.until, q.act + "%", q.subject.empty() ? Value{} : Value{q.subject},
            or_null(q.actor_id), std::int64_t{q.limit}}))
    out.push_back(read_entry(row));
  return out;
}

}  // namespace beian::store
