// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/users.h"

#include "domains/platform/accounts.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

JsonObject invitation(const char* email, const char* role) { return {{"email", Json(email)}, {"role", Json(role)}}; }
JsonObject by_id(Id<User> id) { return {{"id", json_id(id)}}; }

TEST(Users, AnInvitationMakesAnInvitedMemberAndAsksThePlatformForALink) {
  TestTenant lane;
  const auto user = lane.as("admin").run("users/invite", invitation("New.Person@Example.COM", "staff"));
  EXPECT_EQ(text_of(user, "status"), "invited");
  EXPECT_EQ(text_of(user, "email"), "new.person@example.com");
  ASSERT_EQ(lane.tx.sent.size(), 1U);
  const auto& message = lane.tx.sent.front();
  EXPECT_EQ(message.provider, "lane");
  EXPECT_EQ(message.destination, "00000000000000000000000000000001");
  const auto payload = parse_json(message.payload);
  EXPECT_EQ(text_of(payload, "operation"), "members/invite");
  EXPECT_EQ(text_of(*payload.find("request"), "user"), text_of(user, "id"));
}

TEST(Users, ARefusedInvitationSendsNothing) {
  TestTenant lane;
  lane.as("admin");
  EXPECT_EQ(refusal_of([&] { lane.run("users/invite", invitation("staff@example.com", "staff")); }),
            ErrorCode::not_unique);
  EXPECT_EQ(refusal_of([&] { lane.run("users/invite", invitation("no address", "staff")); }), ErrorCode::invalid_value);
  EXPECT_EQ(refusal_of([&] { lane.run("users/invite", invitation("a@b.c", "boss")); }), ErrorCode::invalid_value);
  EXPECT_TRUE(lane.tx.sent.empty());
}

TEST(Users, AnAddressThatNoMailReachesIsRefusedByItsField) {
  TestTenant lane;
  lane.as("admin");
  for (const char* email : {"a@b", "a@localhost", "a@.b", "a@b.", "a@b..c", "a@."}) {
    try {
      lane.run("users/invite", invitation(email, "staff"));
      ADD_FAILURE() << email;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code, ErrorCode::invalid_value) << email;
      EXPECT_EQ(refusal.field, "email") << email;
    }
  }
  EXPECT_EQ(text_of(lane.run("users/invite", invitation("a@b.c", "staff")), "email"), "a@b.c");
}

TEST(Users, ALinkThatIsHandedOverIsToldToThePlatformByItsDigestOnly) {
  TestTenant lane;
  const auto user = lane.as("admin").run("users/invite", invitation("new@example.com", "staff"));
  lane.tx.sent.clear();
  const auto link = lane.run("users/invitation-link", {{"id", *user.find("id")}});
  const auto token = text_of(link, "token");
  EXPECT_EQ(token.size(), 64U);
  EXPECT_NE(text_of(lane.run("users/invitation-link", {{"id", *user.find("id")}}), "token"), token);
  const auto payload = parse_json(lane.tx.sent.front().payload);
  EXPECT_EQ(text_of(payload, "operation"), "members/invite");
  EXPECT_EQ(text_of(*payload.find("request"), "token_digest"), secret_digest(token));
  for (const auto& message : lane.tx.sent) EXPECT_EQ(message.payload.find(token), std::string::npos);
}

TEST(Users, WhoMayHandALinkOverToWhom) {
  TestTenant lane;
  lane.as("owner").run("users/invite", invitation("later@example.com", "owner"));
  const auto invited = id_of(*lane.tx.first<User>(where(&User::status) == "invited"));
  lane.tx.sent.clear();
  for (const char* who : {"admin", "staff", "viewer", "guest"})
    EXPECT_EQ(refusal_of([&] { lane.as(who).run("users/invitation-link", by_id(invited)); }), ErrorCode::forbidden)
        << who;
  EXPECT_EQ(refusal_of([&] { lane.as("owner").run("users/invitation-link", by_id(lane.people["staff"])); }),
            ErrorCode::no_transition);
  EXPECT_TRUE(lane.tx.sent.empty());
  lane.as("owner").run("users/invitation-link", by_id(invited));
  EXPECT_EQ(lane.tx.sent.size(), 1U);
}

