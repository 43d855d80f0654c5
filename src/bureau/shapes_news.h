// Shapes of what a bureau tells about filings (DownloadData/ICP). A remark (Bz) has no limit there.
#pragma once

#include "bureau/messages_news.h"
#include "bureau/shapes_orders.h"

namespace beian::bureau::v30::shape {

inline constexpr WebsiteRules k_published_website = {
    .website = {.isp = k_optional, .bureau = k_required},
    .domain = {.isp = k_optional, .bureau = k_required},
    .access = {.isp = k_optional, .bureau = k_required},
    .ip = {.isp = k_optional, .bureau = k_required},
    .services = k_optional,
    .provider = k_required,
    .times = k_optional,
    .number_at_end = k_optional,
    .manager = {.name = k_required, .mobile = k_optional, .email = k_optional}};

inline constexpr WebsiteRules k_task_website = {
    .website = {.bureau = k_required},
    .domain = {.bureau = k_required},
    .access = {.bureau = k_required},
    .ip = {.bureau = k_required},
    .services = k_optional,
    .languages = k_optional,
    .task = true,
    .times = k_optional,
    .manager = {.name = k_required, .mobile = k_optional, .email = k_optional}};

inline constexpr auto remark = [](auto& v, auto& x) {
  v.text({"Bz", "remark"}, x.remark, k_optional, 0, k_no_limit);
};

inline constexpr auto result_code = [](auto& v, auto& x) {
  v.integer({"Jgdm", "code"}, x.code, k_required, 1);
  v.text({"Dmms", "text"}, x.text, k_optional, 1, 255);
};

inline constexpr auto result = [](auto& v, auto& x) {
  v.each({"Jgxx", "codes"}, Order::any, k_required, x.codes, result_code);
  v.integer({"Czlx", "operation"}, x.operation, k_required, 1, 7);  // 35 is documented all the same
  v.text({"Bs", "mark"}, x.mark, k_optional, 1, 255);
  remark(v, x);
};

inline constexpr auto decision = [](auto& v, auto& x) {
  v.text({"Shrxm", "reviewer"}, x.reviewer, k_optional, 1, 128);
  v.text({"Shr_dhhm", "phone"}, x.phone, k_optional, 11, 128);
  v.text({"Shsj", "time"}, x.time, k_required, 10, 22);
  v.text({"Shyj", "opinion"}, x.opinion, k_optional, 1, 1024);
  // 1 passed, 0 refused: the opposite sense of Hsjg and Bazt. Anything else must not read as "no".
  v.flag({"Shjg", "passed"}, x.passed, k_required, 1, true);
  v.integer({"Czlx", "operation"}, x.operation, k_optional, 1, 7);
  v.integer({"Jlid", "record"}, x.record, k_optional, 1);
};

inline constexpr auto published_organiser = [](auto& v, auto& x) {
  v.integer({"IspZtid", "isp_id"}, x.isp_id, k_optional, 1);
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.integer({"Ztid", "id"}, y.id, k_required, 1);
  });
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.integer({"Dwxz", "nature"}, x.nature, k_optional, 1, 999);
  v.group({"Txdz", "address", ""}, Order::any, k_required, x.address, address(k_optional));
  v.group({"Zj", "certificate", ""}, Order::any, k_required, x.certificate, certificate(999, 128));
  v.group(k_principal, Order::any, k_required, x.principal,
          person({.mobile = k_optional, .most_number = 255}));
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.text({"Baxh", "number"}, y.number, k_optional, 1, 128);
  });
  v.flag({"Bbyhlx", "filed_by_provider"}, x.filed_by_provider, k_required, 1, false);
  v.text({"Tzr", "investor"}, x.investor, k_optional, 1, 255);
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.text({"Scbbsj", "first_filed"}, y.first_filed, k_required, 10, 22);
    w.text({"Zjxgsj", "last_changed"}, y.last_changed, k_required, 10, 22);
  });
  v.text({"Zsyxq", "paper_until"}, x.paper_until, k_optional, 10, 22);
  v.text({"Zslj", "paper_path"}, x.paper_path, k_optional, 1, 255);
  v.text({"Zsxh", "paper_serial"}, x.paper_serial, k_optional, 1, 128);
  v.text({"Shrxm", "reviewer"}, x.reviewer, k_optional, 1, 128);
  v.text({"Shsj", "reviewed"}, x.reviewed, k_optional, 10, 22);
  v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
};

