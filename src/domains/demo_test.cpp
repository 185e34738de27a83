// SPDX-License-Identifier: Apache-2.0
#include "domains/demo.h"

#include "base/digest.h"
#include "domains/crm/comment.h"
#include "domains/crm/customer.h"
#include "domains/platform/accounts.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

Digest32 digest_of_calls() {
  std::string all;
  make_demo("hash", [&](const DemoCall& call) {
    for (const auto& step : call.steps) all += step.operation + json_text(step.request) + call.key;
  });
  return digest32(all);
}

class EmptyLane : public TestLane {
 public:
  explicit EmptyLane(TenantId tenant) : TestLane(tenant) {}
};

/// What the lane makes of a step; creates are the engine's own, so they are done by the field table here.
void execute(TestLane& lane, const DemoStep& step) {
  const auto slash = step.operation.find('/');
  const auto* type = test_schema().by_collection(step.operation.substr(0, slash));
  if (type == nullptr || !type->options.creatable || step.operation.substr(slash) != "/create") {
    lane.run(step.operation, *step.request.if_object());
    return;
  }
  ASSERT_TRUE(lane.tx.actor().allows(std::string(type->permission()) + ".write"));
  RecordBox record(*type);
  for (const auto& [name, value] : *step.request.if_object()) {
    if (name == "id")
      record.header().id = *parse_type_id(type->name, *value.if_text());
    else
      read_field_json(*type->find_field(name), value, record.get());
  }
  lane.tx.attempt([&] { lane.tx.save(*type, record.get()); });
}

TEST(Demo, IsTheSameEveryTime) { EXPECT_EQ(digest_of_calls(), digest_of_calls()); }

TEST(Demo, EveryCallIsAcceptedAndEverybodyCanLogIn) {
  EmptyLane platform(platform_lane()), demo(demo_tenants()[0]), other(demo_tenants()[1]);
  make_demo("hash", [&](const DemoCall& call) {
    auto& lane = call.tenant == platform_lane() ? platform : call.tenant == demo.tx.tenant() ? demo : other;
    lane.tx.as(call.caller);
    EXPECT_LE(call.steps.size(), limits::batch_operations_max);
    for (const auto& step : call.steps) execute(lane, step);
  });
  EXPECT_EQ(demo.tx.count(type_of<Customer>(), {}), 10'000);
  EXPECT_EQ(demo.tx.count(type_of<Comment>(), {}), 900);
  EXPECT_EQ(other.tx.count(type_of<Customer>(), {}), 50);
  EXPECT_EQ(demo_accounts().size(), 35U);
  for (const auto& account : demo_accounts()) {
    const auto identity = find_identity(platform.tx, account.email);
    ASSERT_TRUE(identity) << account.email;
    EXPECT_EQ(identity->password_hash, "hash");
    const auto memberships = tenants_of(platform.tx, id_of(*identity));
    ASSERT_EQ(memberships.size(), 1U) << account.email;
    EXPECT_EQ(memberships.front().slug, account.tenant_slug);
    auto& lane = account.tenant_slug == "demo" ? demo : other;
    lane.tx.as_user(memberships.front().user);
    EXPECT_EQ(lane.tx.actor().role, account.role);
    const bool sees_all = account.role != "guest";
    EXPECT_EQ(lane.tx.actor().scope("customers") == Scope::all, sees_all) << account.email;
  }
}

}  // namespace
}  // namespace interlock::domains
