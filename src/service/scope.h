// What a token may do, and a member who acts for his agency. A route admits them only where it
// names one of these.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace beian {

enum class Scope {
  filings_read,   // filings, products, letters, notices
  filings_write,  // drafts, pictures, steps, letters
  webhooks,       // where changes are told, and what became of it
  agency_owner,   // members of an agency; no token has it
};

struct ScopeName {
  Scope scope;
  std::string_view name;
};
// Those that a token may have.
inline constexpr std::array<ScopeName, 3> k_scopes{{{Scope::filings_read, "filings.read"},
                                                    {Scope::filings_write, "filings.write"},
                                                    {Scope::webhooks, "webhooks"}}};

constexpr std::string_view to_string(Scope scope) {
  if (scope == Scope::agency_owner) return "agency.owner";
  for (const ScopeName& one : k_scopes)
    if (one.scope == scope) return one.name;
  return "";
}
constexpr std::optional<Scope> scope_from_string(std::string_view name) {
  for (const ScopeName& one : k_scopes)
    if (one.name == name) return one.scope;
  return std::nullopt;
}

}  // namespace beian
