// SPDX-License-Identifier: Apache-2.0
// Log-in, sessions, links and passwords: what the platform's lane allows and ends.
#include "domains/platform/accounts.h"

#include "domains/platform/links.h"
#include "domains/platform/members.h"
#include "domains/platform/sessions.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class Accounts : public ::testing::Test {
 protected:
  /// Somebody with a password who belongs to the tenant.
  Id<Identity> admit(const std::string& email) {
    platform.run("members/admit", {{"tenant", platform.tenant()},
                                   {"user", json_id(platform.tx.new_id<User>())},
                                   {"email", Json(email)},
                                   {"name", Json("Ana")},
                                   {"password_hash", Json("hash-1")}});
    return id_of(*find_identity(platform.tx, email));
  }
  Json log_in(Id<Identity> identity) {
    return platform.run("sessions/create", {{"identity", json_id(identity)}, {"tenant", platform.tenant()}});
  }
  std::optional<LiveSession> session(const std::string& token) {
    return find_session(platform.tx, token, platform.tx.now());
  }
  Json invite(const std::string& email, TenantId tenant = test_tenant()) {
    return platform.run("members/invite", {{"tenant", json_id(Id<Tenant>{tenant.uuid})},
                                           {"user", json_id(platform.tx.new_id<User>())},
                                           {"email", Json(email)},
                                           {"name", Json("Ana")}});
  }
  Json accept(const std::string& token, const std::string& hash) {
    return platform.run("invitations/accept",
                        {{"token_digest", Json(secret_digest(token))}, {"password_hash", Json(hash)}});
  }
  ErrorCode link_refusal(const std::string& token, const char* purpose) {
    return refusal_of([&] { find_link(platform.tx, token, purpose, platform.tx.now()); });
  }

  TestPlatform platform;
};

TEST_F(Accounts, AnAddressIsFoundInAnyCaseAndNothingElseIs) {
  admit("Ana@Example.com");
  EXPECT_TRUE(find_identity(platform.tx, "ANA@example.COM"));
  for (const char* email : {"", "ana", "ana@example.org", "@", "a@b@c", "ana@example.com "})
    EXPECT_FALSE(find_identity(platform.tx, email)) << email;
}

TEST_F(Accounts, ASessionIsFoundByItsTokenOnly) {
  const auto created = log_in(admit("ana@example.com"));
  const auto live = session(text_of(created, "token"));
  ASSERT_TRUE(live);
  EXPECT_EQ(live->tenant, test_tenant());
  EXPECT_EQ(type_id_text("user", live->caller.user), text_of(created, "user"));
  EXPECT_FALSE(session(""));
  EXPECT_FALSE(session(text_of(created, "session")));
  EXPECT_FALSE(session(secret_digest(text_of(created, "token"))));
}

TEST_F(Accounts, ASessionEndsWhenItWasIdleTooLongUnlessItIsTouched) {
  const auto created = log_in(admit("ana@example.com"));
  const auto token = text_of(created, "token");
  platform.tx.advance(limits::session_idle_max - seconds(1));
  ASSERT_TRUE(session(token));
  EXPECT_TRUE(session(token)->touch_due);
  platform.run("sessions/touch", {{"session", *created.find("session")}});
  EXPECT_FALSE(session(token)->touch_due);
  platform.tx.advance(limits::session_idle_max - seconds(1));
  EXPECT_TRUE(session(token));
  platform.tx.advance(seconds(1));
  EXPECT_FALSE(session(token));
  platform.run("sessions/touch", {{"session", *created.find("session")}});
  EXPECT_FALSE(session(token)) << "a touch does not bring it back";
}

TEST_F(Accounts, AShortIdleTimeIsTouchedInTime) {
  const auto created = platform.run(
      "sessions/create",
      {{"identity", json_id(admit("ana@example.com"))}, {"tenant", platform.tenant()}, {"idle_s", Json(60)}});
  platform.tx.advance(seconds(20));
  EXPECT_TRUE(session(text_of(created, "token"))->touch_due);
  platform.tx.advance(seconds(40));
  EXPECT_FALSE(session(text_of(created, "token")));
}

TEST_F(Accounts, ASessionHasAFinalEndHoweverBusyItIs) {
  const auto created = log_in(admit("ana@example.com"));
  for (Duration passed{}; passed < limits::session_life_max; passed = passed + days(5)) {
    EXPECT_TRUE(session(text_of(created, "token")));
    platform.run("sessions/touch", {{"session", *created.find("session")}});
    platform.tx.advance(days(5));
  }
  EXPECT_FALSE(session(text_of(created, "token")));
}

