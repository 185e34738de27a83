// SPDX-License-Identifier: Apache-2.0
#include "domains/catalogue/catalogue.h"

#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class Catalogue : public ::testing::Test {
 protected:
  Partner partner(const std::string& website = "") {
    Partner made;
    made.name = "Riverside College";
    made.website = website;
    return lane.save(made);
  }
  Product product(const Partner& of, std::optional<std::int64_t> price = {}, const std::string& currency = "") {
    Product made;
    made.partner = id_of(of);
    made.name = "Nursing";
    made.price_minor = price;
    made.currency = currency;
    return lane.save(made);
  }
  bool allowed(const char* who, const char* permission) { return lane.as(who).tx.actor().allows(permission); }

  TestTenant lane;
};

TEST_F(Catalogue, APriceHasACurrencyAndACurrencyAPrice) {
  const auto of = partner();
  EXPECT_EQ(product(of, 250'000, "CAD").currency, "CAD");
  EXPECT_EQ(product(of, 0).currency, "EUR") << "the tenant's own";
  EXPECT_EQ(product(of, {}, "CAD").currency, "");
  EXPECT_EQ(refusal_of([&] { product(of, 1, "dollars"); }), ErrorCode::invalid_value);
}

TEST_F(Catalogue, AWebsiteIsAWebAddress) {
  EXPECT_EQ(partner("https://riverside.example").website, "https://riverside.example");
  for (const char* website : {"javascript:alert(1)", "riverside.example", "data:text/html,x", " https://x.example"})
    EXPECT_EQ(refusal_of([&] { partner(website); }), ErrorCode::invalid_value) << website;
}

TEST_F(Catalogue, APartnerWithProductsStays) {
  auto of = partner();
  auto made = product(of);
  const auto remove = [&](auto record) {
    return refusal_of([&] { lane.tx.attempt([&] { lane.tx.remove(record); }); });
  };
  EXPECT_EQ(remove(of), ErrorCode::referenced);
  EXPECT_EQ(remove(made), ErrorCode::internal);
  EXPECT_EQ(remove(of), ErrorCode::internal);
  EXPECT_EQ(refusal_of([&] { product(of); }), ErrorCode::unknown_reference);
}

TEST_F(Catalogue, StaffKeepsItAdminsTakeSomethingOutViewersLook) {
  for (const char* family : {"partners", "products"}) {
    const std::string name(family);
    for (const char* who : {"owner", "admin"}) EXPECT_TRUE(allowed(who, (name + ".delete").c_str())) << who;
    EXPECT_TRUE(allowed("staff", (name + ".write").c_str()));
    EXPECT_FALSE(allowed("staff", (name + ".delete").c_str()));
    EXPECT_TRUE(allowed("viewer", (name + ".read").c_str()));
    EXPECT_FALSE(allowed("viewer", (name + ".write").c_str()));
    EXPECT_FALSE(allowed("guest", (name + ".read").c_str()));
    for (const char* who : {"staff", "viewer"}) EXPECT_EQ(lane.as(who).tx.actor().scope(name), Scope::all) << who;
  }
}

TEST_F(Catalogue, OfAMemberWhoSeesAssignedPartnersOnlyProductsFollowTheirOwnScope) {
  lane.admit("narrow", "staff", {"partners:assigned"});
  const auto hidden = partner();
  const auto shown = product(hidden);
  lane.as("narrow");
  EXPECT_FALSE(is_visible(lane.tx, lane.tx.actor(), type_of<Partner>(), &hidden));
  EXPECT_TRUE(is_visible(lane.tx, lane.tx.actor(), type_of<Product>(), &shown));
  EXPECT_EQ(refusal_of([&] { product(hidden); }), ErrorCode::unknown_reference);
}

}  // namespace
}  // namespace interlock::domains
