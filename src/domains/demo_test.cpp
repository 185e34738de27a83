// SPDX-License-Identifier: Apache-2.0
#include "domains/demo.h"

#include "base/digest.h"
#include "domains/agency/application.h"
#include "domains/crm/checklist_item.h"
#include "domains/crm/comment.h"
#include "domains/crm/customer.h"
#include "domains/crm/note.h"
#include "domains/crm/task.h"
#include "domains/platform/accounts.h"
#include "domains/platform/rights.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

constexpr Time today{1'795'305'600'000'000};  // 2026-11-22

Digest32 digest_of_calls(Time now) {
  std::string all;
  make_demo("hash", now, [&](const DemoCall& call) {
    for (const auto& step : call.steps) all += step.operation + json_text(step.request) + call.key;
  });
  return digest32(all);
}

class EmptyLane : public TestLane {
 public:
  explicit EmptyLane(TenantId tenant) : TestLane(tenant) {}
};

/// What the lane makes of a step; creates and updates are the engine's own, so they are done by the field table here.
void execute(TestLane& lane, const DemoStep& step) {
  const auto slash = step.operation.find('/');
  const auto* type = test_schema().by_collection(step.operation.substr(0, slash));
  const auto verb = step.operation.substr(slash);
  const bool creates = type != nullptr && type->options.creatable && verb == "/create";
  if (!creates && verb != "/update") {
    lane.run(step.operation, *step.request.if_object());
    return;
  }
  ASSERT_TRUE(lane.tx.actor().allows(std::string(type->permission()) + ".write"));
  RecordBox record(*type);
  record.header().id = *parse_type_id(type->name, text_of(step.request, "id"));
  if (!creates) lane.tx.require_visible(*type, record.header().id, record.get());
  for (const auto& [name, value] : *step.request.if_object())
    if (name != "id" && name != "version") read_field_json(*type->find_field(name), value, record.get());
  lane.tx.attempt([&] { lane.tx.save(*type, record.get()); });
}

TEST(Demo, IsTheSameForTheSameDay) {
  EXPECT_EQ(digest_of_calls(today), digest_of_calls(today + hours(23)));
  EXPECT_NE(digest_of_calls(today), digest_of_calls(today + days(1))) << "due dates are near";
}

/// A few hundred clients with something of everything, seen from every side.
void expect_a_believable_agency(testing::MemoryTx& tx) {
  EXPECT_EQ(tx.count(type_of<Customer>(), {}), 320);
  EXPECT_GE(tx.count(type_of<Partner>(), {}), 10);
  EXPECT_GE(tx.count(type_of<Product>(), {}), 40);
  for (const char* status : {"draft", "converted"})
    EXPECT_GE(tx.count(type_of<InterestedService>(), where(&InterestedService::status) == status), 100) << status;
  for (const auto status : application_transitions.states)
    EXPECT_GE(tx.count(type_of<Application>(), where(&Application::status) == status), 5) << status;
  EXPECT_GE(tx.count(type_of<Task>(), where(&Task::reminder) == "waiting"), 10);
  EXPECT_GE(tx.count(type_of<Task>(), where(&Task::done) == true), 10);
  EXPECT_GE(tx.count(type_of<ChecklistItem>(), where(&ChecklistItem::received) == false), 50);
  EXPECT_GE(tx.count(type_of<Note>(), {}), 50);
  for (const auto& user : tx.all<User>(where(&User::role) == "staff"))
    EXPECT_GE(tx.count(type_of<Customer>(), where(&Customer::assigned_to) == user.id), 80) << user.email;
  for (const auto* module : {"crm", "catalogue", "agency"}) EXPECT_TRUE(module_on(tx, module)) << module;
}

TEST(Demo, EveryCallIsAcceptedAndEverybodyCanLogIn) {
  EmptyLane platform(platform_lane()), demo(demo_tenants()[0]), other(demo_tenants()[1]), agency(demo_tenants()[2]);
  std::map<TenantId, EmptyLane*> lanes;
  for (auto* lane : {&platform, &demo, &other, &agency}) lanes[lane->tx.tenant()] = lane;
  make_demo("hash", today, [&](const DemoCall& call) {
    auto& lane = *lanes.at(call.tenant);
    lane.tx.set_now(today);
    lane.tx.as(call.caller);
    EXPECT_LE(call.steps.size(), limits::batch_operations_max);
    for (const auto& step : call.steps) execute(lane, step);
  });
  EXPECT_EQ(demo.tx.count(type_of<Customer>(), {}), 10'000);
  EXPECT_EQ(demo.tx.count(type_of<Comment>(), {}), 900);
  EXPECT_EQ(other.tx.count(type_of<Customer>(), {}), 50);
  expect_a_believable_agency(agency.tx);
  EXPECT_EQ(demo_accounts().size(), 42U);
  for (const auto& account : demo_accounts()) {
    const auto identity = find_identity(platform.tx, account.email);
    ASSERT_TRUE(identity) << account.email;
    EXPECT_EQ(identity->password_hash, "hash");
    const auto memberships = tenants_of(platform.tx, id_of(*identity));
    ASSERT_EQ(memberships.size(), 1U) << account.email;
    EXPECT_EQ(memberships.front().slug, account.tenant_slug);
    auto& lane = account.tenant_slug == "demo" ? demo : account.tenant_slug == "agency" ? agency : other;
    lane.tx.as_user(memberships.front().user);
    EXPECT_EQ(lane.tx.actor().role, account.role);
    const bool sees_all = account.role != "guest" && (&lane != &agency || account.role != "staff");
    EXPECT_EQ(lane.tx.actor().scope("customers") == Scope::all, sees_all) << account.email;
  }
}

}  // namespace
}  // namespace interlock::domains
