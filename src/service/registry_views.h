// What is registered, as its owner sees it: organisers, websites, accesses, and every order about
// them.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"

namespace beian::service {

// {"organisers": [{…, "sites": [{…, "accesses": […]}], "filings": […], "can": […]}]}
json::object show_registry(Service& s, Reader& reader, Id account, std::string_view locale);

// The certificate sheet of a filed website as PDF. Throws Refusal{not_found} for what is not one's
// own or not filed any more.
std::string site_sheet(Service& s, Id account, Id site, std::string_view locale);

}  // namespace beian::service
