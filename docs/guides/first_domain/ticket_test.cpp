// SPDX-License-Identifier: Apache-2.0
// [tests]
#include "ticket.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "domains/schema.h"
#include "engine/fixture_for_test.h"

namespace interlock::guide {

namespace {

/// The server's own schema and one line for each thing that is new.
const Schema& schema_with_tickets() {
  static const Schema schema = [] {
    auto s = domains::make_schema();
    s.add(type_of<Ticket>());
    s.add(operation<&repair>("tickets/repair", "tickets.write", target<Ticket>(&Repair::id)));
    return s;
  }();
  return schema;
}

class TicketTest : public engine::EngineTest {
 protected:
  TicketTest() : EngineTest(schema_with_tickets()) {}
  std::string new_ticket() { return text_of(as(owner, "tickets/create", R"({"title":"The net is torn"})"), "id"); }
};

TEST_F(TicketTest, IsOpenWhenItIsNew) {
  EXPECT_EQ(text_of(as(owner, "tickets/create", R"({"title":"The net is torn"})"), "status"), "open");
}

TEST_F(TicketTest, TenPeopleRepairItOnce) {
  const auto id = new_ticket();
  std::latch start_together(10);
  std::atomic<int> repaired{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> people;
  for (int i = 0; i < 10; ++i)
    people.emplace_back([&] {
      start_together.arrive_and_wait();
      const auto answer = as(owner, "tickets/repair", R"({"id":")" + id + R"(","cost_minor":4500})");
      ++(answer.status == 200 ? repaired : refused);
    });
  for (auto& person : people) person.join();
  EXPECT_EQ(repaired, 1);
  EXPECT_EQ(refused, 9);
}

TEST_F(TicketTest, TitleAndPlaceAreMerged) {
  const auto id = new_ticket();
  as(owner, "tickets/update", R"({"id":")" + id + R"(","title":"The net is gone","version":1})");
  const auto merged = as(owner, "tickets/update", R"({"id":")" + id + R"(","place":"Court 3","version":1})");
  EXPECT_EQ(text_of(merged, "title"), "The net is gone");
  EXPECT_EQ(text_of(merged, "place"), "Court 3");
}

}  // namespace

}  // namespace interlock::guide
// [tests]
