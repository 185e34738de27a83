// SPDX-License-Identifier: Apache-2.0
// Two servers on one database: any node takes any request, and what one has committed the other one knows.
#include <thread>

#include "domains/crm/comment.h"
#include "engine/feed_fixture_for_test.h"
#include "engine/manual_time_for_test.h"
#include "engine/presence.h"
#include "engine/provider.h"
#include "model/outbox.h"
#include "testing/eventually.h"

namespace interlock::engine {
namespace {

class NodesOnPostgres : public FeedTest {
 protected:
  NodesOnPostgres() {
    other_store = store::open_test_store(directory, schema);
    EngineOptions options;
    options.workers = 2;
    other = make_engine(schema, *other_store, engine_clock, system_random(), {}, options);
  }
  ~NodesOnPostgres() override {
    other.reset();
    other_store.reset();
  }

  Answer there(const Uuid& who, const std::string& operation, const std::string& request, const std::string& key) {
    return submit_and_wait(*other, submission(user(who), operation, request, key));
  }
  Answer there(const Uuid& who, const std::string& operation, const std::string& request) {
    return there(who, operation, request, new_key());
  }
  Watch watch_there(const Uuid& who, std::optional<std::int64_t> since = {}) {
    Watch w{std::make_shared<Collector>(), nullptr};
    SubscribeRequest request;
    request.collections = {"customers"};
    request.since = since;
    w.subscription = other->subscribe(tenant, user(who), request, w.sink);
    return w;
  }
  static std::string update_of(const std::string& id, const std::string& members) {
    return R"({"id":")" + id + R"(","version":"*",)" + members + "}";
  }

  std::unique_ptr<store::Store> other_store;
  std::unique_ptr<Engine> other;
};

TEST_F(NodesOnPostgres, BothFeedsCarryAllChangesInOrderWithoutGapOrDouble) {
  const auto id = new_customer();
  const auto from = engine->seq(tenant);
  const auto here = watch(ana, from), beyond = watch_there(vera, from);
  constexpr int writes = 60;
  std::thread second([&] {
    for (int i = 0; i < writes; ++i)
      EXPECT_EQ(there(ana, "customers/update", update_of(id, R"("address":"b)" + std::to_string(i) + "\"")).status,
                200);
  });
  for (int i = 0; i < writes; ++i) update(id, R"("phone":")" + std::to_string(i) + "\"");
  second.join();
  for (const auto* watching : {&here, &beyond}) {
    const auto messages = watching->sink->wait_for(2 * writes);
    ASSERT_EQ(messages.size(), 2u * writes);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      EXPECT_EQ(seq_of(messages[i]), from + 1 + static_cast<std::int64_t>(i));
      EXPECT_EQ(*messages[i].find("record")->find("version")->if_integer(), 2 + static_cast<std::int64_t>(i));
    }
  }
}

TEST_F(NodesOnPostgres, AnIdleNodeHearsOfACommitWithoutBeingAsked) {
  const auto beyond = watch_there(vera);
  const auto id = new_customer();
  const auto messages = beyond.sink->wait_for(1);
  EXPECT_EQ(*messages.front().find("record")->find("id"), Json(id));
}

TEST_F(NodesOnPostgres, AKeyThatWasUsedOnOneNodeIsAnsweredByTheOther) {
  const auto key = new_key();
  const auto first = as(ana, "customers/create", R"({"name":"Clara"})", key);
  const auto again = there(ana, "customers/create", R"({"name":"Clara"})", key);
  EXPECT_EQ(again.body, first.body);
  EXPECT_TRUE(again.replayed);
}

TEST_F(NodesOnPostgres, FiftyRequestsWithOneKeyOnTwoNodesHaveOneEffect) {
  const auto key = new_key();
  const auto before = list(ana, {}).find("items")->if_array()->size();
  std::vector<std::thread> clicks;
  std::atomic<int> created{0}, replayed{0};
  for (int i = 0; i < 50; ++i)
    clicks.emplace_back([&, i] {
      const auto answer = submit_and_wait(i % 2 == 0 ? *engine : *other,
                                          submission(user(ana), "customers/create", R"({"name":"Once"})", key));
      EXPECT_EQ(answer.status, 201) << answer.body;
      ++(answer.replayed ? replayed : created);
    });
  for (auto& click : clicks) click.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(replayed, 49);
  EXPECT_EQ(list(ana, {}).find("items")->if_array()->size(), before + 1);
}

