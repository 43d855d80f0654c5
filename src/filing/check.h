// Every defect of a filing at once: the fields of the form, the rules, the materials.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "base/refusal.h"
#include "filing/catalogue.h"
#include "filing/date.h"
#include "filing/form.h"

namespace beian {

// What the form and the rules both ask of a content, found once.
struct Looked {
  std::vector<PlacedField> fields;   // that apply, in the order of the pages
  std::vector<std::string> visible;  // their paths, sorted: what judge() takes
  json::object known;                // for '$' paths
};
// `outside`: what is known beside the answers (filing/derived.h).
Looked look_at(const Form& form, const json::object& content, Day today,
               const json::object& outside = {});

// Problems in the order of the pages, materials last. `hard` ones stop a submission. `present` are
// the materials that the filing has; those needed only for verification are not asked for here.
// `rules`: the national ones as they hold for this content.
std::vector<Problem> check_form(const Form& form, const Catalogue& catalogue,
                                const std::vector<Rule>& rules, const json::object& content,
                                const std::vector<MaterialPlace>& present, Day today,
                                const Looked& looked);
// The same with the national rules as they are shipped.
std::vector<Problem> check_form(const Form& form, const Catalogue& catalogue,
                                const json::object& content,
                                const std::vector<MaterialPlace>& present, Day today,
                                const json::object& outside = {});

// Materials of `stage` that are still missing.
std::vector<Problem> check_materials(const Form& form, const json::object& content,
                                     const std::vector<MaterialPlace>& present, Day today,
                                     Stage stage);

bool has_hard(const std::vector<Problem>& problems);

}  // namespace beian
