// Shapes of IP filing, both ways.
#pragma once

#include "bureau/messages_ip.h"
#include "bureau/shape.h"

namespace beian::bureau::v30::shape {

// What a record is named by: ours when it is new, the bureau's when it changes, both and the unit
// that reported it when the bureau sends what it holds.
enum class IpWay { add, change, held };

constexpr auto ip_ids(IpWay way) {
  return [way](auto& v, auto& x) {
    v.part({nullptr, "ids"}, x.ids, [way](auto& w, auto& y) {
      w.integer({"Id", "bureau_id"}, y.bureau_id, way == IpWay::add ? k_never : k_required, 1);
      w.integer({"IspId", "isp_id"}, y.isp_id, way == IpWay::change ? k_never : k_required, 1);
      w.integer({"Bbdwid", "reporter"}, y.reporter, way == IpWay::held ? k_required : k_never, 1);
    });
  };
}

constexpr auto ip_span(std::int64_t low) {
  return [low](auto& v, auto& x) {
    v.integer({"Qsip", "first"}, x.first, k_required, low, k_max_ipv4);
    v.integer({"Zzip", "last"}, x.last, k_required, low, k_max_ipv4);
  };
}

constexpr auto ip_source(IpWay way) {
  return [way](auto& v, auto& x) {
    ip_ids(way)(v, x);
    ip_span(1)(v, x);
    v.integer({"Lydw", "source_unit"}, x.source_unit, k_required, 1);
    v.text({"Bz", "remark"}, x.remark, k_optional, 1, way == IpWay::change ? 1024 : 512);
  };
}

struct UseRules {
  Need use = k_optional;      // everything but county
  Need gateway = k_optional;  // Wgip, Wgdz
  std::int64_t least_name = 1;
};

// Province, city, county and street of the unit that uses the addresses, flat among the others.
constexpr auto use_address(Need need) {
  return [need](auto& v, auto& x) {
    v.integer({"Shengid", "province"}, x.province, need, 100000);
    v.integer({"Shiid", "city"}, x.city, need, 100000);
    v.integer({"Xianid", "county"}, x.county, k_optional, 100000);
    v.text({"Xxdz", "detail"}, x.detail, need, 1, 512);
  };
}

constexpr auto ip_contact(UseRules rules) {
  return [rules](auto& v, auto& x) {
    v.part({nullptr, "address"}, x.address, use_address(rules.use));
    v.text({"Lxrxm", "contact_name"}, x.contact_name, rules.use, rules.least_name, 20);
    v.text({"Lxrdh", "contact_phone"}, x.contact_phone, rules.use, 11, 255);
    v.text({"Lxrdzyj", "contact_email"}, x.contact_email, rules.use, 6, 255);
    v.integer({"Wgip", "gateway"}, x.gateway, rules.gateway, 1, k_max_ipv4);
    v.text({"Wgdz", "gateway_place"}, x.gateway_place, rules.gateway, 1, 512);
  };
}

constexpr auto ip_allocation(IpWay way) {
  return [way](auto& v, auto& x) {
    constexpr UseRules k_rules{};
    ip_ids(way)(v, x);
    ip_span(way == IpWay::change ? 1 : 0)(v, x);
    v.integer({"Fpfs", "state"}, x.state, k_required, 1, 4);
    v.integer({"Fpdx", "allotted_to"}, x.allotted_to, k_optional, 1);
    v.part({nullptr, "use"}, x.use, [](auto& w, auto& y) {
      w.integer({"Syfs", "method"}, y.method, k_optional, 1, 3);
      w.text({"Fprq", "since"}, y.since, k_optional, 10, 10);
      w.flag({"Sfymtz", "redirects"}, y.redirects, k_optional, 1, false);
      w.text({"Dwmc", "unit_name"}, y.unit_name, k_optional, 1, 255);
      w.integer({"Dwxz", "nature"}, y.nature, k_optional, 1, 999);
    });
    v.integer({"Dwfl", "unit_class"}, x.unit_class, k_optional, 1, 999);
    v.integer({"Dwhyfl", "industry"}, x.industry, k_optional, 1, 999);
    v.part({nullptr, "use"}, x.use, ip_contact(k_rules));
    v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
  };
}

constexpr auto ip_broadcast(IpWay way) {
  return [way](auto& v, auto& x) {
    ip_ids(way)(v, x);
    v.integer({"Gbdw", "broadcaster"}, x.broadcaster, k_required, 1);
    v.integer({"Sqdw", "applicant"}, x.applicant, k_required, 1);
    ip_span(1)(v, x);
    v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
  };
}

constexpr auto own_ips(IpWay way) {
  return [way](auto& v, auto& x) {
    const bool changes = way == IpWay::change;
    ip_ids(way)(v, x);
    ip_span(changes ? 0 : 1)(v, x);
    v.part({nullptr, "use"}, x.use, [changes](auto& w, auto& y) {
      w.flag({"Sfymtz", "redirects"}, y.redirects, k_required, 1, false);
      w.integer({"Syfs", "method"}, y.method, k_required, 1, 3);
      w.text({"Fprq", "since"}, y.since, k_required, 10, 10);
      w.text({"Dwmc", "unit_name"}, y.unit_name, k_required, 1, 255);
      w.integer({"Dwxz", "nature"}, y.nature, k_required, 1, 999);
      ip_contact({.use = k_required,
                  .gateway = changes ? k_optional : k_required,
                  .least_name = changes ? 2 : 1})(w, y);
    });
    v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
    v.derived("Ly_dwlx", x.source_unit == 0 ? 0 : 1, 0, 1);
    v.wrap("Lydw", Order::choice, k_required, [&](auto& w) {
      w.either({"Ly_dwid", "source_unit"}, x.source_unit, {"Ly_dwmc", "source_name"}, x.source_name,
               1, 255);
    });
  };
}

inline constexpr auto ip_added = [](auto& v, auto& x) {
  v.list("Xzly", {"Ly", "sources", ""}, Order::any, x.sources, ip_source(IpWay::add));
  v.list("Xzfp", {"Fpsy", "allocations", ""}, Order::any, x.allocations, ip_allocation(IpWay::add));
  v.list("Xzgbjs", {"Jsxx", "broadcasts", ""}, Order::any, x.broadcasts, ip_broadcast(IpWay::add));
  v.list("Zdip", {"Zdxx", "own", ""}, Order::any, x.own, own_ips(IpWay::add));
};

inline constexpr auto ip_changed = [](auto& v, auto& x) {
  v.list("Xgly", {"Ly_xx", "sources", ""}, Order::any, x.sources, ip_source(IpWay::change));
  v.list("Xgfp", {"Fpsy", "allocations", ""}, Order::any, x.allocations,
         ip_allocation(IpWay::change));
  v.list("XgZd", {"Zdxx", "own", ""}, Order::any, x.own, own_ips(IpWay::change));
  v.list("Xggbjs", {"Jsxx", "broadcasts", ""}, Order::any, x.broadcasts,
         ip_broadcast(IpWay::change));
};

inline constexpr auto ip_deleted = [](auto& v, auto& x) {
  const auto ids = [&](const char* wrapper, const char* element, const char* json, auto& list) {
    v.wrap(wrapper, Order::sequence, k_optional, [&](auto& w) {
      w.singles(element, {"Id", json}, list, 1, k_no_limit);
    });
  };
  ids("Scly", "Ly", "sources", x.sources);
  ids("Scfp", "Fpsy", "allocations", x.allocations);
  ids("Sczd", "Zdxx", "own", x.own);
  ids("Scgbjs", "Jsxx", "broadcasts", x.broadcasts);
};

// SJTB/IP.
inline constexpr auto ip_held = [](auto& v, auto& x) {
  v.list("Iply", {"Lyxx", "sources", ""}, Order::any, x.sources, ip_source(IpWay::held));
  v.list("Ipfp", {"Fpxx", "allocations", ""}, Order::any, x.allocations,
         ip_allocation(IpWay::held));
  v.list("Ipgb", {"Gbxx", "broadcasts", ""}, Order::any, x.broadcasts, ip_broadcast(IpWay::held));
  v.list("Zdip", {"Zdxx", "own", ""}, Order::any, x.own, own_ips(IpWay::held));
};

inline constexpr auto ip_remark = [](auto& v, auto& x) {
  v.text({"Bz", "remark"}, x.remark, k_optional, 0, k_no_limit);
};

inline constexpr auto ip_related = [](auto& v, auto& x) {
  v.integer({"Id", "bureau_id"}, x.bureau_id, k_optional, 1);
  v.integer({"IspId", "isp_id"}, x.isp_id, k_optional, 1);
  ip_span(1)(v, x);
  ip_remark(v, x);
};

inline constexpr auto ip_result = [](auto& v, auto& x) {
  v.each({"Jgxx", "codes"}, Order::sequence, k_required, x.codes, [](auto& w, auto& y) {
    w.integer({"Jgdm", "code"}, y.code, k_required, 1);
    w.text({"Dmms", "text"}, y.text, k_required, 1, 255);
    w.each({"Xgsj", "related"}, Order::sequence, k_optional, y.related, ip_related);
  });
  v.integer({"Id", "bureau_id"}, x.bureau_id, k_optional, 1);
  v.integer({"Czlx", "record_change"}, x.record_change, k_required, 1, 3);
  v.integer({"IspId", "isp_id"}, x.isp_id, k_optional, 1);
  ip_remark(v, x);
};

inline constexpr auto ip_overrun = [](auto& v, auto& x) {
  v.integer({"Yjjlid", "record"}, x.record, k_optional, 1);
  ip_span(1)(v, x);
  v.integer({"Yjlx", "about"}, x.about, k_optional, 1, 10);
  v.integer({"Yjqsip", "overrun_first"}, x.overrun_first, k_optional, 1, k_max_ipv4);
  v.integer({"Yjzzip", "overrun_last"}, x.overrun_last, k_optional, 1, k_max_ipv4);
  ip_remark(v, x);
};

inline constexpr auto ip_conflict = [](auto& v, auto& x) {
  v.integer({"Ctjlid", "record"}, x.record, k_optional, 1);
  v.integer({"Qsip1", "first"}, x.first, k_required, 1, k_max_ipv4);
  v.integer({"Zzip1", "last"}, x.last, k_required, 1, k_max_ipv4);
  v.integer({"Ctbbdwid", "other_unit"}, x.other_unit, k_required, 1);
  v.integer({"Qsip2", "other_first"}, x.other_first, k_required, 1, k_max_ipv4);
  v.integer({"Zzip2", "other_last"}, x.other_last, k_required, 1, k_max_ipv4);
  v.integer({"Ctlx", "about"}, x.about, k_optional, 1, 10);
  ip_remark(v, x);
};

inline constexpr auto ip_unreported = [](auto& v, auto& x) {
  ip_span(1)(v, x);
  v.integer({"Fpdw", "source_unit"}, x.source_unit, k_optional, 1);
  v.integer({"Wblx", "about"}, x.about, k_optional, 1, 10);
  ip_remark(v, x);
};

// DownloadData/IP.
inline constexpr auto ip_download = [](auto& v, auto& x) {
  v.wrap("BAJG", Order::sequence, k_optional, [&](auto& w) {
    w.each({"Lyjg", "sources", ""}, Order::sequence, k_optional, x.sources, ip_result);
    w.each({"Fpjg", "allocations", ""}, Order::sequence, k_optional, x.allocations, ip_result);
    w.each({"Gbjs", "broadcasts", ""}, Order::sequence, k_optional, x.broadcasts, ip_result);
    w.each({"Zdip", "own", ""}, Order::sequence, k_optional, x.own, ip_result);
  });
  v.wrap("HCJG", Order::sequence, k_optional, [&](auto& w) {
    w.wrap("Jgxx", Order::sequence, k_required, [&](auto& inner) {
      inner.each({"Yj", "overruns", ""}, Order::any, k_optional, x.overruns, ip_overrun);
      inner.each({"Ct", "conflicts", ""}, Order::any, k_optional, x.conflicts, ip_conflict);
      inner.each({"Wb", "unreported", ""}, Order::any, k_optional, x.unreported, ip_unreported);
    });
  });
};

}  // namespace beian::bureau::v30::shape