TEST_F(NodesOnPostgres, ARightTakenAwayOnOneNodeIsGoneForTheNextOperationOnTheOther) {
  EXPECT_EQ(there(ben, "customers/create", R"({"name":"Ben's"})").status, 201);
  const auto disabled = as(ana, "users/disable", R"({"id":")" + user_text(ben) + R"("})");
  ASSERT_EQ(disabled.status, 200) << disabled.body;
  EXPECT_EQ(there(ben, "customers/create", R"({"name":"too late"})").status, 401);
}

TEST_F(NodesOnPostgres, WhoWaitsForASequenceIsAnsweredOnTheNodeThatDidNotMakeIt) {
  other->seq(tenant);
  const auto made = as(ana, "customers/create", R"({"name":"Clara"})");
  std::promise<bool> reached;
  other->when_seq(tenant, made.seq, seconds(20), [&](bool yes) { reached.set_value(yes); });
  EXPECT_TRUE(reached.get_future().get());
  EXPECT_GE(other->seq(tenant), made.seq);
}

TEST_F(NodesOnPostgres, ThirtyPeopleOnTwoNodesAddACommentEachAndNoneIsLost) {
  const auto id = new_customer();
  std::vector<std::thread> people;
  for (int i = 0; i < 30; ++i)
    people.emplace_back([&, i] {
      const auto request = R"({"subject":")" + id + R"(","text":")" + std::to_string(i) + "\"}";
      const auto answer =
          submit_and_wait(i % 2 == 0 ? *engine : *other, submission(user(ana), "comments/create", request, new_key()));
      EXPECT_EQ(answer.status, 201) << answer.body;
    });
  for (auto& one : people) one.join();
  const auto view = other->read(tenant, user(ana));
  ListRequest request;
  request.filters = {{"subject", id}};
  const auto comments = parse_json(list_json(*view, type_of<domains::Comment>(), request));
  EXPECT_EQ(comments.find("items")->if_array()->size(), 30u);
  EXPECT_TRUE(store->check(tenant, nullptr).ok);
}

TEST_F(NodesOnPostgres, ReadsShowWhatAnotherNodeHasDoneToRights) {
  const auto id = new_customer();
  const auto reads_there = [&] {
    const auto view = other->read(tenant, user(vera));
    return get_json(*view, type_of<domains::Customer>(), id);
  };
  EXPECT_FALSE(reads_there().empty());  // and vera's rights are known there
  ASSERT_EQ(as(ana, "users/disable", R"({"id":")" + user_text(vera) + R"("})").status, 200);
  EXPECT_THROW(reads_there(), Refusal);
}

TEST_F(NodesOnPostgres, WhoEditsAtOneNodeIsSeenAtTheOther) {
  const auto id = new_customer();
  const auto subject = *parse_subject(id);
  const auto others_see = [&] { return other->presence().of(tenant, subject); };
  engine->presence().set(tenant, 1, subject, {ana, "Ana", "editing"});
  ASSERT_TRUE(testing::eventually([&] { return others_see().size() == 1; }));
  EXPECT_EQ(others_see().front().name, "Ana");
  EXPECT_EQ(others_see().front().state, "editing");
  other->presence().set(tenant, 1, subject, {ben, "Ben", "viewing"});
  EXPECT_TRUE(testing::eventually([&] { return engine->presence().of(tenant, subject).size() == 2; }));
  engine->presence().leave_all(tenant, 1);
  ASSERT_TRUE(testing::eventually([&] { return others_see().size() == 1; }));
  EXPECT_EQ(others_see().front().name, "Ben");
}

TEST_F(NodesOnPostgres, ANodeThatComesLaterHearsWhoIsThere) {
  const auto subject = *parse_subject(new_customer());
  engine->presence().set(tenant, 1, subject, {ana, "Ana", "editing"});
  auto third_store = store::open_test_store(directory, schema);
  auto third = make_engine(schema, *third_store, engine_clock, system_random(), {}, {});
  EXPECT_TRUE(testing::eventually([&] { return third->presence().of(tenant, subject).size() == 1; }));
  third.reset();
}

TEST_F(NodesOnPostgres, ThePeopleOfANodeThatIsSilentAreForgotten) {
  const auto subject = *parse_subject(new_customer());
  engine->presence().set(tenant, 1, subject, {ana, "Ana", "editing"});
  ASSERT_TRUE(testing::eventually([&] { return other->presence().of(tenant, subject).size() == 1; }));
  store->stop_watching();  // from here on the first node tells nothing any more, as if it had died
  clock.advance(limits::node_silent_max + limits::node_alive_interval);
  EXPECT_TRUE(testing::eventually([&] { return other->presence().of(tenant, subject).empty(); }));
}

TEST_F(NodesOnPostgres, ALeaseTakenAtOneNodeIsToldAtTheOther) {
  const auto id = new_customer();
  Watch beyond{std::make_shared<Collector>(), nullptr};
  SubscribeRequest request;
  request.presence = {id};
  beyond.subscription = other->subscribe(tenant, user(vera), request, beyond.sink);
  ASSERT_EQ(as(ana, "leases/take", R"({"subject":")" + id + R"("})", "").status, 200);
  const auto held = [](const std::vector<Json>& messages) {
    const auto* lease = messages.empty() ? nullptr : messages.back().find("lease");
    return lease != nullptr && !lease->is_null();
  };
  EXPECT_EQ(*beyond.sink->wait(held).back().find("lease")->find("name"), Json("Ana"));
}

TEST_F(NodesOnPostgres, SubscribersOfOneNodeStartAnewWhenAnotherHasRestoredTheTenant) {
  new_customer();
  const auto kept = directory + "/kept.db";
  engine->with_lane(tenant, [&](store::LaneStore& lane) { store->backup(tenant, &lane, kept, [] {}); });
  new_customer();
  const auto beyond = watch_there(vera);
  engine->with_closed_lane(tenant, [&] { store->restore(tenant, kept); });
  // As many changes as were there before: the sequence alone would not tell.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(as(ana, "customers/create", R"({"name":"After the restore"})").status, 201);
  const auto messages = beyond.sink->wait([](const auto& all) { return !all.empty(); });
  EXPECT_EQ(type_of_message(messages.front()), "reset");
  EXPECT_EQ(*messages.front().find("reason"), Json("restored"));
}

TEST_F(NodesOnPostgres, SubscribersOfOneNodeStartAnewWhenAnotherHasRedacted) {
  const auto id = new_customer(R"("name":"Clara Secret")");
  const auto beyond = watch_there(vera);
  ASSERT_EQ(as(ana, "customers/redact", R"({"id":")" + id + R"("})").status, 200);
  const auto messages = beyond.sink->wait([](const auto& all) {
    return std::any_of(all.begin(), all.end(), [](const auto& m) { return type_of_message(m) == "reset"; });
  });
  for (const auto& message : messages) EXPECT_EQ(json_text(message).find("Secret"), std::string::npos);
}

/// Two nodes and a provider that counts.
struct Letter {
  std::string to;
};
constexpr auto letter_fields = fields<Letter>(field<&Letter::to>(required));
INTERLOCK_STRUCT(Letter, letter_fields)

Letter send_letter(Tx& tx, const Letter& request) {
  tx.send({"post", request.to, "{}", ""});
  return request;
}

const Schema& letters_schema() {
  static const Schema schema = [] {
    auto made = domains::make_schema();
    made.add(operation<&send_letter>("tests/letter", "", system_only, without_key));
    return made;
  }();
  return schema;
}

class SlowPost final : public Provider {
 public:
  DeliveryResult deliver(const OutboxMessage& message) override {
    std::unique_lock lock(mutex);
    taken.push_back(message.destination);
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds(20), [&] { return !held; });
    return {};
  }
  bool deduplicates() const override { return false; }

  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  std::vector<std::string> taken;
};

