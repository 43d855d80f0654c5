#include "store/owners.h"

namespace beian::store {
namespace {

std::optional<Owner> one(Reader& reader, const std::string& sql, const Params& params) {
  const auto row = reader.query_one(sql, params);
  if (!row) return std::nullopt;
  return Owner{row->integer(0), row->integer(1), row->text(2), row->text(3)};
}

const std::string k_site =
    "SELECT o.account_id, s.filing_id, s.domain, s.number FROM registered_sites s JOIN "
    "registered_organisers o ON o.id = s.organiser_id WHERE ";

}  // namespace

std::optional<Owner> owner_of_site(Reader& reader, Id bureau_id, const std::string& number) {
  return one(reader,
             k_site +
                 "(s.bureau_id = $1 AND $1 <> 0) OR (s.number = $2 AND $2 <> '') ORDER BY CASE "
                 "WHEN s.bureau_id = $1 THEN 0 ELSE 1 END LIMIT 1",
             {bureau_id, number});
}

// The filing of its oldest website stands for the organiser in timelines.
std::optional<Owner> owner_of_organiser(Reader& reader, Id bureau_id, const std::string& number) {
  return one(reader,
             "SELECT o.account_id, COALESCE((SELECT MIN(s.filing_id) FROM registered_sites s WHERE "
             "s.organiser_id = o.id), 0), '', o.number FROM registered_organisers o WHERE "
             "(o.bureau_id = $1 AND $1 <> 0) OR (o.number = $2 AND $2 <> '') ORDER BY CASE WHEN "
             "o.bureau_id = $1 THEN 0 ELSE 1 END LIMIT 1",
             {bureau_id, number});
}

std::optional<Owner> owner_of_domain(Reader& reader, const std::string& domain) {
  return one(reader, k_site + "s.domain = $1 LIMIT 1", {domain});
}

bool was_told(Reader& reader, const std::string& message_key) {
  return reader.query_one("SELECT 1 FROM messages WHERE message_key = $1", {message_key})
      .has_value();
}

}  // namespace beian::store
