#include "sandbox/console_lists.h"

namespace beian::sandbox {

// 通讯参数 of every provider, as a bureau gives them out.
json::object providers_json(Reader& reader) {
  json::array list;
  for (const auto& row :
       reader.query("SELECT province, isp_id, name, user_name, password, cipher_key, cipher_iv, "
                    "last_sequence, role FROM providers ORDER BY province, isp_id")) {
    list.push_back(json::object{{"province", row.text(0)},
                                {"isp_id", std::to_string(row.integer(1))},
                                {"name", row.text(2)},
                                {"user_name", row.text(3)},
                                {"password", row.text(4)},
                                {"key", row.text(5)},
                                {"iv", row.text(6)},
                                {"last_sequence", row.integer(7)},
                                {"role", row.text(8)}});
  }
  return {{"providers", std::move(list)}};
}

// Proof that nothing is sent twice: acceptances of each sequence number and of each record.
json::object accepted_json(Reader& reader) {
  json::array sequences, records;
  for (const auto& row : reader.query(
           "SELECT province, isp_id, sequence, COUNT(*), COUNT(DISTINCT hash) FROM uploads "
           "GROUP BY province, isp_id, sequence ORDER BY province, isp_id, sequence")) {
    sequences.push_back(json::object{{"province", row.text(0)},
                                     {"isp_id", std::to_string(row.integer(1))},
                                     {"sequence", row.integer(2)},
                                     {"count", row.integer(3)},
                                     {"contents", row.integer(4)}});
  }
  for (const auto& row : reader.query("SELECT isp_id, isp_record, COUNT(*), "
                                      "SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END), "
                                      "SUM(CASE WHEN state = 'passed' THEN 1 ELSE 0 END), "
                                      "SUM(CASE WHEN state = 'refused' THEN 1 ELSE 0 END), "
                                      "SUM(CASE WHEN state = 'returned' THEN 1 ELSE 0 END) "
                                      // What is asked about an existing filing may be asked again,
                                      // and so may the websites that went back from among several.
                                      "FROM orders WHERE operation IN (1, 2, 3) "
                                      "AND site_results = '' GROUP BY isp_id, "
                                      "isp_record ORDER BY isp_id, isp_record")) {
    records.push_back(json::object{{"isp_id", std::to_string(row.integer(0))},
                                   {"isp_record", std::to_string(row.integer(1))},
                                   {"count", row.integer(2)},
                                   {"pending", row.integer(3)},
                                   {"passed", row.integer(4)},
                                   {"refused", row.integer(5)},
                                   {"returned", row.integer(6)}});
  }
  return {{"sequences", std::move(sequences)}, {"records", std::move(records)}};
}

json::object uploads_json(Reader& reader) {
  json::array list;
  for (const auto& row : reader.query(
           "SELECT province, isp_id, sequence, file_name, received_at, processed_at, outcome "
           "FROM uploads ORDER BY id DESC LIMIT 50")) {
    json::object entry{{"province", row.text(0)},       {"isp_id", std::to_string(row.integer(1))},
                       {"sequence", row.integer(2)},    {"file_name", row.text(3)},
                       {"received_at", row.integer(4)}, {"processed_at", nullptr},
                       {"outcome", row.text(6)}};
    if (!row.is_null(5)) entry["processed_at"] = row.integer(5);
    list.push_back(std::move(entry));
  }
  return {{"uploads", std::move(list)}};
}

json::object files_json(Reader& reader) {
  json::array list;
  for (const auto& row :
       reader.query("SELECT province, isp_id, name, created_at, served, acked_at FROM files "
                    "ORDER BY id DESC LIMIT 50")) {
    json::object entry{{"province", row.text(0)},  {"isp_id", std::to_string(row.integer(1))},
                       {"name", row.text(2)},      {"created_at", row.integer(3)},
                       {"served", row.integer(4)}, {"acked_at", nullptr}};
    if (!row.is_null(5)) entry["acked_at"] = row.integer(5);
    list.push_back(std::move(entry));
  }
  return {{"files", std::move(list)}};
}

json::object codes_json(const Dictionaries& dictionaries) {
  json::array list;
  for (const auto& [code, result] : dictionaries.results) {
    if (result.success) continue;
    list.push_back(json::object{{"code", code}, {"text", result.text}, {"field", result.field}});
  }
  return {{"codes", std::move(list)}};
}

}  // namespace beian::sandbox
