#include "filing/product.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

Day day(const char* text) { return *parse_day(text); }

ProductFacts server() {
  ProductFacts product;
  product.kind = ProductKind::server;
  product.owner = 1;
  product.ips = {"106.2.48.1", "2001:db8::1"};
  product.term_from = day("2026-09-01");
  product.term_until = day("2026-11-30");
  product.slots = 5;
  product.slots_used = 4;
  return product;
}

ProductFacts host() {
  ProductFacts product = server();
  product.kind = ProductKind::virtual_host;
  product.ips.clear();
  product.host_name = "h1.example.cn";
  return product;
}

std::vector<std::string> codes(const ProductFacts& product, const ProductClaim& claim,
                               const char* today = "2026-11-23") {
  std::vector<std::string> found;
  for (const Problem& one : check_product(product, claim, day(today))) found.push_back(one.code);
  return found;
}

using Codes = std::vector<std::string>;

TEST(Product, AServerOfThreeMonthsWithAFreeSlotWillDo) {
  EXPECT_EQ(codes(server(), {1, {"106.2.48.1", "2001:DB8:0::1"}, "", false}), Codes{});
  EXPECT_EQ(codes(host(), {1, {}, "H1.example.cn.", false}), Codes{});
}

TEST(Product, SaysEverythingThatSpeaksAgainstIt) {
  ProductFacts product = server();
  product.term_until = day("2026-11-29");
  product.slots_used = 5;
  EXPECT_EQ(codes(product, {1, {"106.2.48.9"}, "", false}),
            (Codes{"product_term_short", "product_slots", "product_ip"}));
}

TEST(Product, ATermIsOverOnTheDayAfterItsLast) {
  EXPECT_EQ(codes(server(), {1, {}, "", false}, "2026-11-30"), Codes{});
  EXPECT_EQ(codes(server(), {1, {}, "", false}, "2026-12-01"), Codes{"product_expired"});
}

TEST(Product, TellsNothingAboutSomebodyElsesProduct) {
  ProductFacts product = server();
  product.slots_used = 5;
  EXPECT_EQ(codes(product, {2, {"106.2.48.1"}, "", false}), Codes{"product_unknown"});
  EXPECT_EQ(codes(product, {2, {"106.2.48.1"}, "", true}), Codes{"product_slots"});
}

TEST(Product, AVirtualHostIsKnownByItsHostName) {
  EXPECT_EQ(codes(host(), {1, {}, "h2.example.cn", false}), Codes{"product_host_name"});
  EXPECT_EQ(codes(host(), {1, {}, "not a host", false}), Codes{"product_host_name"});
}

TEST(ServiceCode, IsGoodOnceForItsAccount) {
  const ServiceCodeFacts fresh{7, std::nullopt, false};
  EXPECT_FALSE(check_service_code(fresh, 7, 100));
  EXPECT_EQ(check_service_code(fresh, 8, 100)->code, "code_unknown");
  EXPECT_EQ(check_service_code(std::nullopt, 7, 100)->code, "code_unknown");
  EXPECT_EQ(check_service_code(ServiceCodeFacts{7, std::nullopt, true}, 7, 100)->code,
            "code_unknown");
  EXPECT_EQ(check_service_code(ServiceCodeFacts{7, 99, false}, 7, 100)->code, "code_spent");
  EXPECT_FALSE(check_service_code(ServiceCodeFacts{7, 100, false}, 7, 100))
      << "the filing that spent it may be checked again";
}

TEST(ProductKind, NamesGoBothWays) {
  for (ProductKind kind : {ProductKind::server, ProductKind::virtual_host}) {
    EXPECT_EQ(product_kind_from_string(to_string(kind)), kind);
  }
  EXPECT_FALSE(product_kind_from_string("cloud"));
}

}  // namespace
}  // namespace beian
