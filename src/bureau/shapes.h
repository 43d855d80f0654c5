// The two kinds of data file, from their roots.
#pragma once

#include "bureau/messages.h"
#include "bureau/shapes_codes.h"
#include "bureau/shapes_domain.h"
#include "bureau/shapes_ip.h"
#include "bureau/shapes_news.h"
#include "bureau/shapes_orders.h"

namespace beian::bureau::v30::shape {

inline constexpr auto unit = [](auto& v, auto& x) {
  v.integer({"Qqdwid", "unit"}, x.unit, k_required, 1);
};

inline constexpr auto has_orders = [](const Upload& x) {
  return !(x.new_filings.empty() && x.new_websites.empty() && x.new_accesses.empty() &&
           x.changes.empty() && x.verification_answers.empty() && x.unfiled_answers.empty() &&
           x.cancellations.empty() && x.materials.empty());
};

inline constexpr auto upload = [](auto& v, auto& x) {
  const bool of_filings = x.ip.empty() && x.domains.empty();
  v.branch("ICP", Order::any, of_filings || has_orders(x), [&](auto& w) {
    w.list("XZBA", {"Baxx", "new_filings", ""}, Order::sequence, x.new_filings, new_filing);
    w.list("XZWZ", {"Xzxx", "new_websites", ""}, Order::sequence, x.new_websites, new_websites);
    w.list("XZJR", {"Xzxx", "new_accesses", ""}, Order::sequence, x.new_accesses, new_access);
    w.list("BGBA", {"Bgxx", "changes", ""}, Order::sequence, x.changes, change);
    w.list("HSJG", {"Hsjgxx", "verification_answers", ""}, Order::any, x.verification_answers,
           verification_answer);
    w.list("WBACLJG", {"Clxx", "unfiled_answers", ""}, Order::sequence, x.unfiled_answers,
           unfiled_answer);
    w.list("ZXBA", {"Zx_xx", "cancellations", ""}, Order::sequence, x.cancellations, cancellation);
    w.list("XZHYD", {"Fjxx", "materials", ""}, Order::sequence, x.materials, attachment(false));
    unit(w, x);
  });
  v.branch("IP", Order::any, !x.ip.empty(), [&](auto& w) {
    w.part(whole("ip"), x.ip, [](auto& inner, auto& ip) {
      const auto operation = [&](const char* xml, const char* json, auto& records, auto shape) {
        inner.wrap(xml, Order::any, k_optional,
                   [&](auto& z) { z.part(whole(json), records, shape); });
      };
      operation("XZBA", "added", ip.added, ip_added);
      operation("XGBA", "changed", ip.changed, ip_changed);
      operation("SCBA", "deleted", ip.deleted, ip_deleted);
    });
    unit(w, x);
  });
  v.branch("YM", Order::any, !x.domains.empty(), [&](auto& w) {
    w.part(whole("domains"), x.domains, domain_upload);
    unit(w, x);
  });
};

inline constexpr auto download = [](auto& v, auto& x) {
  v.branch("ICP", Order::any, true, [&](auto& w) {
    w.list("BASJ", {"Baxx", "published", ""}, Order::sequence, x.published, published_filing);
    w.list("ZXSJ", {"Zxxx", "cancelled", ""}, Order::any, x.cancelled, cancelled_record);
    w.wrap("HMDLB", Order::sequence, k_optional, [&](auto& inner) {
      inner.each({"Zthmdxxs", "blacklisted_organisers", ""}, Order::sequence, k_optional,
                 x.blacklisted_organisers, blacklisted_organiser);
      inner.each({"Wzhmdxxs", "blacklisted_websites", ""}, Order::sequence, k_optional,
                 x.blacklisted_websites, blacklisted_website);
    });
    w.list("FFJRHMD", {"Ffjrxx", "illegal_accesses", ""}, Order::any, x.illegal_accesses,
           illegal_access);
    w.list("WBAWZLB", {"Wbawz_xx", "unfiled_websites", ""}, Order::sequence, x.unfiled_websites,
           unfiled_website);
    w.wrap("BAJG", Order::sequence, k_optional, [&](auto& inner) {
      inner.each({"Jg_xx", "results", ""}, Order::sequence, k_optional, x.results, result);
      inner.list("GJSHS", {"Gjsh", "decisions", ""}, Order::any, x.decisions, decision);
    });
    w.list("HSRW", {"Baxx", "verification_tasks", ""}, Order::sequence, x.verification_tasks,
           verification_task);
    w.wrap("HCJG", Order::sequence, k_optional,
           [&](auto& inner) { inner.part(whole("inspection"), x.inspection, inspection); });
    w.list("XGTZ", {"Tzxx", "notices", ""}, Order::any, x.notices, rectification_notice);
  });
  v.branch("IP", Order::any, true, [&](auto& w) { w.part(whole("ip"), x.ip, ip_download); });
  v.branch("YM", Order::any, true, [&](auto& w) {
    w.list("BAJG", {"Jg_xx", "domain_results", ""}, Order::sequence, x.domain_results,
           domain_result);
  });
  v.branch("JCDM", Order::any, true, [&](auto& w) { w.part(whole("codes"), x.codes, code_lists); });
  v.branch("SJTB", Order::choice, true, [&](auto& w) {
    w.part(whole("synchronisation"), x.synchronisation, [](auto& inner, auto& all) {
      inner.list("ICP", {"Baxx", "filings", ""}, Order::sequence, all.filings, published_filing);
      inner.wrap("IP", Order::any, k_optional,
                 [&](auto& z) { z.part(whole("ips"), all.ips, ip_held); });
      inner.list("YM", {"Ymxx", "domains", ""}, Order::any, all.domains,
                 domain_record(k_required, k_required));
      inner.wrap("JCDM", Order::any, k_optional,
                 [&](auto& z) { z.part(whole("codes"), all.codes, code_lists); });
    });
  });
};

}  // namespace beian::bureau::v30::shape
