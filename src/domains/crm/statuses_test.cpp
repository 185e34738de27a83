// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/statuses.h"

#include "domains/crm/customer.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

Status row(const char* name, const char* type, std::int64_t position, std::vector<std::string> moves = {}) {
  return {{}, "customers", name, type, position, std::move(moves)};
}

TEST(Statuses, TheDefaultTableLeadsFromStartToEnd) {
  const auto rows = default_statuses();
  for (std::size_t i = 0; i + 1 < rows.size(); ++i)
    EXPECT_EQ(rows[i].moves.front(), rows[i + 1].name) << "forward comes first";
  for (const auto& status : rows)
    for (const auto& to : status.moves)
      EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](const Status& s) { return s.name == to; })) << to;
}

TEST(Statuses, ATenantAddsItsOwn) {
  TestTenant lane;
  lane.as("admin").save(row("prospect", "open", 1, {"new"}));
  const auto table = StatusTable::load(lane.tx, "customers");
  EXPECT_EQ(table.initial(), "prospect");
  table.check_move("prospect", "new");
  EXPECT_EQ(refusal_of([&] { table.check_move("prospect", "active"); }), ErrorCode::no_transition);
  EXPECT_EQ(refusal_of([&] { table.check_move("new", "nowhere"); }), ErrorCode::invalid_value);
}

TEST(Statuses, NamesAreUniqueInACollection) {
  TestTenant lane;
  EXPECT_EQ(refusal_of([&] { lane.save(row("new", "open", 1)); }), ErrorCode::not_unique);
}

TEST(Statuses, OneThatCustomersAreInStays) {
  TestTenant lane;
  Customer customer;
  customer.name = "Ada";
  lane.save(customer);
  auto used = *lane.tx.first<Status>(where(&Status::name) == "new");
  auto unused = *lane.tx.first<Status>(where(&Status::name) == "inactive");
  EXPECT_EQ(refusal_of([&] { lane.tx.attempt([&] { lane.tx.remove(used); }); }), ErrorCode::referenced);
  lane.tx.attempt([&] { lane.tx.remove(unused); });
  EXPECT_EQ(lane.tx.count(type_of<Status>(), {}), 4);
}

TEST(Statuses, ADeletedNameDoesNotComeBackBesideItsSuccessor) {
  TestTenant lane;
  auto old = *lane.tx.first<Status>(where(&Status::name) == "inactive");
  lane.tx.attempt([&] { lane.tx.remove(old); });
  lane.save(row("inactive", "lost", 60));
  Status deleted;
  lane.tx.load(type_of<Status>(), old.id, &deleted);
  EXPECT_EQ(refusal_of([&] { lane.tx.attempt([&] { lane.tx.restore(type_of<Status>(), &deleted); }); }),
            ErrorCode::not_unique);
}

TEST(Statuses, WithoutRowsTheDefaultTableHolds) {
  testing::MemoryTx tx(test_schema(), test_tenant());
  EXPECT_EQ(StatusTable::load(tx, "customers").initial(), "new");
}

}  // namespace
}  // namespace interlock::domains