TEST_F(Accounts, LogOutEndsOneSessionAndLogOutEverywhereAll) {
  const auto ana = admit("ana@example.com");
  const auto first = log_in(ana), second = log_in(ana), third = log_in(ana);
  const auto other = log_in(admit("ben@example.com"));
  platform.run("sessions/end", {{"session", *first.find("session")}});
  platform.run("sessions/end", {{"session", *first.find("session")}});
  EXPECT_FALSE(session(text_of(first, "token")));
  EXPECT_TRUE(session(text_of(second, "token")));
  platform.run("sessions/end-all", {{"identity", json_id(ana)}});
  EXPECT_FALSE(session(text_of(second, "token")));
  EXPECT_FALSE(session(text_of(third, "token")));
  EXPECT_TRUE(session(text_of(other, "token")));
}

TEST_F(Accounts, ASuspendedTenantsSessionsDoNotCount) {
  const auto ana = admit("ana@example.com");
  const auto created = log_in(ana);
  platform.run("tenants/suspend", {{"tenant", platform.tenant()}});
  EXPECT_FALSE(session(text_of(created, "token")));
  EXPECT_EQ(refusal_of([&] { log_in(ana); }), ErrorCode::login_failed);
}

TEST_F(Accounts, NobodyLogsInWhereTheyDoNotBelong) {
  const auto ana = admit("ana@example.com");
  const auto other = test_tenant(8);
  platform.run("tenants/create",
               {{"id", json_id(Id<Tenant>{other.uuid})}, {"slug", Json("other")}, {"name", Json("Other")}});
  platform.run("tenants/activate", {{"tenant", json_id(Id<Tenant>{other.uuid})}});
  EXPECT_EQ(
      refusal_of([&] {
        platform.run("sessions/create", {{"identity", json_id(ana)}, {"tenant", json_id(Id<Tenant>{other.uuid})}});
      }),
      ErrorCode::login_failed);
}

TEST_F(Accounts, APasswordChangedBetweenVerifyingAndLogInMakesNoSession) {
  const auto ana = admit("ana@example.com");
  const auto verified = find_identity(platform.tx, "ana@example.com")->version;
  platform.run("passwords/change",
               {{"identity", json_id(ana)}, {"version", Json(verified)}, {"password_hash", Json("hash-2")}});
  EXPECT_EQ(refusal_of([&] {
              platform.run("sessions/create",
                           {{"identity", json_id(ana)}, {"tenant", platform.tenant()}, {"version", Json(verified)}});
            }),
            ErrorCode::stale_version);
}

TEST_F(Accounts, TheOldestSessionGivesWayBeyondTheBound) {
  const auto ana = admit("ana@example.com");
  const auto first = log_in(ana);
  for (std::size_t i = 0; i < limits::sessions_per_identity_max; ++i) {
    platform.tx.advance(seconds(1));
    log_in(ana);
  }
  EXPECT_FALSE(session(text_of(first, "token")));
  EXPECT_EQ(platform.tx.count(type_of<Session>(), {}), static_cast<std::int64_t>(limits::sessions_per_identity_max));
}

TEST_F(Accounts, AChangedPasswordEndsAllOtherSessions) {
  const auto ana = admit("ana@example.com");
  const auto mine = log_in(ana), elsewhere = log_in(ana);
  const auto version = find_identity(platform.tx, "ana@example.com")->version;
  platform.run("passwords/change", {{"identity", json_id(ana)},
                                    {"version", Json(version)},
                                    {"password_hash", Json("hash-2")},
                                    {"keep", *mine.find("session")}});
  EXPECT_TRUE(session(text_of(mine, "token")));
  EXPECT_FALSE(session(text_of(elsewhere, "token")));
  EXPECT_EQ(find_identity(platform.tx, "ana@example.com")->password_hash, "hash-2");
  EXPECT_EQ(refusal_of([&] {
              platform.run("passwords/change",
                           {{"identity", json_id(ana)}, {"version", Json(version)}, {"password_hash", Json("hash-3")}});
            }),
            ErrorCode::stale_version);
}