class OutboxOfNodesOnPostgres : public ManualTimeTest {
 protected:
  OutboxOfNodesOnPostgres() : ManualTimeTest(letters_schema()) {
    stop();
    start({}, {{"post", here}});
    other_store = store::open_test_store(directory, schema);
    other = make_engine(schema, *other_store, engine_clock, system_random(), {{"post", there}}, {});
  }
  ~OutboxOfNodesOnPostgres() override {
    for (const auto& post : {here, there}) hold(*post, false);
    other.reset();
    other_store.reset();
    stop();
  }

  static void hold(SlowPost& post, bool held) {
    const std::lock_guard lock(post.mutex);
    post.held = held;
    post.changed.notify_all();
  }
  static std::size_t taken(SlowPost& post) {
    const std::lock_guard lock(post.mutex);
    return post.taken.size();
  }
  std::string status(const std::string& to) {
    const auto view = other->read(tenant, system_caller());
    const auto found = view->reader().first<OutboxMessage>(where(&OutboxMessage::destination) == to);
    return found ? found->status : "none";
  }
  /// Asks a node to look for what is due.
  void submit_letter(Engine& node, const std::string& to) {
    Submission s;
    s.tenant = tenant;
    s.caller = system_caller();
    s.steps.push_back({"tests/letter", Json(JsonObject{{"to", Json(to)}}), {}, {}});
    const auto answer = submit_and_wait(node, std::move(s));
    EXPECT_EQ(answer.status, 200) << answer.body;
  }

