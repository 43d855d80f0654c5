// The columns of the registry that are sealed, by the names their values are bound to
// (store/sealed.h). For registry.cc and registry_changes.cc only.
#pragma once

#include <string_view>

namespace beian::store {

inline constexpr std::string_view k_organiser_name = "registered_organisers.name";
inline constexpr std::string_view k_organiser_record = "registered_organisers.record";
inline constexpr std::string_view k_site_record = "registered_sites.record";

}  // namespace beian::store