TEST_F(Accounts, ARehashLosesAgainstAChange) {
  const auto ana = admit("ana@example.com");
  const auto version = find_identity(platform.tx, "ana@example.com")->version;
  platform.run("passwords/change",
               {{"identity", json_id(ana)}, {"version", Json(version)}, {"password_hash", Json("new")}});
  platform.run("passwords/rehash",
               {{"identity", json_id(ana)}, {"version", Json(version)}, {"password_hash", Json("old")}});
  EXPECT_EQ(find_identity(platform.tx, "ana@example.com")->password_hash, "new");
}

TEST_F(Accounts, AnInvitationSetsThePasswordOfANewAccountOnceAndTellsTheTenant) {
  const auto invited = invite("new@example.com");
  const auto token = text_of(invited, "token");
  const auto link = find_link(platform.tx, token, "invite", platform.tx.now());
  EXPECT_FALSE(link.has_password);
  EXPECT_EQ(link.tenant, test_tenant());
  EXPECT_TRUE(tenants_of(platform.tx, id_of(link.identity)).empty()) << "before it was accepted";
  EXPECT_EQ(refusal_of([&] { accept(token, ""); }), ErrorCode::required);

  platform.tx.sent.clear();
  accept(token, "hash-1");
  EXPECT_EQ(find_identity(platform.tx, "new@example.com")->password_hash, "hash-1");
  EXPECT_EQ(tenants_of(platform.tx, id_of(link.identity)).size(), 1U);
  ASSERT_EQ(platform.tx.sent.size(), 1U);
  EXPECT_EQ(text_of(parse_json(platform.tx.sent.front().payload), "operation"), "users/activate");
  EXPECT_EQ(refusal_of([&] { accept(token, "hash-2"); }), ErrorCode::link_invalid);
}

TEST_F(Accounts, ALinkThatWasHandedOverIsGoodWhateverOthersThereAre) {
  const auto user = platform.tx.new_id<User>();
  const auto hand_over = [&](const std::string& token) {
    platform.tx.advance(seconds(1));
    return platform.run("members/invite", {{"tenant", json_id(Id<Tenant>{test_tenant().uuid})},
                                           {"user", json_id(user)},
                                           {"email", Json("new@example.com")},
                                           {"token_digest", Json(secret_digest(token))}});
  };
  const auto good = [&](const std::string& token) { return link_refusal(token, "invite") == ErrorCode::internal; };
  platform.tx.sent.clear();
  EXPECT_EQ(text_of(hand_over("token 0"), "token"), "");
  for (int i = 1; i <= static_cast<int>(limits::live_links_per_identity_max); ++i) {
    const auto token = "token " + std::to_string(i);
    hand_over(token);
    hand_over(token);  // a message may come twice
    EXPECT_TRUE(good(token)) << token;
  }
  EXPECT_TRUE(good("token 1"));
  EXPECT_FALSE(good("token 0")) << "the oldest is spent";
  EXPECT_TRUE(platform.tx.sent.empty()) << "nothing is mailed";
}

TEST_F(Accounts, AnInvitationNeverReplacesAPassword) {
  admit("ana@example.com");
  const auto other = test_tenant(8);
  platform.run("tenants/create",
               {{"id", json_id(Id<Tenant>{other.uuid})}, {"slug", Json("other")}, {"name", Json("Other")}});
  platform.run("tenants/activate", {{"tenant", json_id(Id<Tenant>{other.uuid})}});
  const auto token = text_of(invite("ana@example.com", other), "token");
  EXPECT_TRUE(find_link(platform.tx, token, "invite", platform.tx.now()).has_password);
  EXPECT_EQ(refusal_of([&] { accept(token, "stolen"); }), ErrorCode::invalid_value);
  EXPECT_EQ(find_identity(platform.tx, "ana@example.com")->password_hash, "hash-1");
  accept(token, "");
  EXPECT_EQ(find_identity(platform.tx, "ana@example.com")->password_hash, "hash-1");
  EXPECT_EQ(tenants_of(platform.tx, id_of(*find_identity(platform.tx, "ana@example.com"))).size(), 2U);
}

TEST_F(Accounts, AnInvitationThatWasNotAcceptedDoesNotStandInTheWayOfLogIn) {
  const auto ana = admit("ana@example.com");
  const auto other = test_tenant(8);
  platform.run("tenants/create",
               {{"id", json_id(Id<Tenant>{other.uuid})}, {"slug", Json("other")}, {"name", Json("Other")}});
  platform.run("tenants/activate", {{"tenant", json_id(Id<Tenant>{other.uuid})}});
  invite("ana@example.com", other);
  EXPECT_EQ(tenants_of(platform.tx, ana).size(), 1U);
}