  std::shared_ptr<SlowPost> here = std::make_shared<SlowPost>(), there = std::make_shared<SlowPost>();
  std::unique_ptr<store::Store> other_store;
  std::unique_ptr<Engine> other;
};

TEST_F(OutboxOfNodesOnPostgres, WhatOneNodeIsSendingTheOtherLeavesAlone) {
  hold(*here, true);
  submit_letter(*engine, "ada");
  ASSERT_TRUE(eventually([&] { return taken(*here) == 1; }));
  submit_letter(*other, "bob");  // the other node looks, and finds one that is being sent
  other->with_lane(tenant, [](store::LaneStore&) {});
  EXPECT_EQ(status("ada"), "sending");
  hold(*here, false);
  EXPECT_TRUE(in_time([&] { return status("ada") == "sent" && status("bob") == "sent"; }));
  EXPECT_EQ(taken(*here) + taken(*there), 2u);
}

TEST_F(OutboxOfNodesOnPostgres, WhatADeadNodeWasSendingIsFoundWhenItsTimeIsOver) {
  hold(*here, true);
  submit_letter(*engine, "ada");
  ASSERT_TRUE(eventually([&] { return taken(*here) == 1; }));
  time.advance(limits::delivery_time_max + limits::claim_margin + limits::wake_claim_time);
  // Nobody knows whether it has arrived, and this provider would deliver it twice.
  EXPECT_TRUE(in_time([&] { return status("ada") == "unknown"; }));
  EXPECT_EQ(taken(*there), 0u);
}

TEST_F(OutboxOfNodesOnPostgres, AWakeThatADeadNodeHasTakenComesAgain) {
  // Taken as by a node that dies before it brings the lane back.
  submit_letter(*engine, "ada");
  ASSERT_TRUE(in_time([&] { return status("ada") == "sent"; }));
  stop();  // the first node has gone, and with it what it knew of wakes
  store = store::open_test_store(directory, schema);
  const auto due = time.now() + hours(25);
  EXPECT_FALSE(store->claim_wakes(due, time.now() + seconds(30), 100).empty());
  EXPECT_TRUE(store->claim_wakes(time.now(), time.now() + seconds(30), 100).empty());
  time.advance(minutes(2));
  EXPECT_TRUE(in_time([&] {
    for (const auto& [whose, at] : store->wakes())
      if (whose == tenant) return at > time.now() + minutes(5);  // it was here, and has planned anew
    return false;
  }));
}

}  // namespace
}  // namespace interlock::engine
