// What follows from a filing's own answers without being one: the '$' paths of rules that need no
// more than what was typed, what is registered ("record") and what is known of the domains. Twin of
// web/src/shared/form/derived.ts; tests/vectors/derived.json is run by both.
//
// Of the filing: principal_is_representative, representative_same, name_changes, name_as_filed,
// individual_to_enterprise, subject_replaced, certificate_as_filed, principal_as_filed,
// subject_as_filed, domain_of_representative, domain_of_officer, domain_of_parent.
// Of each website: domain_holder (organiser, representative, principal, manager, parent, other),
// domain_until, name_as_filed. What cannot be told is not there, and the rule reminds.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace beian {

namespace json = boost::json;

// Letters, digits and characters only, capitals, full-width ones as narrow: what is left of a name
// when brackets, blanks and dots differ from print to print.
std::string bare_name(std::string_view text);

// `known` with what follows added. Its "sites" (elements with a "key") may say of a domain
// `registered_holder` and `registered_until`, from the registry's data: they go before what was
// typed into `.domain_holder` and `.domain_until`.
json::object derive_facts(const json::object& content, json::object known);

}  // namespace beian
