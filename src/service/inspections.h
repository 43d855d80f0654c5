// What a program sees in uploaded pictures (documents/inspection.h), as part of a filing: looked at
// by a leased job after the upload, kept sealed, compared with what was typed each time it is
// shown. Advice only: nothing here blocks anybody.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/service.h"
#include "store/filings.h"
#include "store/materials.h"

namespace beian::service {

// With the material's row: the job that will look at it.
void ask_for_inspection(Service& s, Tx& tx, const store::Material& material);
// The job's work. Finished also when the material is gone or the picture could not be looked at.
void inspect_material(Service& s, Id material);

// With the removal of a material: what was said of others because they were the same picture is no
// longer so.
void forget_twins(Service& s, Tx& tx, Id filing);

// A picture with a finding, or with other words on it than were typed, makes its filing one to look
// at (store::raise_findings).
void rate_pictures(Service& s, Tx& tx, const store::Filing& filing);

// The contract's Inspection. `masked`: without what was read and typed.
json::value show_inspection(Service& s, const store::Filing& filing, const json::object& content,
                            const store::Material& material, const store::Inspection& inspection,
                            std::string_view locale, bool masked);

}  // namespace beian::service
