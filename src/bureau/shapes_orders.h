// Shapes of the orders (UploadData/ICP) and of the two answers to a bureau's tasks.
#pragma once

#include "bureau/messages_news.h"
#include "bureau/shapes_records.h"

namespace beian::bureau::v30::shape {

inline constexpr WebsiteRules k_new_website = {.website = {.isp = k_required},
                                               .domain = {.isp = k_required},
                                               .access = {.isp = k_required},
                                               .ip = {.isp = k_required}};

// Among the others the one that allows a longer address.
inline constexpr WebsiteRules k_added_website = [] {
  WebsiteRules rules = k_new_website;
  rules.most_url = 512;
  return rules;
}();

inline constexpr WebsiteRules k_changed_website = {
    .website = {.bureau = k_required},
    .domain = {.isp = k_required, .bureau = k_optional},
    .access = {.bureau = k_required},
    .ip = {.isp = k_required, .bureau = k_optional},
    .most_remark = k_no_limit,
    .number_before_url = k_required};

inline constexpr WebsiteRules k_verified_website = {
    .website = {.bureau = k_required},
    .domain = {.bureau = k_required},
    .access = {.bureau = k_required},
    .ip = {.bureau = k_required},
    .languages = k_never,
    .answer = true,
    .manager_order = Order::sequence,
    .manager = {.name = k_required, .mobile = k_optional, .mobile_element = "sjhm"}};

inline constexpr Name k_principal = {"Fzr", "principal", "/principal"};

inline constexpr auto new_organiser = [](auto& v, auto& x) {
  v.integer({"IspZtid", "isp_id"}, x.isp_id, k_required, 1);
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.integer({"Dwxz", "nature"}, x.nature, k_optional, 1, 999);
  v.text({"Tzr", "investor"}, x.investor, k_optional, 1, 255);
  v.group({"Txdz", "address", ""}, Order::any, k_required, x.address, address(k_required));
  v.group({"Zj", "certificate", ""}, Order::sequence, k_required, x.certificate,
          certificate(999, 255));
  v.group(k_principal, Order::sequence, k_required, x.principal, person({}));
  v.flag({"Bbfs", "filed_by_provider"}, x.filed_by_provider, k_required, 1, false);
  v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
};

inline constexpr auto changed_organiser = [](auto& v, auto& x) {
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.integer({"Ztid", "id"}, y.id, k_required, 1);
  });
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.text({"Baxh", "number"}, y.number, k_required, 1, 128);
  });
  v.integer({"Dwxz", "nature"}, x.nature, k_optional, 1, 999);
  v.text({"Tzr", "investor"}, x.investor, k_optional, 1, 255);
  v.group({"Txdz", "address", ""}, Order::sequence, k_required, x.address, address(k_required));
  v.group({"Zj", "certificate", ""}, Order::sequence, k_required, x.certificate,
          certificate(11, 255));
  v.group(k_principal, Order::any, k_required, x.principal, person({}));
  v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
};

inline constexpr auto verified_organiser = [](auto& v, auto& x) {
  v.part({nullptr, "publication"}, x.publication, [](auto& w, auto& y) {
    w.integer({"Ztid", "id"}, y.id, k_required, 1);
  });
  v.text({"Dwmc", "name"}, x.name, k_required, 1, 255);
  v.integer({"Dwxz", "nature"}, x.nature, k_optional, 1, 999);
  v.group({"Txdz", "address", ""}, Order::any, k_required, x.address, address(k_required));
  v.text({"Tzr", "investor"}, x.investor, k_optional, 1, 255);
  v.group({"Zj", "certificate", ""}, Order::any, k_required, x.certificate, certificate(999, 255));
  v.group(k_principal, Order::any, k_required, x.principal, person({.mobile_element = "sjhm"}));
  v.text({"Bz", "remark"}, x.remark, k_optional, 1, 1024);
};

inline constexpr Name k_websites = {"Wz_xx", "websites", "sites"};

constexpr auto websites(WebsiteRules rules) {
  return [rules](auto& v, auto& x) {
    v.each(k_websites, Order::sequence, k_required, x, website(rules));
  };
}

inline constexpr auto password = [](auto& v, auto& x, Need need) {
  v.text({"ICPmm", "password_hash"}, x.password_hash, need, 1, 32);
};