inline constexpr auto published_filing = [](auto& v, auto& x) {
  v.group({"Zt_xx", "organiser"}, Order::any, k_required, x.organiser, published_organiser);
  websites(k_published_website)(v, x.websites);
  remark(v, x);
};

inline constexpr auto cancelled_record = [](auto& v, auto& x) {
  v.integer({"Zxlb", "scope"}, x.scope, k_required, 0, 1);  // the text knows 2, an access, too
  v.integer({"Jlid", "record"}, x.record, k_required, 1);
  remark(v, x);
};

inline constexpr auto blacklisted_organiser = [](auto& v, auto& x) {
  v.wrap("Zt_xx", Order::any, k_optional, [&](auto& w) {
    w.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
    w.integer({"Dwxz", "nature"}, x.nature, k_optional, 1, 999);
    w.wrap("Zj", Order::any, k_required, [&](auto& inner) {
      inner.integer({"Zjlx", "certificate_type"}, x.certificate_type, k_required, 1, 999);
      inner.text({"Zjhm", "certificate_number"}, x.certificate_number, k_required, 1, 255);
    });
  });
  v.integer({"Czlx", "list_change"}, x.list_change, k_required, 0, 2);
  remark(v, x);
};

inline constexpr auto blacklisted_website = [](auto& v, auto& x) {
  v.wrap("Wz_xx", Order::sequence, k_required, [&](auto& w) {
    w.text({"Wzmc", "name"}, x.name, k_required, 1, 512);
    w.singles("Ym_xx", {"Ym", "domains"}, x.domains, 4, 128);
    w.text({"Syurl", "home_url"}, x.home_url, k_optional, 4, 255);
  });
  v.integer({"Czlx", "list_change"}, x.list_change, k_required, 0, 2);
  remark(v, x);
};

inline constexpr auto illegal_access = [](auto& v, auto& x) {
  v.integer({"Id", "id"}, x.id, k_required, 1);
  v.text({"Ym", "domain"}, x.domain, k_required, 4, 128);
  v.integer({"Ip", "ip"}, x.ip, k_required, 1, k_max_ipv4);
  v.integer({"Zjjrz", "provider"}, x.provider, k_required, 1);
  v.integer({"Szs", "province"}, x.province, k_required, 1);
  v.text({"Dqjcsj", "detected"}, x.detected, k_required, 10, 22);
  remark(v, x);
};

inline constexpr auto unfiled_website = [](auto& v, auto& x) {
  v.integer({"Id", "id"}, x.id, k_required, 1);
  v.text({"Wzym_mc", "domain"}, x.domain, k_required, 1, 128);
  v.numbers("Yylb", k_optional, {"Yylb_id", "languages"}, x.languages, 64, 256);
  v.integer({"IP", "ip"}, x.ip, k_required, 1, k_max_ipv4);
  v.text({"Dqjcsj", "last_detected"}, x.last_detected, k_optional, 10, 22);
  v.integer({"Jccs", "times_detected"}, x.times_detected, k_optional, 0);
  v.integer({"Sssh", "province"}, x.province, k_optional, 1);
  v.text({"Scjcsj", "first_detected"}, x.first_detected, k_optional, 10, 22);
  v.integer({"Jrs", "provider"}, x.provider, k_optional, 1);
  v.integer({"Yys", "carrier"}, x.carrier, k_required, 1);
  remark(v, x);
};

