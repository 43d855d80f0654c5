// Rows of uploaded pictures and of the one-time tickets that let a phone upload one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Material {
  Id id = 0;
  Id filing_id = 0;
  std::string site_key;  // empty: of the organiser
  std::string purpose;
  std::string full_key, fitted_key, thumbnail_key;  // names in the blob store
  std::int64_t bytes = 0, fitted_bytes = 0, width = 0, height = 0;
  bool by_phone = false;
  Millis created_at = 0;
};

void insert_material(Tx& tx, const Material& material);
std::vector<Material> list_materials(Reader& reader, Id filing);
std::optional<Material> find_material(Reader& reader, Id filing, Id material);
// Takes materials out of the filing; their files go when no snapshot or package needs them.
void remove_materials(Tx& tx, Id filing, const std::string& site_key, const std::string& purpose,
                      Millis now);
bool remove_material(Tx& tx, Id filing, Id material, Millis now);
std::int64_t count_materials(Reader& reader, Id filing);
// Names of files that a row still refers to, among the given ones.
bool is_blob_used(Reader& reader, const std::string& key);
// Rows removed before `before`: forgets them and returns their file names.
std::vector<std::string> forget_removed(Tx& tx, Millis before);

// What was seen in a picture: JSON of service/inspections.h, sealed at rest.
struct Inspection {
  std::string state;  // waiting, done, failed
  std::string result;
};
void await_inspection(Tx& tx, Id material);
// False when the material is gone meanwhile.
bool finish_inspection(Tx& tx, const Keyring& keys, Id material, const Inspection& inspection,
                       Millis now);
std::map<Id, Inspection> list_inspections(Reader& reader, const Keyring& keys, Id filing);
// The material whatever its filing, while it is not removed.
std::optional<Material> find_any_material(Reader& reader, Id material);

// Remembers a picture, and finds the other materials with the very same one, the latest first, at
// most 20. Removed ones count until they are forgotten: the picture was used.
void put_mark(Tx& tx, const Keyring& keys, Id material, std::string_view picture);
struct Twin {
  Id filing_id = 0;
  std::string purpose;
  bool same_account = false;
  bool removed = false;  // replaced, or taken out of its filing
};
std::vector<Twin> find_twins(Reader& reader, const Keyring& keys, const Material& material,
                             std::string_view picture);
// Whether the same picture, or a copy of it, stands in its filing for another purpose now.
bool has_twin_beside(Reader& reader, const Material& material);

struct Ticket {
  Id filing_id = 0;
  Id account_id = 0;
  std::string site_key, purpose;
  Millis expires_at = 0;
  std::optional<Millis> used_at;
};
void insert_ticket(Tx& tx, const std::string& token, const Ticket& ticket);
std::optional<Ticket> find_ticket(Reader& reader, const std::string& token);
// False when it was used or has expired.
bool spend_ticket(Tx& tx, const std::string& token, Millis now);

}  // namespace beian::store