inline constexpr auto new_filing = [](auto& v, auto& x) {
  v.group({"Zt_xx", "organiser"}, Order::any, k_required, x.organiser, new_organiser);
  websites(k_new_website)(v, x.websites);
  attachments(true)(v, x.attachments);
};

inline constexpr auto new_websites = [](auto& v, auto& x) {
  v.wrap("Zt_xx", Order::choice, k_required, [&](auto& w) {
    w.either({"Ztid", "organiser_id"}, x.organiser_id, {"Ztbah", "organiser_number"},
             x.organiser_number, 1, 128);
  });
  websites(k_added_website)(v, x.websites);
  attachments(false)(v, x.attachments);
  password(v, x, k_optional);
};

inline constexpr auto new_access = [](auto& v, auto& x) {
  v.wrap("Wz_xx", Order::choice, k_required, [&](auto& w) {
    w.either({"Wzid", "website_id"}, x.website_id, {"Wzbah", "website_number"}, x.website_number, 1,
             128);
  });
  v.part({nullptr, "access"}, x.access, [](auto& w, auto& y) {
    w.integer({"IspJrid", "isp_id"}, y.isp_id, k_required, 1);
    access_content({.isp = k_required})(w, y);
  });
  attachments(false)(v, x.attachments);
  password(v, x, k_required);
};

inline constexpr auto change = [](auto& v, auto& x) {
  v.group({"Zt_xx", "organiser"}, Order::any, k_required, x.organiser, changed_organiser);
  websites(k_changed_website)(v, x.websites);
  attachments(false)(v, x.attachments);
  password(v, x, k_optional);
};

inline constexpr auto cancellation = [](auto& v, auto& x) {
  v.integer({"Zxlb", "scope"}, x.scope, k_required, 0, 2);
  v.integer({"Jlid", "record"}, x.record, k_required, 1);
  v.integer({"Zxly", "reason"}, x.reason, k_required, 1, 999);
  v.text({"Zxlybz", "reason_text"}, x.reason_text, k_optional, 1, 1000);
  password(v, x, k_optional);
};

inline constexpr auto verification_answer = [](auto& v, auto& x) {
  v.flag({"Hsjg", "passed"}, x.passed, k_required, 0, true);
  v.text({"Hsrxm", "verifier"}, x.verifier, k_required, 1, 128);
  v.text({"Hssj", "verified"}, x.verified, k_required, 10, 10);
  v.integer({"Bbdw", "unit"}, x.unit, k_required, 1);
  v.text({"Hsyj", "opinion"}, x.opinion, k_required, 1, 1024);
  v.text({"Cwxx", "errors"}, x.errors, k_optional, 1, 4000);
  v.wrap("Baxx", Order::sequence, k_required, [&](auto& w) {
    w.group({"Zt_xx", "organiser"}, Order::any, k_required, x.organiser, verified_organiser);
    websites(k_verified_website)(w, x.websites);
  });
};

inline constexpr auto unfiled_answer = [](auto& v, auto& x) {
  v.text({"Ym", "domain"}, x.domain, k_required, 4, 128);
  v.integer({"IP", "ip"}, x.ip, k_required, 1, k_max_ipv4);
  v.integer({"Yys", "carrier"}, x.carrier, k_required, 1);
  v.integer({"Jrs", "provider"}, x.provider, k_required, 1);
  v.integer({"Shengid", "province"}, x.province, k_required, 1);
  v.integer({"Cljg", "outcome"}, x.outcome, k_required, 1, 999);
  v.text({"Clyj", "opinion"}, x.opinion, k_required, 1, 255);
  v.text({"Rbsj", "listed"}, x.listed, k_required, 10, 10);
  v.text({"Clsx", "deadline"}, x.deadline, k_required, 10, 10);
  v.text({"Sbrxm", "reporter_name"}, x.reporter_name, k_optional, 1, 128);
  v.text({"Sbrdh", "reporter_phone"}, x.reporter_phone, k_optional, 11, 128);
  v.text({"Sbrdzyj", "reporter_email"}, x.reporter_email, k_optional, 6, 128);
};

}  // namespace beian::bureau::v30::shape
