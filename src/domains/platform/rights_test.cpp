// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/rights.h"

#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

TEST(Rights, NobodyUnknownInvitedOrDisabledActs) {
  TestTenant lane;
  EXPECT_EQ(refusal_of([&] { lane.tx.as_user(lane.tx.new_id<User>().uuid); }), ErrorCode::unauthenticated);
  EXPECT_EQ(refusal_of([&] { lane.tx.as_user(Uuid{}); }), ErrorCode::unauthenticated);
  const auto invited =
      lane.as("admin").run("users/invite", {{"email", Json("new@example.com")}, {"role", Json("admin")}});
  EXPECT_EQ(refusal_of([&] { lane.tx.as_user(*parse_type_id("user", text_of(invited, "id"))); }),
            ErrorCode::unauthenticated);
}

TEST(Rights, AnAnonymousCallerMayNothingAndSeesNothing) {
  TestTenant lane;
  Caller caller;
  caller.anonymous = "cookie";
  lane.tx.as(caller);
  EXPECT_FALSE(lane.tx.actor().allows("customers.read"));
  EXPECT_EQ(lane.tx.actor().scope("customers"), Scope::none);
}

TEST(Rights, OnThePlatformsLaneOnlyTheSystemActs) {
  TestPlatform platform;
  EXPECT_TRUE(platform.tx.actor().system);
  EXPECT_EQ(refusal_of([&] { platform.tx.as_user(platform.tx.new_id<User>().uuid); }), ErrorCode::unauthenticated);
}

TEST(Rights, NothingOfThePlatformsOwnIsReachedByMembers) {
  for (const auto* type : test_schema().types(LaneKind::platform)) {
    if (test_schema().lane_of(*type) != LaneKind::platform) continue;
    EXPECT_FALSE(type->options.readable || type->options.creatable || type->options.deletable) << type->collection;
  }
  for (const auto& [name, op] : test_schema().operations())
    EXPECT_TRUE(op.lane == LaneKind::tenant || op.access == Access::system) << name;
}

TEST(Rights, NamesArePeoplesNamesOrElseTheirAddresses) {
  TestTenant lane;
  EXPECT_EQ(user_name(lane.tx, lane.people["staff"].uuid), "staff");
  auto user = lane.user("staff");
  user.name.clear();
  lane.save(user);
  EXPECT_EQ(user_name(lane.tx, user.id), "staff@example.com");
  EXPECT_EQ(user_name(lane.tx, Uuid{}), "");
}

}  // namespace
}  // namespace interlock::domains
