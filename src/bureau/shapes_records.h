// Shapes of the records that the messages share. What differs between two messages is a rule here.
#pragma once

#include "bureau/messages_records.h"
#include "bureau/shape.h"

namespace beian::bureau::v30::shape {

constexpr auto address(Need city) {
  return [city](auto& v, auto& x) {
    v.integer({"Shengid", "province"}, x.province, k_required, 100000);
    v.integer({"Shiid", "city"}, x.city, city, 100000);
    v.integer({"Xianid", "county"}, x.county, k_optional, 100000);
    v.text({"Xxdz", "detail", "address"}, x.detail, k_optional, 1, 1024);
  };
}

// A change cannot carry types above 11 (most of those in use since 2015).
constexpr auto certificate(std::int64_t most_type, std::int64_t most_number) {
  return [=](auto& v, auto& x) {
    v.integer({"Zjlx", "type", "certificate_type"}, x.type, k_required, 1, most_type);
    v.text({"Zjhm", "number", "certificate_number"}, x.number, k_required, 1, most_number);
    v.text({"Zjzs", "residence", "certificate_address"}, x.residence, k_required, 1, 1024);
  };
}

struct PersonRules {
  Need name = k_optional, mobile = k_required, email = k_required;
  const char* mobile_element = "Fzr_sjhm";
  std::int64_t most_number = 128;
};

constexpr auto person(PersonRules rules) {
  return [rules](auto& v, auto& x) {
    v.text({"Fzr_xm", "name"}, x.name, rules.name, 1, 128);
    v.text({"Fzr_dhhm", "office_phone"}, x.office_phone, k_optional, 11, 128);
    v.text({rules.mobile_element, "mobile"}, x.mobile, rules.mobile, 11, 128);
    v.text({"Fzr_dzyj", "email"}, x.email, rules.email, 6, 128);
    v.text({"Msn", "msn"}, x.msn, k_optional, 6, 128);
    v.text({"Qq", "qq"}, x.qq, k_optional, 5, 128);
    v.integer({"Fzr_zjlx", "certificate_type"}, x.certificate_type, k_optional, 1, 999);
    v.text({"Fzr_zjhm", "certificate_number"}, x.certificate_number, k_optional, 1,
           rules.most_number);
  };
}

inline constexpr auto approval = [](auto& v, auto& x) {
  v.integer({"Nrlx_id", "kind"}, x.kind, k_required, 1, 64);
  v.text({"Qzsph", "number", ""}, x.number, k_required, 1, 512);
  v.scans({"Spwj", "scans"}, x.scans, 10);
};

struct IdRules {
  Need isp = k_never, bureau = k_never;
};

constexpr auto domain(IdRules ids) {
  return [ids](auto& v, auto& x) {
    v.integer({"IspYmid", "isp_id"}, x.isp_id, ids.isp, 1);
    v.integer({"Ymid", "bureau_id"}, x.bureau_id, ids.bureau, 1);
    v.text({"Ym", "name", "domain"}, x.name, k_required, 4, 128);
  };
}

constexpr auto ip_range(IdRules ids) {
  return [ids](auto& v, auto& x) {
    v.integer({"IspIpid", "isp_id"}, x.isp_id, ids.isp, 1);
    v.integer({"Ipid", "bureau_id"}, x.bureau_id, ids.bureau, 1);
    v.integer({"Qsip", "first"}, x.first, k_required, 1, k_max_ipv4);
    v.integer({"Zzip", "last"}, x.last, k_required, 1, k_max_ipv4);
  };
}

// The messages a website stands in differ in the ids it has and in what the bureau adds.
struct WebsiteRules {
  IdRules website, domain, access, ip;
  Need services = k_required, languages = k_required;
  std::int64_t most_url = 255, most_remark = 1024;
  Need provider = k_never;           // Ispid (BASJ)
  bool task = false;                 // HSRW: Bbyhid, Bbyhlx
  bool answer = false;               // HSJG: Bbfs
  Need number_before_url = k_never;  // Baxh as BGBA has it
  Need times = k_never;              // Scbbsj, Zjxgsj
  Need number_at_end = k_never;      // Baxh as BASJ has it
  Order manager_order = Order::any;
  PersonRules manager = {.name = k_required};
};

// Fbdd, Jrfs and the addresses; also what a new access (XZJR) is made of.
constexpr auto access_content(IdRules ip) {
  return [ip](auto& v, auto& x) {
    v.numbers("Wzfb", k_required, {"Fbdd", "locations"}, x.locations, 64, 64);
    v.numbers("Wzjrfs", k_required, {"Jrfs", "methods"}, x.methods, 64, 64);
    v.each({"Ip_xx", "ips"}, Order::any, k_required, x.ips, ip_range(ip));
  };
}

constexpr auto access(WebsiteRules rules) {
  return [rules](auto& v, auto& x) {
    v.integer({"IspJrid", "isp_id"}, x.isp_id, rules.access.isp, 1);
    v.integer({"Jrid", "bureau_id"}, x.bureau_id, rules.access.bureau, 1);
    v.integer({"Ispid", "provider"}, x.provider, rules.provider, 1);
    access_content(rules.ip)(v, x);
    if (rules.task) {
      v.integer({"Bbyhid", "provider"}, x.provider, k_required, 1);
      v.flag({"Bbyhlx", "filed_by_provider"}, x.filed_by_provider, k_required, 1, false);
    }
    if (rules.answer) {
      v.flag({"Bbfs", "filed_by_provider"}, x.filed_by_provider, k_required, 1, false);
    }
  };
}

constexpr auto website(WebsiteRules rules) {
  return [rules](auto& v, auto& x) {
    auto& known = x.publication;
    const auto publication = [&](auto&& shape) { v.part({nullptr, "publication"}, known, shape); };
    v.integer({"IspWzid", "isp_id"}, x.isp_id, rules.website.isp, 1);
    publication([&](auto& w, auto& y) {
      w.integer({"Wzid", "id"}, y.id, rules.website.bureau, 1);
    });
    v.text({"Wzmc", "name"}, x.name, k_required, 1, 512);
    v.list("Nrlx", {"Nrlx_xx", "approvals"}, Order::sequence, x.approvals, approval, 64);
    v.numbers("Fwnr", rules.services, {"Fwnr_id", "services"}, x.services, 64, 64);
    v.numbers("Yylb", rules.languages, {"Yylb_id", "languages"}, x.languages, 64, 256);
    v.each({"Ym_xx", "domains", ""}, Order::any, k_required, x.domains, domain(rules.domain));
    v.each({"Jr_xx", "accesses"}, Order::sequence, k_required, x.accesses, access(rules));
    v.group({"Wz_Fzr", "manager"}, rules.manager_order, k_required, x.manager,
            person(rules.manager));
    publication([&](auto& w, auto& y) {
      w.text({"Baxh", "number"}, y.number, rules.number_before_url, 1, 128);
    });
    v.text({"Syurl", "home_url"}, x.home_url, k_optional, 4, rules.most_url);
    v.text({"Wz_Bz", "remark"}, x.remark, k_optional, 1, rules.most_remark);
    publication([&](auto& w, auto& y) {
      w.text({"Scbbsj", "first_filed"}, y.first_filed, rules.times, 10, 22);
      w.text({"Zjxgsj", "last_changed"}, y.last_changed, rules.times, 10, 22);
      w.text({"Baxh", "number"}, y.number, rules.number_at_end, 1, 128);
    });
  };
}

// Fjxx. `owned_by_ours`: a first filing names its owner by our id only.
constexpr auto attachment(bool owned_by_ours) {
  return [owned_by_ours](auto& v, auto& x) {
    v.integer({"Fjwjgs", "format"}, x.format, k_required, 1);
    v.integer({"Fjyt", "purpose"}, x.purpose, k_required, 1);
    v.bytes({"Fjnr", "bytes"}, x.bytes, k_required);
    v.wrap("Fjssdx", Order::sequence, k_required, [&](auto& w) {
      w.integer({"Ssdxlx", "owner"}, x.owner, k_required, 1, 10);
      if (owned_by_ours) {
        w.integer({"Ssdxbs", "owner_id"}, x.owner_id, k_required, 1);
      } else {
        w.wrap("Ssdxbs", Order::choice, k_required, [&](auto& choice) {
          choice.either({"Jlid", "owner_id"}, x.owner_id, {"Baxh", "owner_number"}, x.owner_number,
                        1, 128);
        });
      }
    });
    v.text({"Bz", "remark", ""}, x.remark, k_optional, 1, 256);
  };
}

// Every attachment stands in an Fj of its own: Fjxx may not repeat inside one.
constexpr auto attachments(bool owned_by_ours) {
  return [owned_by_ours](auto& v, auto& x) {
    v.each({"Fj", "attachments", "/materials"}, Order::sequence, k_optional, x,
           [owned_by_ours](auto& w, auto& y) {
             w.wrap("Fjxx", Order::sequence, k_required,
                    [&](auto& inner) { attachment(owned_by_ours)(inner, y); });
           });
  };
}

}  // namespace beian::bureau::v30::shape
