// Every defect of a filing at once: the fields of the form, the rules, the materials.
#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "base/refusal.h"
#include "filing/catalogue.h"
#include "filing/date.h"
#include "filing/form.h"

namespace beian {

// Problems in the order of the pages, materials last. `hard` ones stop a submission. `present` are
// the materials that the filing has; those needed only for verification are not asked for here.
std::vector<Problem> check_form(const Form& form, const Catalogue& catalogue,
                                const json::object& content,
                                const std::vector<MaterialPlace>& present, Day today);

// Materials of `stage` that are still missing.
std::vector<Problem> check_materials(const Form& form, const json::object& content,
                                     const std::vector<MaterialPlace>& present, Day today,
                                     Stage stage);

bool has_hard(const std::vector<Problem>& problems);

}  // namespace beian
