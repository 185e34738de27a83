// SPDX-License-Identifier: Apache-2.0
// The feed: nothing missed, doubled or reordered; nothing shown that may not be seen.
#include "engine/feed.h"

#include <algorithm>
#include <functional>
#include <latch>
#include <thread>

#include "engine/feed_fixture_for_test.h"

namespace interlock::engine {

namespace {

TEST_F(FeedTest, AChangeReachesEverySubscriberAndOnlyItsSenderSeesTheKey) {
  const auto mine = watch(ana);
  const auto other = watch(vera);
  const auto key = new_key();
  const auto answer = as(ana, "customers/create", R"({"name":"Clara"})", key);
  const auto seen = mine.sink->wait_for(1).front();
  EXPECT_EQ(*seen.find("record"), parse_json(answer.body));
  EXPECT_EQ(*seen.find("key"), Json(key));
  EXPECT_EQ(seq_of(seen), answer.seq);
  EXPECT_EQ(other.sink->wait_for(1).front().find("key"), nullptr);
}

TEST_F(FeedTest, ResumingAtNGivesEverythingAfterNOnce) {
  const auto id = new_customer();
  const auto from = engine->seq(tenant);
  for (int i = 0; i < 20; ++i) update(id, R"("phone":")" + std::to_string(i) + "\"");
  for (const bool with_ring : {false, true}) {
    std::optional<Watch> keeps_the_ring;
    if (with_ring) keeps_the_ring = watch(vera);
    const auto resumed = watch(ana, from);
    const auto messages = resumed.sink->wait_for(20);
    ASSERT_EQ(messages.size(), 20u);
    for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(seq_of(messages[i]), from + 1 + static_cast<std::int64_t>(i));
  }
}

TEST_F(FeedTest, WhatComesAsItHappensSaysWhenItWasCommitted) {
  const auto from = engine->seq(tenant);
  const auto live = watch(ana);
  const auto before = system_clock().monotonic();
  const auto id = new_customer();
  update(id, R"("phone":"1")");
  live.sink->wait_for(2);
  const auto times = live.sink->committed();
  EXPECT_LE(before, times[0]);
  EXPECT_LT(times[0], times[1]);
  EXPECT_LE(times[1], system_clock().monotonic());
  // From the ring, the same messages are old news.
  const auto late = watch(ana, from);
  late.sink->wait_for(2);
  EXPECT_EQ(late.sink->committed(), std::vector<Duration>(2));
  update(id, R"("phone":"2")");
  late.sink->wait_for(3);
  EXPECT_GT(late.sink->committed()[2], times[1]);
}

TEST_F(FeedTest, ResumingUnderWritesHasNoGapAndNoDouble) {
  const auto id = new_customer();
  const auto from = engine->seq(tenant);
  constexpr std::int64_t writes = 200;
  std::thread writer([&] {
    for (std::int64_t i = 0; i < writes; ++i) update(id, R"("phone":"w)" + std::to_string(i) + "\"");
  });
  std::int64_t since = from;
  std::int64_t expected = from + 1;
  while (expected <= from + writes) {
    const auto w = watch(vera, since);
    for (const auto& message : w.sink->wait([&](const auto& m) { return !m.empty() || since == from + writes; })) {
      ASSERT_EQ(type_of_message(message), "change");
      ASSERT_EQ(seq_of(message), expected++);
      since = seq_of(message);
    }
  }
  writer.join();
}

TEST_F(FeedTest, FromTheFutureIsAReset) {
  const auto w = watch(ana, 1'000'000);
  EXPECT_EQ(type_of_message(w.sink->wait_for(1).front()), "reset");
}

TEST_F(FeedTest, ARestoreStartsEverybodyAnew) {
  const auto kept = directory + "/kept";
  engine->with_lane(tenant, [&](store::LaneStore& lane) { store->backup(tenant, &lane, kept, [] {}); });
  const auto before = engine->seq(tenant);
  for (int i = 0; i < 5; ++i) new_customer();
  const auto w = watch(ana);
  engine->with_closed_lane(tenant, [&] { store->restore(tenant, kept); });
  const auto created = as(ana, "customers/create", R"({"name":"After the restore"})");
  EXPECT_EQ(created.seq, before + 1);
  const auto messages = w.sink->wait_for(2);
  EXPECT_EQ(type_of_message(messages[0]), "reset");
  EXPECT_EQ(type_of_message(messages[1]), "change");
  EXPECT_EQ(seq_of(messages[1]), created.seq);
}

TEST_F(FeedTest, LeavingTheFilterIsTold) {
  const auto id = new_customer(R"("name":"Clara","tags":["a"])");
  const auto w = watch(ana, {}, R"({"tags":"a"})");
  const auto from = engine->seq(tenant);
  update(id, R"("tags":["b"])");
  update(id, R"("tags":["c"])");
  update(id, R"("tags":["a"])");
  for (const auto& watched : {w.sink, watch(ana, from, R"({"tags":"a"})").sink}) {
    const auto messages = watched->wait_for(2);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(type_of_message(messages[0]), "gone");
    EXPECT_EQ(messages[0].find("record"), nullptr);
    EXPECT_EQ(type_of_message(messages[1]), "change");
  }
}

