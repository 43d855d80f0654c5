// What staff see of a case they have not claimed.
#include "base/text.h"
#include "filing/content.h"
#include "service/views.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)

void mask_text(json::object& object, const char* key, std::string (*how)(std::string_view)) {
  if (json::value* value = object.if_contains(key); value && value->is_string())
    *value = json::string(how(std::string(value->get_string())));
}

void mask_person(json::object& person) {
  const auto mask = [&](const char* key, std::string (*how)(std::string_view)) {
    mask_text(person, key, how);
  };
  mask("name", mask_name);
  mask("certificate_number", mask_id_number);
  mask("mobile", mask_phone);
  mask("office_phone", mask_phone);
  mask("emergency_phone", mask_phone);
  mask("email", mask_email);
}

}  // namespace

json::object masked_content(const json::object& content) {
  json::object out = content;
  if (json::value* organiser = out.if_contains("organiser"); organiser && organiser->is_object()) {
    json::object& object = organiser->get_object();
    const bool individual = opt_int(object, "nature").value_or(0) == k_nature_individual;
    if (json::value* number = object.if_contains("certificate_number");
        number && number->is_string())
      *number = json::string(mask_id_number(std::string(number->get_string())));
    if (json::value* name = object.if_contains("name"); individual && name && name->is_string())
      *name = json::string(mask_name(std::string(name->get_string())));
    mask_text(object, "representative", mask_name);
    if (individual)
      for (const char* key : {"address", "certificate_address"})
        if (object.contains(key)) object[key] = "****";
  }
  if (json::value* principal = out.if_contains("principal"); principal && principal->is_object())
    mask_person(principal->get_object());
  if (json::value* sites = out.if_contains("sites"); sites && sites->is_array())
    for (json::value& site : sites->get_array())
      if (site.is_object()) {
        mask_text(site.get_object(), "domain_holder", mask_name);
        if (json::value* manager = site.get_object().if_contains("manager");
            manager && manager->is_object())
          mask_person(manager->get_object());
      }
  return out;
}

}  // namespace beian::service
