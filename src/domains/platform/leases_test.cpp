// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/leases.h"

#include "domains/crm/customer.h"
#include "domains/platform/rights.h"
#include "domains/platform/settings.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class Leases : public ::testing::Test {
 protected:
  void SetUp() override {
    lane.admit("ana", "staff", {"customers:all"});
    lane.admit("ben", "staff", {"customers:all"});
    Customer customer;
    customer.name = "Shared";
    subject = subject_of(lane.save(customer));
    request = {{"subject", Json(subject_text(subject))}};
  }
  Json take(const char* who, bool over = false) {
    auto members = request;
    if (over) members.push_back({"take_over", Json(true)});
    return lane.as(who).run("leases/take", members);
  }
  std::string holder() {
    const auto lease = lease_on(lane.tx, subject, lane.tx.now());
    return lease ? lease->name : "nobody";
  }
  void make_binding() {
    auto settings = settings_of(lane.tx);
    settings.binding_leases = {"customers"};
    lane.as_system().save(settings);
  }

  TestTenant lane;
  Subject subject;
  JsonObject request;
};

TEST_F(Leases, OneHoldsItAndOthersAreToldWho) {
  EXPECT_EQ(text_of(take("ana"), "user_name"), "ana");
  try {
    take("ben");
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::leased);
    const auto extra = parse_json("{" + refusal.extra + "}");
    EXPECT_EQ(text_of(*extra.find("holder"), "name"), "ana");
    EXPECT_EQ(text_of(*extra.find("holder"), "expires_at"), rfc3339(lane.tx.now() + limits::lease_time));
  }
  EXPECT_EQ(holder(), "ana");
}

TEST_F(Leases, TakingAgainRenews) {
  take("ana");
  lane.tx.advance(seconds(20));
  take("ana");
  lane.tx.advance(seconds(20));
  EXPECT_EQ(holder(), "ana");
  lane.run("leases/renew", request);
  lane.tx.advance(seconds(20));
  EXPECT_EQ(holder(), "ana");
  EXPECT_EQ(lane.tx.count(type_of<Lease>(), {}), 1);
}

TEST_F(Leases, AnExpiredOneIsNobodys) {
  take("ana");
  lane.tx.advance(limits::lease_time);
  EXPECT_EQ(holder(), "nobody");
  take("ben");
  EXPECT_EQ(holder(), "ben");
  EXPECT_EQ(refusal_of([&] { lane.as("ana").run("leases/renew", request); }), ErrorCode::leased);
}

TEST_F(Leases, CanBeTakenOver) {
  take("ana");
  take("ben", true);
  EXPECT_EQ(holder(), "ben");
  EXPECT_EQ(refusal_of([&] { lane.as("ana").run("leases/release", request); }), ErrorCode::leased);
}

TEST_F(Leases, ReleasingIsFreeForTheNextAndHarmlessTwice) {
  take("ana");
  EXPECT_EQ(*lane.run("leases/release", request).find("released"), Json(true));
  EXPECT_EQ(*lane.run("leases/release", request).find("released"), Json(false));
  take("ben");
  EXPECT_EQ(holder(), "ben");
}

TEST_F(Leases, OnlyWhoSeesAndMayWriteTheRecordHoldsIt) {
  EXPECT_EQ(refusal_of([&] { take("staff"); }), ErrorCode::not_found) << "not assigned";
  EXPECT_EQ(refusal_of([&] { take("viewer"); }), ErrorCode::forbidden);
  EXPECT_EQ(refusal_of([&] { take("guest"); }), ErrorCode::forbidden);
  lane.as_system();
  EXPECT_EQ(refusal_of([&] { lane.run("leases/take", request); }), ErrorCode::forbidden);
  request = {{"subject", Json(type_id_text("customer", lane.people["ana"].uuid))}};
  EXPECT_EQ(refusal_of([&] { take("ana"); }), ErrorCode::not_found);
  request = {{"subject", Json("nonsense")}};
  EXPECT_EQ(refusal_of([&] { take("ana"); }), ErrorCode::not_found);
}

TEST_F(Leases, BindsWhereTheTenantSaysSo) {
  take("ana");
  EXPECT_FALSE(lease_binds(lane.tx, type_of<Customer>()));
  make_binding();
  EXPECT_TRUE(lease_binds(lane.tx, type_of<Customer>()));
  const auto lease = lease_on(lane.tx, subject, lane.tx.now());
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->user, lane.people["ana"].uuid);
  EXPECT_FALSE(lease_on(lane.tx, subject, lane.tx.now() + limits::lease_time));
}

TEST_F(Leases, ExpiredOnesAreErased) {
  take("ana");
  lane.tx.attempt([&] { return purge_leases(lane.tx); });
  EXPECT_EQ(lane.tx.count(type_of<Lease>(), {}), 1);
  lane.tx.advance(limits::lease_time);
  lane.tx.attempt([&] { return purge_leases(lane.tx); });
  EXPECT_EQ(lane.tx.count(type_of<Lease>(), {}), 0);
}

}  // namespace
}  // namespace interlock::domains
