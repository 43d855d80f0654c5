// Pictures that belong to a filing: taken in, made ready in a child process, sealed on disk; and
// the tickets with which a phone uploads one without logging in.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "documents/qr.h"
#include "service/by.h"
#include "service/review.h"
#include "service/service.h"
#include "store/materials.h"

namespace beian::service {

struct Upload {
  std::string purpose, site;  // site empty: of the organiser
  std::string file;
  bool by_phone = false;
};
// Throws Refusal{invalid} with what is wrong with the picture, Refusal{forbidden, "field_closed"}
// when this material is not open now.
store::Material upload_material(Service& s, const By& by, Id filing, const Upload& upload);
// The same for whoever holds a link to the filing of `account`; `check` refuses once more in the
// transaction that keeps the picture.
store::Material store_upload(Service& s, const By& by, Id filing, const Upload& upload,
                             const std::function<void(Tx&)>& check);
void remove_material(Service& s, const By& by, Id filing, Id material);

enum class Size { thumbnail, full, fitted };
// JPEG bytes, for the owner.
std::string read_material(Service& s, Id account, Id filing, Id material, Size size);
// For staff, of a submitted filing; looking at it is written down, but for the thumbnails of a case
// that one has.
std::string read_material_as_staff(Service& s, const Staff& staff, Id filing, Id material,
                                   Size size);
std::string read_blob_of(Service& s, const store::Material& material, Size size);
json::object show_material(const store::Material& material);

struct TicketMade {
  std::string url;
  documents::QrCode qr;
  Millis expires_at;
};
TicketMade make_ticket(Service& s, Id account, Id filing, const std::string& purpose,
                       const std::string& site);

struct TicketShown {
  std::string purpose, site_name;
  Millis expires_at;
  std::string state;  // open, used, expired
};
TicketShown read_ticket(Service& s, const std::string& token);
store::Material upload_by_ticket(Service& s, const std::string& token, const std::string& file);

}  // namespace beian::service