inline constexpr auto task_organiser = [](auto& v, auto& x) {
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.integer({"Ztid", "id"}, y.id, k_required, 1);
  });
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.integer({"Dwxz", "nature"}, x.nature, k_optional, 1, 999);
  v.group({"Txdz", "address", ""}, Order::any, k_required, x.address, address(k_optional));
  v.group({"Zj", "certificate", ""}, Order::any, k_required, x.certificate, certificate(999, 255));
  v.group(k_principal, Order::any, k_required, x.principal, person({.mobile = k_optional}));
  v.text({"Tzr", "investor"}, x.investor, k_optional, 1, 255);
  v.flag({"Bbyhlx", "filed_by_provider"}, x.filed_by_provider, k_required, 1, false);
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.text({"Scbbsj", "first_filed"}, y.first_filed, k_required, 10, 22);
    w.text({"Zjxgsj", "last_changed"}, y.last_changed, k_optional, 10, 22);
  });
  v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
};

inline constexpr auto verification_task = [](auto& v, auto& x) {
  v.group({"Zt_xx", "organiser"}, Order::any, k_required, x.organiser, task_organiser);
  websites(k_task_website)(v, x.websites);
  remark(v, x);
};

inline constexpr auto organiser_finding = [](auto& v, auto& x) {
  v.integer({"Ztid", "organiser_id"}, x.organiser_id, k_required, 1);
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.integer({"Zjlx", "certificate_type"}, x.certificate_type, k_required, 1, 999);
  v.text({"Zjhm", "certificate_number"}, x.certificate_number, k_required, 1, 255);
  v.text({"Cwyy", "reason"}, x.reason, k_optional, 1, 512);
  remark(v, x);
};

inline constexpr auto access_finding = [](auto& v, auto& x) {
  v.integer({"Wzid", "website_id"}, x.website_id, k_required, 1);
  v.text({"Wz_Baxh", "website_number"}, x.website_number, k_required, 5, 255);
  v.text({"Ym", "domain"}, x.domain, k_optional, 4, 255);
  v.integer({"Jxip", "resolved_ip"}, x.resolved_ip, k_optional, 0, k_max_ipv4);
  v.integer({"Bbisp", "provider"}, x.provider, k_optional, 1);
  v.integer({"Hcjg", "finding"}, x.finding, k_required, 1, 2);
  v.text({"Hcsj", "inspected"}, x.inspected, k_required, 10, 22);
  v.integer({"Jrid", "access_id"}, x.access_id, k_optional, 1);
  remark(v, x);
};

inline constexpr auto hollow_website = [](auto& v, auto& x) {
  v.integer({"Wzid", "website_id"}, x.website_id, k_required, 1);
  v.text({"Wz_Baxh", "website_number"}, x.website_number, k_required, 5, 255);
  v.flag({"Hcjg", "dead"}, x.dead, k_required, 1, false);
  v.text({"Hcsj", "inspected"}, x.inspected, k_required, 10, 22);
  v.text({"Syurl", "home_url"}, x.home_url, k_optional, 7, 255);
  remark(v, x);
};

inline constexpr auto liveness = [](auto& v, auto& x) {
  v.integer({"Wzid", "website_id"}, x.website_id, k_required, 1);
  v.text({"Wz_Baxh", "website_number"}, x.website_number, k_required, 5, 255);
  v.text({"Syurl", "home_url"}, x.home_url, k_optional, 4, 255);
  v.text({"Hcsj", "inspected"}, x.inspected, k_required, 10, 22);
  remark(v, x);
};

inline constexpr auto inspection = [](auto& v, auto& x) {
  v.wrap("Jgxx", Order::sequence, k_required, [&](auto& w) {
    w.each({"Zthc", "organisers"}, Order::any, k_optional, x.organisers, organiser_finding);
    w.each({"Jrhc", "accesses"}, Order::any, k_optional, x.accesses, access_finding);
    w.each({"Kkwzhc", "hollow_websites"}, Order::any, k_optional, x.hollow_websites,
           hollow_website);
    w.each({"Wzch", "liveness"}, Order::any, k_optional, x.liveness, liveness);
  });
};

inline constexpr auto rectification_notice = [](auto& v, auto& x) {
  v.integer({"Tzlb", "scope"}, x.scope, k_required, 0, 1);
  v.text({"Baxh", "number"}, x.number, k_optional, 1, 128);
  v.integer({"Jlid", "record"}, x.record, k_optional, 1);
  v.text({"Tznr", "text"}, x.text, k_required, 1, 255);
  remark(v, x);
};

}  // namespace beian::bureau::v30::shape