TEST(Users, WhoMayInviteWhom) {
  struct Row {
    const char* who;
    const char* role;
    ErrorCode refusal;  ///< internal: none
  };
  const Row rows[] = {{"owner", "owner", ErrorCode::internal},  {"owner", "admin", ErrorCode::internal},
                      {"admin", "owner", ErrorCode::forbidden}, {"admin", "admin", ErrorCode::internal},
                      {"staff", "guest", ErrorCode::forbidden}, {"viewer", "guest", ErrorCode::forbidden},
                      {"guest", "guest", ErrorCode::forbidden}};
  TestTenant lane;
  int number = 0;
  for (const auto& row : rows) {
    const auto email = "p" + std::to_string(number++) + "@example.com";
    EXPECT_EQ(refusal_of([&] { lane.as(row.who).run("users/invite", invitation(email.c_str(), row.role)); }),
              row.refusal)
        << row.who << " invites " << row.role;
  }
}

TEST(Users, ADisabledMembersNextOperationIsRefused) {
  TestTenant lane;
  lane.as("admin").run("users/disable", by_id(lane.people["staff"]));
  EXPECT_EQ(refusal_of([&] { lane.as("staff"); }), ErrorCode::unauthenticated);
  lane.as("admin").run("users/enable", by_id(lane.people["staff"]));
  lane.as("staff");
  EXPECT_EQ(lane.tx.actor().role, "staff");
}

TEST(Users, StatusFollowsItsTable) {
  TestTenant lane;
  lane.as("admin");
  const auto staff = by_id(lane.people["staff"]);
  EXPECT_EQ(refusal_of([&] { lane.run("users/enable", staff); }), ErrorCode::no_transition);
  lane.run("users/disable", staff);
  EXPECT_EQ(refusal_of([&] { lane.run("users/disable", staff); }), ErrorCode::no_transition);
}

TEST(Users, WhoNeverAcceptedIsInvitedAgainAfterADisable) {
  TestTenant lane;
  lane.as("owner").run("users/invite", invitation("second@example.com", "owner"));
  const auto second = by_id(id_of(*lane.tx.first<User>(where(&User::status) == "invited")));
  lane.run("users/disable", second);
  auto disabled = *lane.tx.first<User>(where(&User::status) == "disabled");
  disabled.status = "active";
  EXPECT_EQ(refusal_of([&] { lane.save(disabled); }), ErrorCode::no_transition);
  EXPECT_EQ(text_of(lane.run("users/enable", second), "status"), "invited");
  // So that the only owner who can log in stays.
  EXPECT_EQ(refusal_of([&] { lane.run("users/disable", by_id(lane.people["owner"])); }), ErrorCode::last_owner);
}

TEST(Users, NobodyButTheSystemActivatesWhoWasInvited) {
  TestTenant lane;
  lane.as("owner").run("users/invite", invitation("new@example.com", "staff"));
  auto user = *lane.tx.first<User>(where(&User::status) == "invited");
  user.status = "active";
  EXPECT_EQ(refusal_of([&] { lane.save(user); }), ErrorCode::no_transition);
  lane.as_system().run("users/activate", {{"user", json_id(id_of(user))}, {"name", Json("Nora")}});
  lane.run("users/activate", {{"user", json_id(id_of(user))}, {"name", Json("Twice")}});
  EXPECT_EQ(lane.tx.find(id_of(user))->name, "Nora");
  EXPECT_EQ(lane.tx.find(id_of(user))->status, "active");
}

TEST(Users, ATenantKeepsAnOwner) {
  TestTenant lane;
  lane.as("owner");
  EXPECT_EQ(refusal_of([&] { lane.run("users/disable", by_id(lane.people["owner"])); }), ErrorCode::last_owner);
  auto owner = lane.user("owner");
  owner.role = "admin";
  EXPECT_EQ(refusal_of([&] { lane.save(owner); }), ErrorCode::last_owner);

  lane.as_system().admit("second", "owner");
  lane.as("owner").save(owner);
  lane.as("second");
  EXPECT_EQ(refusal_of([&] { lane.run("users/disable", by_id(lane.people["second"])); }), ErrorCode::last_owner);
}

