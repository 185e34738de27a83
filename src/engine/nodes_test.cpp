// SPDX-License-Identifier: Apache-2.0
// Two servers on one database: any node takes any request, and what one has committed the other one knows.
#include <thread>

#include "domains/crm/comment.h"
#include "engine/feed_fixture_for_test.h"

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
      EXPECT_EQ(there(ana, "customers/update", update_of(id, R"("address":"b)" + std::to_string(i) + "\"")).status, 200);
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
      const auto answer = submit_and_wait(i % 2 == 0 ? *engine : *other,
                                          submission(user(ana), "comments/create", request, new_key()));
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

}  // namespace
}  // namespace interlock::engine
