#include "filing/product.h"

#include <algorithm>
#include <utility>

#include "filing/contact.h"
#include "filing/domain_name.h"
#include "filing/problem.h"

namespace beian {
namespace {

constexpr int k_min_term_months = 3;

// Addresses of the claim that are not the product's, in the claim's spelling.
std::vector<std::string> foreign_ips(const ProductFacts& product, const ProductClaim& claim) {
  std::vector<std::string> own;
  for (const std::string& ip : product.ips) {
    if (auto canonical = canonical_ip(ip)) own.push_back(*canonical);
  }
  std::vector<std::string> foreign;
  for (const std::string& ip : claim.ips) {
    const auto canonical = canonical_ip(ip);
    if (!canonical || std::ranges::find(own, *canonical) == own.end()) foreign.push_back(ip);
  }
  return foreign;
}

void check_term(const ProductFacts& product, Day today, std::vector<Problem>& problems) {
  if (product.term_until < today) {
    problems.push_back(problem("product_expired", {{"until", day_to_string(product.term_until)}}));
  } else if (product.term_until + std::chrono::days(1) <
             add_months(product.term_from, k_min_term_months)) {
    problems.push_back(
        problem("product_term_short", {{"months", std::to_string(k_min_term_months)},
                                       {"until", day_to_string(product.term_until)}}));
  }
}

void check_place(const ProductFacts& product, const ProductClaim& claim,
                 std::vector<Problem>& problems) {
  if (product.kind == ProductKind::virtual_host) {
    if (claim.host_name.empty()) return;
    const auto typed = parse_host(claim.host_name);
    const auto own = parse_host(product.host_name);
    if (!typed || !own || *typed != *own) problems.push_back(problem("product_host_name"));
    return;
  }
  for (const std::string& ip : foreign_ips(product, claim)) {
    problems.push_back(problem("product_ip", {{"ip", ip}}));
  }
}

}  // namespace

std::string_view to_string(ProductKind kind) {
  return kind == ProductKind::server ? "server" : "virtual_host";
}

std::optional<ProductKind> product_kind_from_string(std::string_view text) {
  if (text == "server") return ProductKind::server;
  if (text == "virtual_host") return ProductKind::virtual_host;
  return std::nullopt;
}

std::vector<Problem> check_product(const ProductFacts& product, const ProductClaim& claim,
                                   Day today) {
  // Somebody else's product is not described any further.
  if (product.owner != claim.account && !claim.by_code) return {problem("product_unknown")};
  std::vector<Problem> problems;
  check_term(product, today, problems);
  if (product.slots_used >= product.slots) {
    problems.push_back(problem("product_slots", {{"slots", std::to_string(product.slots)}}));
  }
  check_place(product, claim, problems);
  return problems;
}

std::optional<Problem> check_service_code(const std::optional<ServiceCodeFacts>& code, Id account,
                                          Id filing) {
  // One answer for wrong, withdrawn and other people's codes: a code must not be guessable by its
  // refusals.
  if (!code || code->revoked || code->for_account != account) return problem("code_unknown");
  if (code->spent_by && *code->spent_by != filing) return problem("code_spent");
  return std::nullopt;
}

}  // namespace beian