TEST_F(Accounts, TwoTenantsMayInviteTheSameUserIdWithoutMixingAccounts) {
  const auto user = platform.tx.new_id<User>();
  const auto invite_as = [&](const char* email) {
    return platform.run("members/invite",
                        {{"tenant", platform.tenant()}, {"user", json_id(user)}, {"email", Json(email)}});
  };
  const auto first = invite_as("one@example.com");
  const auto second = invite_as("two@example.com");
  EXPECT_NE(text_of(first, "identity"), text_of(second, "identity"));
}

TEST_F(Accounts, LinksExpireAndServeTheirOwnPurpose) {
  const auto token = text_of(invite("new@example.com"), "token");
  EXPECT_EQ(link_refusal(token, "reset"), ErrorCode::link_invalid);
  EXPECT_EQ(link_refusal("", "invite"), ErrorCode::link_invalid);
  EXPECT_EQ(link_refusal(secret_digest(token), "invite"), ErrorCode::link_invalid);
  platform.tx.advance(limits::one_time_link_life);
  EXPECT_EQ(link_refusal(token, "invite"), ErrorCode::link_invalid);
  EXPECT_EQ(refusal_of([&] { accept(token, "hash"); }), ErrorCode::link_invalid);
}

TEST_F(Accounts, ARequestedResetAnswersTheSameForEverybody) {
  admit("ana@example.com");
  invite("invited@example.com");
  std::set<std::string> answers;
  for (const char* email : {"ana@example.com", "nobody@example.com", "invited@example.com", "", "no address"})
    answers.insert(json_text(platform.run("passwords/request-reset", {{"email", Json(email)}})));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(Accounts, AResetSetsThePasswordEndsAllSessionsAndSpendsTheOtherLinks) {
  const auto ana = admit("ana@example.com");
  const auto created = log_in(ana);
  const auto make_link = [&] {
    return text_of(platform.run("links/create", {{"email", Json("ana@example.com")}, {"purpose", Json("reset")}}),
                   "token");
  };
  const auto first = make_link(), second = make_link();
  platform.run("passwords/reset", {{"token_digest", Json(secret_digest(first))}, {"password_hash", Json("hash-2")}});
  EXPECT_EQ(find_identity(platform.tx, "ana@example.com")->password_hash, "hash-2");
  EXPECT_FALSE(session(text_of(created, "token")));
  EXPECT_EQ(link_refusal(second, "reset"), ErrorCode::link_invalid);
  EXPECT_EQ(
      refusal_of([&] {
        platform.run("passwords/reset", {{"token_digest", Json(secret_digest(first))}, {"password_hash", Json("x")}});
      }),
      ErrorCode::link_invalid);
}

TEST_F(Accounts, WhoeverAsksForResetsAgainAndAgainGetsABoundedNumberOfMails) {
  admit("ana@example.com");
  platform.tx.sent.clear();
  for (int i = 0; i < 20; ++i) platform.run("passwords/request-reset", {{"email", Json("ana@example.com")}});
  EXPECT_EQ(platform.tx.sent.size(), limits::live_links_per_identity_max);
}

TEST_F(Accounts, NoSecretIsShownInARecord) {
  const auto ana = admit("ana@example.com");
  const auto created = log_in(ana);
  const auto token = text_of(invite("new@example.com"), "token");
  for (const auto& [key, box] : platform.tx.records()) {
    std::string text;
    append_record_json(text, box.type(), box.get());
    for (const auto& secret_text : {text_of(created, "token"), token, secret_digest(token), std::string("hash-1")})
      EXPECT_EQ(text.find(secret_text), std::string::npos) << text;
  }
}

TEST_F(Accounts, JobsEraseWhatHasEndedAndNothingElse) {
  const auto ana = admit("ana@example.com");
  log_in(ana);
  invite("new@example.com");
  platform.tx.advance(limits::session_idle_max);
  const auto fresh = log_in(ana);
  EXPECT_FALSE(platform.tx.attempt([&] { return purge_sessions(platform.tx); }));
  EXPECT_FALSE(platform.tx.attempt([&] { return purge_links(platform.tx); }));
  EXPECT_EQ(platform.tx.count(type_of<Session>(), {}), 1);
  EXPECT_TRUE(session(text_of(fresh, "token")));
  EXPECT_EQ(platform.tx.count(type_of<OneTimeLink>(), {}), 0);
}

}  // namespace
}  // namespace interlock::domains
