// Shapes of the bureau's code lists (JCDM).
#pragma once

#include "bureau/messages_codes.h"
#include "bureau/shape.h"

namespace beian::bureau::v30::shape {

inline constexpr auto reporting_unit = [](auto& v, auto& x) {
  v.integer({"Id", "id"}, x.id, k_required, 1);
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.integer({"Dwfl", "unit_class"}, x.unit_class, k_optional, 1, 999);
  v.integer({"Dwhyfl", "industry"}, x.industry, k_optional, 1, 999);
  v.text({"Jyxkzbh", "licence"}, x.licence, k_optional, 1, 128);
  v.part({nullptr, "address"}, x.address, [](auto& w, auto& y) {
    w.integer({"Shengid", "province"}, y.province, k_optional, 100000);
    w.integer({"Shiid", "city"}, y.city, k_optional, 100000);
    w.integer({"Xianid", "county"}, y.county, k_optional, 100000);
    w.text({"Xxdz", "detail"}, y.detail, k_optional, 1, 1024);
  });
  v.flag({"Sfyx", "valid"}, x.valid, k_required, 1, false);
  v.text({"Bz", "remark"}, x.remark, k_optional, 0, 128);
};

// What an entry of a list has besides its id and name.
struct CodeRules {
  const char* name = "Mc";
  std::int64_t most_name = 64;
  Need valid = k_required, mask = k_never, code = k_never, nature = k_never;
  Need level = k_never, needs_approval = k_never, owner = k_never, subname = k_never;
  bool bureau = false;
};

constexpr auto code_entry(CodeRules rules) {
  return [rules](auto& v, auto& x) {
    v.integer({"Id", "id"}, x.id, k_required, 1);
    v.integer({"Ysid", "mask"}, x.mask, rules.mask, 1);
    v.text({"Bm", "code"}, x.code, rules.code, 1, 10);
    v.text({rules.name, "name"}, x.name, k_required, 1, rules.most_name);
    v.text({"Fl2", "subname"}, x.subname, rules.subname, 1, 128);
    v.integer({"Dwflid", "nature"}, x.nature, rules.nature, 1);
    v.integer({"Lx", "level"}, x.level, rules.level, 1, 3);
    v.flag({"Sfqzsp", "needs_approval"}, x.needs_approval, rules.needs_approval, 1, false);
    v.integer({"Ssdxlx", "owner"}, x.owner, rules.owner, 1);
    const Need bureau = rules.bureau ? k_optional : k_never;
    v.integer({"Shengid", "province"}, x.province, bureau, 100000);
    v.text({"Shengjc", "abbreviation"}, x.abbreviation, bureau, 1, 128);
    v.text({"Bz", "remark"}, x.remark, k_optional, 1, 128);
    v.flag({"Sfyx", "valid"}, x.valid, rules.valid, 1, false);
    v.text({"Dzyj", "email"}, x.email, bureau, 6, 255);
    v.text({"Sjhm", "mobile"}, x.mobile, bureau, 11, 128);
  };
}

inline constexpr auto code_lists = [](auto& v, auto& x) {
  v.list("Bbdwlb", {"Bbdw", "units"}, Order::any, x.units, reporting_unit);
  v.branch("Jcdm_xx", Order::any, true, [&](auto& w) {
    const auto list = [&](const char* wrapper, const char* element, const char* json, auto& entries,
                          CodeRules rules = {}) {
      w.list(wrapper, {element, json}, Order::any, entries, code_entry(rules));
    };
    constexpr Need k_must = k_required;
    list("Dwfl_dms", "Dwfl_xx", "unit_classes", x.unit_classes);
    list("Dwxz_dms", "Dwxz_xx", "natures", x.natures);
    list("Qy_dms", "Qy_xx", "regions", x.regions, {.most_name = 32, .level = k_optional});
    list("Yjfk_Wtfls", "Yjfk_Wtfl_xx", "feedback_topics", x.feedback_topics,
         {.name = "Fl1", .most_name = 128, .subname = k_must});
    list("Gj_dms", "Gj_dm_xx", "bureaus", x.bureaus,
         {.mask = k_must, .code = k_must, .bureau = true});
    list("Hyfl_dms", "Hyfl_xx", "industries", x.industries, {.code = k_must});
    list("Xzjb_dms", "Xzjb_xx", "administrative_levels", x.administrative_levels);
    list("Zjlx_dms", "Zjlx_xx", "certificate_types", x.certificate_types, {.nature = k_must});
    list("Wzjylx_dms", "Wzjylx_xx", "approvals", x.approvals,
         {.most_name = 32, .mask = k_must, .needs_approval = k_must});
    list("Wzfwlx_dms", "Wzfwlx_xx", "services", x.services, {.most_name = 32, .mask = k_must});
    list("Wzjrfs_dms", "Wzjrfs_xx", "access_methods", x.access_methods,
         {.most_name = 32, .mask = k_must});
    list("Zxly_dms", "Zxly_xx", "cancellation_reasons", x.cancellation_reasons,
         {.name = "Nr", .most_name = 128});
    list("Wbacl_dms", "Wbacl_xx", "unfiled_outcomes", x.unfiled_outcomes,
         {.name = "Ztmc", .most_name = 128, .valid = k_never});
    list("Hsyj_dms", "Hsyj", "verification_opinions", x.verification_opinions);
    list("Ymlx_dms", "Ymlx", "domain_kinds", x.domain_kinds);
    list("Fjwjgs_dms", "Fjwjgs", "attachment_formats", x.attachment_formats);
    // 0 organiser, 1 website; the schema allows 1 and above only.
    list("Fjytlx_dms", "Fjzjlx", "attachment_purposes", x.attachment_purposes, {.owner = k_must});
    list("Yylb_dms", "Yylb", "languages", x.languages);
  });
};

}  // namespace beian::bureau::v30::shape
