// The answers of a filing while they are being given: one JSON object, changed by field path only,
// so that nothing enters it which the form does not know.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "filing/form.h"

namespace beian {

// An empty draft with the form's defaults and one website, "s1".
json::object new_content(const Form& form);

// Sets the field at `path` (null removes it). Text is cleaned, lists lose doubles. Returns the
// problem where the form has no such field, the value has another type or is out of all bounds
// (path_unknown, value_type, value_too_long, too_many, site_unknown); content is then unchanged.
// Wrong but bounded values are accepted: a draft may be wrong, check_form says so.
[[nodiscard]] std::optional<Problem> apply_change(const Form& form, json::object& content,
                                                  std::string_view path, const json::value& value);

// Returns the new website's key ("s3"), never used before in this filing; nullopt at the form's
// limit.
std::optional<std::string> add_site(const Form& form, json::object& content);
// Adds a registered website, whatever the form's limit: to the answers with the form's defaults and
// what is registered over them, and to the record. Returns its key.
std::string add_registered_site(const Form& form, json::object& content, const json::object& site);
// False where there is no such website or it is the only one.
bool remove_site(const Form& form, json::object& content, std::string_view key);
std::vector<std::string> site_keys(const json::object& content);

// What is registered, in a filing that begins from it: an object like the content itself
// (organiser, principal, sites). Kept under "record", where no change by path reaches. nullptr:
// none.
const json::object* record_of(const json::object& content);

// The content as it is submitted and sent: what is registered, and over it only fields that apply,
// and with what the form does not ask twice filled in. An individual is his own principal (name and
// certificate); a site whose manager is the principal carries the principal's data as `manager`.
// Domains get their canonical Unicode spelling, certificate numbers capitals.
json::object completed_content(const Form& form, const json::object& content,
                               const std::string& today);

// May the applicant change `path` while the corrections given are the only open ones? A correction
// opens its field, everything below it and the fields that it `opens`; one without a field (a
// bureau that gives only its opinion) and a hard problem (of check_form) open too: nobody is stuck.
bool is_open(const Form& form, const std::vector<std::string>& corrections,
             const std::vector<Problem>& problems, std::string_view path);
// All open paths of the form, materials included.
std::vector<std::string> open_paths(const Form& form, const json::object& content,
                                    const std::string& today,
                                    const std::vector<std::string>& corrections,
                                    const std::vector<Problem>& problems);

}  // namespace beian