TEST_F(FeedTest, ScopeHoldsForTheFeedToo) {
  const auto w = watch(ben);
  const auto id = new_customer(R"("name":"Not for Ben")");
  update(id, R"("assigned_to":")" + user_text(ben) + "\"");
  update(id, R"("assigned_to":null)");
  const auto messages = w.sink->wait_for(2);
  EXPECT_EQ(type_of_message(messages[0]), "change");
  EXPECT_EQ(type_of_message(messages[1]), "gone");
}

TEST_F(FeedTest, ARightTakenAwayEndsTheEvents) {
  const auto w = watch(vera);
  as(ana, "users/disable", R"({"id":")" + user_text(vera) + R"("})");
  new_customer();
  const auto other = watch(ana);
  new_customer();
  other.sink->wait_for(1);
  const auto messages = w.sink->wait_for(1);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(type_of_message(messages[0]), "closed");
}

TEST_F(FeedTest, ASlowConsumerIsCutOffAndResumes) {
  const auto from = engine->seq(tenant);
  const auto slow = watch(ana);
  slow.sink->cut_off_after(2);
  const auto id = new_customer();
  for (int i = 0; i < 5; ++i) update(id, R"("phone":")" + std::to_string(i) + "\"");
  const auto fresh = watch(ana, from);
  EXPECT_EQ(fresh.sink->wait_for(6).size(), 6u);
  EXPECT_EQ(slow.sink->count(), 3u);
}

TEST_F(FeedTest, AChangeOfOneOperationSharesItsSequence) {
  const auto w = watch(ana);
  Submission batch = submission(user(ana), "customers/create", R"({"name":"one"})", new_key());
  batch.mode = Mode::atomic;
  batch.steps.push_back({"customers/create", parse_json(R"({"name":"two"})"), {}, {}});
  submit_and_wait(*engine, batch);
  const auto messages = w.sink->wait_for(2);
  EXPECT_EQ(*messages[0].find("op_seq"), *messages[1].find("op_seq"));
}

/// Does something once, in the middle of a catch-up: before the message after `count` others.
class Interrupted final : public FeedSink {
 public:
  Interrupted(std::size_t count, std::function<void()> then) : left_(count), then_(std::move(then)) {}
  bool deliver(const FeedMessage& message) override {
    if (left_-- == 0) then_();
    return kept.deliver(message);
  }
  Collector kept;

 private:
  std::size_t left_;
  std::function<void()> then_;
};

TEST_F(FeedTest, ARightTakenAwayDuringACatchUpHoldsForWhatComesAfter) {
  const auto from = engine->seq(tenant);
  const auto id = new_customer();
  for (int i = 0; i < 30; ++i) update(id, R"("phone":")" + std::to_string(i) + "\"");
  std::string hidden;
  const auto sink = std::make_shared<Interrupted>(10, [&] {
    const auto request = R"({"version":"*","id":")" + user_text(vera) + R"(","scopes":["customers:none"]})";
    EXPECT_EQ(as(ana, "users/update", request).status, 200);
    hidden = new_customer(R"("name":"Hidden")");
  });
  SubscribeRequest request;
  request.collections = {"customers"};
  request.since = from;
  const auto subscription = engine->subscribe(tenant, user(vera), request, sink);
  new_customer(R"("name":"Hidden too")");
  engine->seq(tenant);
  const auto messages = sink->kept.wait([](const auto& all) {
    return std::any_of(all.begin(), all.end(), [](const auto& m) { return type_of_message(m) == "reset"; });
  });
  EXPECT_EQ(*messages.back().find("reason"), Json("rights_changed"));
  for (const auto& m : messages) {
    const auto* seen = m.find("id");
    EXPECT_TRUE(seen == nullptr || *seen == Json(id)) << json_text(m);
  }
  EXPECT_FALSE(hidden.empty());
  EXPECT_TRUE(subscription->is_live());
}

TEST_F(FeedTest, ThreeHundredCatchUpsAtOnceLoseNothingUnderWrites) {
  const auto from = engine->seq(tenant);
  const auto id = new_customer();
  constexpr std::int64_t before = 40, during = 40;
  for (std::int64_t i = 0; i < before; ++i) update(id, R"("phone":")" + std::to_string(i) + "\"");
  constexpr std::size_t threads = 6, each = 50;
  std::vector<std::vector<Watch>> watches(threads);
  std::latch begin(threads + 1);
  std::vector<std::thread> running;
  for (auto& own : watches)
    running.emplace_back([&] {
      begin.arrive_and_wait();
      for (std::size_t i = 0; i < each; ++i) own.push_back(watch(vera, from));
    });
  begin.arrive_and_wait();
  for (std::int64_t i = 0; i < during; ++i) update(id, R"("phone":"w)" + std::to_string(i) + "\"");
  for (auto& thread : running) thread.join();
  for (const auto& own : watches)
    for (const auto& w : own) {
      const auto messages = w.sink->wait_for(1 + before + during);
      ASSERT_EQ(messages.size(), static_cast<std::size_t>(1 + before + during));
      for (std::size_t i = 0; i < messages.size(); ++i)
        ASSERT_EQ(seq_of(messages[i]), from + 1 + static_cast<std::int64_t>(i));
    }
}

}  // namespace

}  // namespace interlock::engine
