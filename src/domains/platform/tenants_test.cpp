// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/tenants.h"

#include "domains/crm/statuses.h"
#include "domains/platform/accounts.h"
#include "domains/platform/settings.h"
#include "domains/test_lane.h"
#include "store/store.h"

namespace interlock::domains {
namespace {

JsonObject set_up_request() {
  return {{"slug", Json("first")}, {"tenant_name", Json("First")},         {"email", Json("Boss@Example.com")},
          {"name", Json("Boss")},  {"password_hash", Json("$argon2id$x")}, {"currency", Json("USD")}};
}

class EmptyPlatform : public TestLane {
 public:
  EmptyPlatform() : TestLane(platform_lane()) {}
};

/// Delivers what one lane has sent to the other, as the dispatcher does.
void deliver(TestLane& from, TestLane& to) {
  const auto messages = std::exchange(from.tx.sent, {});
  for (const auto& message : messages) {
    if (message.provider != "lane") continue;
    const auto payload = parse_json(message.payload);
    to.run(text_of(payload, "operation"), *payload.find("request")->if_object());
  }
}

class NewTenant : public TestLane {
 public:
  explicit NewTenant(TenantId tenant) : TestLane(tenant) {}
};

TEST(Tenants, ThePlatformLaneIsTheStores) { EXPECT_EQ(platform_lane(), store::platform_tenant()); }

TEST(Tenants, SetUpMakesTheFirstTenantWithItsOwnerWhoCanLogIn) {
  EmptyPlatform platform;
  EXPECT_TRUE(needs_set_up(platform.tx));
  const auto done = platform.run("platform/set-up", set_up_request());
  EXPECT_FALSE(needs_set_up(platform.tx));
  const auto tenant = find_tenant(platform.tx, "first");
  ASSERT_TRUE(tenant);
  EXPECT_EQ(tenant->status, "provisioning");
  const auto identity = find_identity(platform.tx, "boss@example.com");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->password_hash, "$argon2id$x");
  EXPECT_TRUE(tenants_of(platform.tx, id_of(*identity)).empty()) << "nobody logs in while it is provisioning";

  NewTenant lane({tenant->id});
  deliver(platform, lane);
  EXPECT_EQ(settings_of(lane.tx).currency, "USD");
  EXPECT_EQ(lane.tx.count(type_of<Status>(), {}), 5);
  deliver(lane, platform);
  const auto memberships = tenants_of(platform.tx, id_of(*identity));
  ASSERT_EQ(memberships.size(), 1U);
  lane.tx.as_user(memberships.front().user);
  EXPECT_EQ(lane.tx.actor().role, "owner");
  EXPECT_EQ(type_id_text("user", memberships.front().user), text_of(done, "user"));
}

TEST(Tenants, SetUpHappensOnce) {
  EmptyPlatform platform;
  platform.run("platform/set-up", set_up_request());
  EXPECT_EQ(refusal_of([&] { platform.run("platform/set-up", set_up_request()); }), ErrorCode::already_set_up);
}

TEST(Tenants, WhatTheCompanyChoseIsOnFromTheBeginning) {
  EmptyPlatform platform;
  auto request = set_up_request();
  request.push_back({"time_zone", Json("Europe/Madrid")});
  request.push_back({"modules", Json(JsonArray{Json("crm"), Json("catalogue"), Json("agency")})});
  platform.run("platform/set-up", request);
  NewTenant lane({find_tenant(platform.tx, "first")->id});
  deliver(platform, lane);
  const auto settings = settings_of(lane.tx);
  EXPECT_EQ(settings.modules, (std::vector<std::string>{"crm", "catalogue", "agency"}));
  EXPECT_EQ(settings.time_zone, "Europe/Madrid");
}

TEST(Tenants, WhatSettingsWouldRefuseIsRefusedBeforeAnythingIsMade) {
  struct Row {
    const char* field;
    Json value;
  };
  const Row rows[] = {{"modules", JsonArray{Json("crm"), Json("booking")}},
                      {"time_zone", Json("Mars/Olympus")},
                      {"currency", Json("eur")},
                      {"country", Json("at")},
                      {"language", Json("e")}};
  for (const auto& row : rows) {
    EmptyPlatform platform;
    TestPlatform running;
    auto set_up = set_up_request();
    std::erase_if(set_up, [&](const auto& member) { return member.first == row.field; });
    set_up.push_back({row.field, row.value});
    JsonObject create{{"slug", Json("second")}, {"name", Json("Second")}, {row.field, row.value}};
    const auto field_refused = [&](TestLane& lane, const char* operation, const JsonObject& request) -> std::string {
      try {
        lane.run(operation, request);
      } catch (const Refusal& refusal) {
        EXPECT_EQ(refusal.code, ErrorCode::invalid_value) << refusal.what();
        return refusal.field;
      }
      return "nothing was refused";
    };
    EXPECT_EQ(field_refused(platform, "platform/set-up", set_up), row.field);
    EXPECT_TRUE(needs_set_up(platform.tx)) << row.field;
    EXPECT_EQ(field_refused(running, "tenants/create", create), row.field);
    EXPECT_FALSE(find_tenant(running.tx, "second")) << row.field;
  }
}

TEST(Tenants, SettingALaneUpTwiceChangesNothing) {
  TestTenant lane;
  lane.as("owner");
  auto settings = settings_of(lane.tx);
  settings.language = "de";
  lane.save(settings);
  const auto before = lane.tx.records().size();
  lane.as_system().run("tenant/set-up", {{"language", Json("fr")}});
  EXPECT_EQ(lane.tx.records().size(), before);
  EXPECT_EQ(settings_of(lane.tx).language, "de");
}

TEST(Tenants, ShortNamesAreCheckedAndUnique) {
  TestPlatform platform;
  const auto create = [&](const char* slug) {
    return refusal_of([&] { platform.run("tenants/create", {{"slug", Json(slug)}, {"name", Json("X")}}); });
  };
  EXPECT_EQ(create("acme"), ErrorCode::not_unique);
  for (const char* slug : {"A", "a b", "-a", "a-", "ä", "../x"})
    EXPECT_EQ(create(slug), ErrorCode::invalid_value) << slug;
  EXPECT_EQ(create("acme-2"), ErrorCode::internal);
}

TEST(Tenants, NoTenantTakesThePlatformsId) {
  TestPlatform platform;
  const Id<Tenant> id{platform_lane().uuid};
  EXPECT_EQ(refusal_of([&] {
              platform.run("tenants/create", {{"id", json_id(id)}, {"slug", Json("evil")}, {"name", Json("X")}});
            }),
            ErrorCode::id_taken);
}

TEST(Tenants, ALateAnswerOfTheLaneDoesNotEndASuspension) {
  TestPlatform platform;
  platform.run("tenants/suspend", {{"tenant", platform.tenant()}});
  platform.run("tenants/activate", {{"tenant", platform.tenant()}});
  EXPECT_FALSE(tenant_is_active(platform.tx, test_tenant()));
  EXPECT_EQ(refusal_of([&] {
              platform.run("tenants/suspend", {{"tenant", platform.tenant()}});
            }),
            ErrorCode::no_transition);
  platform.run("tenants/resume", {{"tenant", platform.tenant()}});
  EXPECT_TRUE(tenant_is_active(platform.tx, test_tenant()));
}

}  // namespace
}  // namespace interlock::domains
