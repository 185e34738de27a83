// SPDX-License-Identifier: Apache-2.0
// Recurring work: once per period, again soon after it failed, earlier where it says so.
#include "engine/jobs.h"

#include "domains/crm/comment.h"
#include "engine/manual_time_for_test.h"

namespace interlock::engine {

namespace {

/// What the jobs below do and did; jobs are plain functions.
struct Script {
  std::atomic<int> runs{0}, marks{0}, failures_left{0}, pieces_left{0};
  std::atomic<std::int64_t> next_us{0};
};
Script& script() {
  static Script held;
  return held;
}

bool work_or_fail(Tx&) {
  ++script().runs;
  if (script().failures_left > 0) {
    --script().failures_left;
    throw std::runtime_error("not this time");
  }
  script().next_us = 0;
  if (script().pieces_left == 0) return false;
  --script().pieces_left;
  return true;
}

std::optional<Time> next_of_work(Reader&) {
  const auto at = script().next_us.load();
  return at == 0 ? std::nullopt : std::optional(Time{at});
}

bool mark(Tx&) {
  ++script().marks;
  return false;
}

/// With the script begun anew: jobs may run as soon as there is an engine.
const Schema& schema_with_jobs() {
  script().next_us = 0;
  script().runs = script().failures_left = script().pieces_left = 0;
  static const Schema schema = [] {
    auto made = domains::make_schema();
    made.add(Job{"tests/work", hours(6), LaneKind::tenant, &work_or_fail, &next_of_work});
    made.add(Job{"tests/mark", minutes(30), LaneKind::tenant, &mark, nullptr});
    return made;
  }();
  return schema;
}

class JobsTest : public ManualTimeTest {
 protected:
  JobsTest() : ManualTimeTest(schema_with_jobs()) {}
  ~JobsTest() override { stop(); }
  /// All jobs have run once and wait for their next time.
  void SetUp() override {
    time.advance(minutes(2));
    ASSERT_TRUE(ran(1));
    let_pass();
    script().runs = 0;
  }

  /// Time goes on until the other job has run, and with it whatever was due.
  void let_pass() {
    const auto before = script().marks.load();
    pass(minutes(31));
    ASSERT_TRUE(in_time([&] { return script().marks > before; }));
    lane_has_done_it();
  }
  /// Time passes between operations only, or their deadlines would.
  void pass(Duration duration) {
    lane_has_done_it();
    time.advance(duration);
  }
  /// What was queued until now is done: the jobs, and the plan for the next wake.
  void lane_has_done_it() { new_customer(); }
  bool ran(int times) {
    return in_time([&] { return script().runs >= times; });
  }
};

TEST_F(JobsTest, RunOncePerPeriodHoweverOftenTheLaneIsWoken) {
  let_pass();
  let_pass();
  EXPECT_EQ(script().runs, 0);
  pass(hours(6));
  EXPECT_TRUE(ran(1));
  let_pass();
  EXPECT_EQ(script().runs, 1);
}

TEST_F(JobsTest, OneThatFailsIsDueAgainAfterASecondAndStopsNoOther) {
  script().failures_left = 2;
  const auto marks = script().marks.load();
  pass(hours(6));
  ASSERT_TRUE(ran(1));
  EXPECT_TRUE(eventually([&] { return script().marks > marks; }));
  for (int run = 2; run <= 3; ++run) {
    pass(seconds(2));
    ASSERT_TRUE(ran(run)) << run;
  }
  let_pass();
  EXPECT_EQ(script().runs, 3);
}

TEST_F(JobsTest, OneWithMoreToDoGoesOnAtOnce) {
  script().pieces_left = 3;
  pass(hours(6));
  EXPECT_TRUE(ran(4));
  let_pass();
  EXPECT_EQ(script().runs, 4);
}

TEST_F(JobsTest, OneThatKnowsItsNextTimeIsBroughtBackForIt) {
  script().next_us = (time.now() + hours(2)).us;
  let_pass();  // the plan is made anew at a wake
  EXPECT_EQ(script().runs, 0);
  pass(hours(2));
  EXPECT_TRUE(ran(1));
}

TEST_F(JobsTest, WhatIsPurgedTakesAlongWhatWasSeenThroughIt) {
  const auto purged = new_customer(), kept = new_customer();
  const auto comment_on = [&](const std::string& subject) {
    return text_of(as(ana, "comments/create", R"({"subject":")" + subject + R"(","text":"a"})"), "id");
  };
  const auto gone = comment_on(purged), below = comment_on(gone), stays = comment_on(kept);
  const auto is_there = [&](const std::string& comment) {
    domains::Comment record;
    return engine->read(tenant, system_caller())
        ->reader()
        .load(type_of<domains::Comment>(), *parse_type_id("comment", comment), &record);
  };
  system("customers/delete", R"({"id":")" + purged + R"(","version":"*"})");
  pass(limits::deleted_retention - days(2));
  let_pass();
  EXPECT_TRUE(is_there(gone)) << "the customer can come back";
  pass(days(4));
  EXPECT_TRUE(in_time([&] { return !is_there(gone); }));
  EXPECT_FALSE(is_there(below));
  EXPECT_TRUE(is_there(stays));
}

TEST_F(JobsTest, ARestartBringsBackWhatIsDue) {
  stop();
  time.advance(hours(7));
  start();
  EXPECT_TRUE(ran(1));
}

}  // namespace

}  // namespace interlock::engine
