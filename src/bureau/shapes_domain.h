// Shapes of domain reporting, both ways.
#pragma once

#include "bureau/messages_domain.h"
#include "bureau/shape.h"

namespace beian::bureau::v30::shape {

// The same seven facts of three parties, each under names of its own.
struct PartyNames {
  const char *name, *organisation, *address, *province, *city, *email, *phone;
};

inline constexpr PartyNames k_registrant = {"Zcr_mc",    "Zcr_zz",   "Zcr_txdz", "Zcr_shengid",
                                            "Zcr_shiid", "Zcr_dzyj", "Zcr_dhhm"};
inline constexpr PartyNames k_administrator = {"Gly_mz",    "Gly_zz",   "Gly_dz", "Gly_shengid",
                                               "Gly_shiid", "Gly_dzyj", "Gly_dh"};
inline constexpr PartyNames k_payer = {"Jfr_mz",    "Jfr_zz",   "Jfr_dz", "Jfr_shengid",
                                       "Jfr_shiid", "Jfr_dzyj", "Jfr_dh"};

constexpr auto domain_party(PartyNames names, Need need) {
  return [names, need](auto& v, auto& x) {
    v.text({names.name, "name"}, x.name, need, 2, 255);
    v.text({names.organisation, "organisation"}, x.organisation, need, 1, 255);
    v.text({names.address, "address"}, x.address, need, 1, 1000);
    v.integer({names.province, "province"}, x.province, need, 100000);
    v.integer({names.city, "city"}, x.city, need, 100000);
    v.text({names.email, "email"}, x.email, need, 6, 255);
    v.text({names.phone, "phone"}, x.phone, need, 11, 255);
  };
}

constexpr auto domain_record(Need bureau_id, Need isp_id) {
  return [=](auto& v, auto& x) {
    v.integer({"Id", "bureau_id"}, x.bureau_id, bureau_id, 1);
    v.integer({"IspId", "isp_id"}, x.isp_id, isp_id, 1);
    v.text({"Ym", "name"}, x.name, k_required, 4, 255);
    v.integer({"Ymlx", "kind"}, x.kind, k_required, 1, 999);
    v.text({"Zcsj", "registered"}, x.registered, k_required, 10, 10);
    v.part({nullptr, "registrant"}, x.registrant, domain_party(k_registrant, k_required));
    v.part({nullptr, "administrator"}, x.administrator, domain_party(k_administrator, k_required));
    v.part({nullptr, "payer"}, x.payer, domain_party(k_payer, k_optional));
    v.text({"Ym_zcs", "registrar"}, x.registrar, k_required, 1, 500);
    v.text({"Ym_fwq", "name_servers"}, x.name_servers, k_required, 4, 255);
    v.text({"Yxrq", "expires"}, x.expires, k_required, 10, 10);
  };
}

inline constexpr auto domain_upload = [](auto& v, auto& x) {
  v.list("XZBA", {"Xzxx", "added", ""}, Order::any, x.added, domain_record(k_never, k_required));
  v.list("XGBA", {"Xzxx", "changed", ""}, Order::any, x.changed,
         domain_record(k_required, k_never));
  v.list("SCBA", {"Scxx", "deleted", ""}, Order::choice, x.deleted, [](auto& w, auto& y) {
    w.either({"Id", "bureau_id"}, y.bureau_id, {"Ym", "name"}, y.name, 4, 255);
  });
};

inline constexpr auto domain_result = [](auto& v, auto& x) {
  v.each({"Jgxx", "codes"}, Order::any, k_required, x.codes, [](auto& w, auto& y) {
    w.text({"Dmms", "text"}, y.text, k_required, 0, 255);
    w.integer({"Jgdm", "code"}, y.code, k_required, 1);
  });
  v.integer({"Id", "bureau_id"}, x.bureau_id, k_optional, 1);
  v.integer({"Czlx", "record_change"}, x.record_change, k_required, 1, 3);
  v.integer({"IspId", "isp_id"}, x.isp_id, k_optional, 1);
  v.text({"Bz", "remark"}, x.remark, k_optional, 0, k_no_limit);
};

}  // namespace beian::bureau::v30::shape
