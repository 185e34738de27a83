// SPDX-License-Identifier: Apache-2.0
#include "model/actor.h"

#include "model/test_records.h"

namespace interlock {
namespace {

Actor actor_with(std::vector<std::string> permissions) {
  Actor actor;
  actor.id = test_id(1);
  actor.permissions = std::move(permissions);
  return actor;
}

TEST(Permissions, AreHeldOneByOneByFamilyOrAltogether) {
  const auto one = actor_with({"customers.read", "notes.*"});
  EXPECT_TRUE(one.allows("customers.read"));
  EXPECT_FALSE(one.allows("customers.write"));
  EXPECT_TRUE(one.allows("notes.read"));
  EXPECT_TRUE(one.allows("notes.write"));
  EXPECT_FALSE(one.allows("invoices.read"));
  EXPECT_TRUE(actor_with({"*"}).allows("invoices.read"));
  EXPECT_FALSE(actor_with({}).allows("customers.read"));
}

TEST(Permissions, AFamilyIsItsWholeName) {
  EXPECT_FALSE(actor_with({"customers.*"}).allows("customers-of-others.read"));
  EXPECT_FALSE(actor_with({"customers-of-others.*"}).allows("customers.read"));
  EXPECT_FALSE(actor_with({"custom*", "c.*", ".*", "customers", "", "**"}).allows("customers.read"));
  EXPECT_FALSE(actor_with({"customers.read"}).allows("customers.readers"));
}

TEST(Permissions, WhatNeedsNoneIsOpenToEveryActorAndTheSystemMayEverything) {
  EXPECT_TRUE(actor_with({}).allows(""));
  Actor system;
  system.system = true;
  EXPECT_TRUE(system.allows("customers.redact"));
}

TEST(Scopes, TheCollectionsOwnGoesBeforeTheDefault) {
  auto actor = actor_with({});
  EXPECT_EQ(actor.scope("customers"), Scope::none) << "nothing said is nothing seen";
  actor.scopes[""] = Scope::own;
  EXPECT_EQ(actor.scope("customers"), Scope::own);
  actor.scopes["customers"] = Scope::none;
  EXPECT_EQ(actor.scope("customers"), Scope::none);
  EXPECT_EQ(actor.scope("leads"), Scope::own);
  actor.system = true;
  EXPECT_EQ(actor.scope("customers"), Scope::all);
}

TEST(Callers, KeysBelongToThePersonWhateverTheyCallWith) {
  Caller session, token, other, anonymous, system;
  session.kind = Caller::Kind::user;
  session.user = test_id(1);
  token.kind = Caller::Kind::token;
  token.user = test_id(1);
  token.token = test_id(9);
  other.kind = Caller::Kind::user;
  other.user = test_id(2);
  anonymous.anonymous = "cookie";
  system.kind = Caller::Kind::system;
  EXPECT_EQ(session.key_owner(), token.key_owner());
  const std::set<std::string> owners{session.key_owner(), other.key_owner(), anonymous.key_owner(), system.key_owner(),
                                     Caller{}.key_owner()};
  EXPECT_EQ(owners.size(), 5U);
}

}  // namespace
}  // namespace interlock