TEST(Users, AnInvitedOwnerDoesNotCountAsOne) {
  TestTenant lane;
  lane.as("owner").run("users/invite", invitation("later@example.com", "owner"));
  EXPECT_EQ(refusal_of([&] { lane.run("users/disable", by_id(lane.people["owner"])); }), ErrorCode::last_owner);
}

TEST(Users, OnlyOwnersTouchOwners) {
  TestTenant lane;
  lane.as_system().admit("second", "owner");
  lane.as("admin");
  EXPECT_EQ(refusal_of([&] { lane.run("users/disable", by_id(lane.people["second"])); }), ErrorCode::forbidden);
  auto self = lane.user("admin");
  self.role = "owner";
  EXPECT_EQ(refusal_of([&] { lane.save(self); }), ErrorCode::forbidden);
  auto staff = lane.user("staff");
  staff.role = "viewer";
  EXPECT_EQ(lane.save(staff).role, "viewer");
}

TEST(Users, AnAdminChangesNothingOfAnOwner) {
  TestTenant lane;
  lane.as_system().admit("second", "owner");
  lane.as("owner").run("users/invite", invitation("later@example.com", "owner"));
  const auto invited = id_of(*lane.tx.first<User>(where(&User::status) == "invited"));
  lane.run("users/disable", by_id(lane.people["second"]));
  lane.tx.sent.clear();
  lane.as("admin");
  for (auto [member, why] :
       {std::pair{lane.people["owner"], "active"}, {lane.people["second"], "disabled"}, {invited, "invited"}}) {
    auto renamed = *lane.tx.find(member);
    renamed.name = "Not me";
    EXPECT_EQ(refusal_of([&] { lane.save(renamed); }), ErrorCode::forbidden) << why;
    auto lowered = *lane.tx.find(member);
    lowered.role = "guest";
    EXPECT_EQ(refusal_of([&] { lane.save(lowered); }), ErrorCode::forbidden) << why;
    auto scoped = *lane.tx.find(member);
    scoped.scopes = {"customers:none"};
    EXPECT_EQ(refusal_of([&] { lane.save(scoped); }), ErrorCode::forbidden) << why;
    for (const char* operation : {"users/disable", "users/enable", "users/reinvite"})
      EXPECT_NE(refusal_of([&] { lane.run(operation, by_id(member)); }), ErrorCode::internal) << operation << why;
  }
  EXPECT_EQ(refusal_of([&] { lane.run("users/reinvite", by_id(invited)); }), ErrorCode::forbidden);
  EXPECT_TRUE(lane.tx.sent.empty()) << "no link was asked for";
  lane.as("owner").run("users/reinvite", by_id(invited));
  EXPECT_EQ(lane.tx.sent.size(), 1U);
}

TEST(Users, ScopesAreCheckedByForm) {
  TestTenant lane;
  auto staff = lane.as("admin").user("staff");
  staff.scopes = {"customers:everything"};
  EXPECT_EQ(refusal_of([&] { lane.save(staff); }), ErrorCode::invalid_value);
}

TEST(Users, EverybodyChangesTheirOwnNameAndNothingElse) {
  TestTenant lane;
  for (const char* who : {"staff", "viewer", "guest"}) {
    lane.as(who).run("users/update-profile", {{"name", Json("Somebody")}});
    EXPECT_EQ(lane.user(who).name, "Somebody");
    EXPECT_EQ(lane.user(who).role, who);
    EXPECT_EQ(refusal_of([&] {
                lane.run("users/update-profile", {{"role", Json("owner")}});
              }),
              ErrorCode::unknown_field);
  }
}

TEST(Users, AStaleVersionIsToldWithTheCurrentRecord) {
  TestTenant lane;
  lane.as("admin");
  auto request = by_id(lane.people["staff"]);
  request.push_back({"version", Json(9)});
  try {
    lane.run("users/disable", request);
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::stale_version);
    EXPECT_NE(refusal.extra.find("\"current\":{\"id\":\"user_"), std::string::npos);
  }
}

}  // namespace
}  // namespace interlock::domains
