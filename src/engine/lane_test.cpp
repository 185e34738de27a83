// SPDX-License-Identifier: Apache-2.0
// One lane: keys, versions, merges, refusals, groups. Real files, real concurrency.
#include "engine/lane.h"

#include <latch>
#include <set>
#include <thread>

#include "engine/fixture_for_test.h"

namespace interlock::engine {

namespace {

using LaneTest = EngineTest;

TEST_F(LaneTest, CreateAnswersTheRecordAtVersionOne) {
  const auto answer = as(ana, "customers/create", R"({"name":"Clara Ruiz","tags":["vip"]})");
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(text_of(answer, "version"), "1");
  EXPECT_EQ(text_of(answer, "name"), "Clara Ruiz");
  EXPECT_EQ(text_of(answer, "status"), "new");
  EXPECT_EQ(text_of(answer, "tags"), R"(["vip"])");
  EXPECT_EQ(text_of(answer, "created_by"), user_text(ana));
  EXPECT_EQ(get(ana, text_of(answer, "id")), answer.body);
}

TEST_F(LaneTest, UpdateNeedsItsBase) {
  const auto id = new_customer();
  EXPECT_EQ(as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"1"})").status, 428);
  const auto answer = as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"1","version":1})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(text_of(answer, "version"), "2");
  const auto updated_at = text_of(answer, "updated_at");
  EXPECT_EQ(
      as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"2","updated_at":")" + updated_at + R"("})").status,
      200);
  EXPECT_EQ(as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"3","version":"*"})").status, 200);
  EXPECT_EQ(as(ana, "customers/update",
               R"({"id":")" + id + R"(","phone":"4","version":1,"updated_at":")" + updated_at + R"("})")
                .status,
            400);
}

TEST_F(LaneTest, StaleUpdateOfAnotherFieldIsMerged) {
  const auto id = new_customer(R"("name":"Clara","phone":"1","address":"a")");
  as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})");
  const auto merged = as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"1","address":"b","version":1})");
  ASSERT_EQ(merged.status, 200) << merged.body;
  EXPECT_EQ(text_of(merged, "merged"), "true");
  EXPECT_EQ(text_of(merged, "phone"), "2") << "what equals the base is no change of yours";
  EXPECT_EQ(text_of(merged, "address"), "b");
  EXPECT_EQ(text_of(merged, "version"), "3");
}

TEST_F(LaneTest, StaleUpdateOfTheSameFieldTellsBaseCurrentAndYours) {
  const auto id = new_customer(R"("name":"Clara","phone":"1")");
  as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})");
  const auto clash = as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"3","version":1})");
  ASSERT_EQ(clash.status, 409);
  EXPECT_EQ(text_of(clash, "code"), "stale_version");
  EXPECT_EQ(text_of(clash, "clashing_fields"), R"(["phone"])");
  EXPECT_EQ(text_of(clash, "yours"), R"({"phone":"3"})");
  const auto body = parse_json(clash.body);
  EXPECT_EQ(*body.find("base")->find("phone"), Json("1"));
  EXPECT_EQ(*body.find("current")->find("phone"), Json("2"));
  EXPECT_EQ(as(ana, "customers/update", R"({"id":")" + id + R"(","address":"x","version":1,"merge":false})").status,
            409);
  EXPECT_EQ(as(ana, "customers/update", R"({"id":")" + id + R"(","status":"contacted","version":1})").status, 409)
      << "a status is never merged";
}

TEST_F(LaneTest, EqualValuesNeverClash) {
  const auto id = new_customer(R"("name":"Clara","phone":"1")");
  as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})");
  const auto same = as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})");
  EXPECT_EQ(same.status, 200) << same.body;
  EXPECT_EQ(text_of(same, "version"), "2") << "nothing changed, so nothing was written";
}

TEST_F(LaneTest, AReplayAnswersTheSameBytesAndAnotherRequestIsRefused) {
  const auto key = new_key();
  const auto first = as(ana, "customers/create", R"({"name":"Clara"})", key);
  const auto again = as(ana, "customers/create", R"({"name":"Clara"})", key);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.status, 201);
  EXPECT_TRUE(again.replayed);
  EXPECT_FALSE(first.replayed);
  const auto other = as(ana, "customers/create", R"({"name":"Dora"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(text_of(other, "code"), "key_reused");
  EXPECT_FALSE(as(owner, "customers/create", R"({"name":"Clara"})", key).replayed)
      << "another person's key is another key";
}

TEST_F(LaneTest, RefusalsOfTheLaneAreFinalAndVerdictsAreNot) {
  const auto id = new_customer();
  const auto key = new_key();
  const auto request = R"({"id":")" + id + R"(","status":"active"})";
  const auto refused = as(ana, "customers/set-status", request, key);
  ASSERT_EQ(refused.status, 409) << refused.body;
  as(ana, "customers/set-status", R"({"id":")" + id + R"(","status":"contacted"})");
  as(ana, "customers/set-status", R"({"id":")" + id + R"(","status":"qualified"})");
  EXPECT_EQ(as(ana, "customers/set-status", request, key).body, refused.body) << "the answer of that action stays";
  EXPECT_EQ(as(ana, "customers/set-status", request).status, 200);

  const auto unused = new_key();
  EXPECT_EQ(as(ana, "customers/create", R"({"name":""})", unused).status, 422);
  EXPECT_EQ(as(ana, "customers/create", R"({"name":"Clara"})", unused).status, 201);
}

TEST_F(LaneTest, AReplaySurvivesARestart) {
  const auto key = new_key();
  const auto first = as(ana, "customers/create", R"({"name":"Clara"})", key);
  stop();
  start();
  const auto again = as(ana, "customers/create", R"({"name":"Clara"})", key);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.body, first.body);
}

TEST_F(LaneTest, FiftyRequestsWithOneKeyHaveOneEffect) {
  constexpr int callers = 50;
  const auto key = new_key();
  std::latch start_together(callers);
  std::vector<Answer> answers(callers);
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i)
    threads.emplace_back([&, i] {
      start_together.arrive_and_wait();
      answers[static_cast<std::size_t>(i)] = as(ana, "customers/create", R"({"name":"Once"})", key);
    });
  for (auto& thread : threads) thread.join();
  int first_answers = 0;
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.body, answers.front().body);
    first_answers += !answer.replayed;
  }
  EXPECT_EQ(first_answers, 1);
  ListRequest once;
  once.q = "Once";
  EXPECT_EQ(list(ana, once).find("items")->if_array()->size(), 1u);
}

TEST_F(LaneTest, ThirtyStaleUpdatesOfOneRecordLoseNothing) {
  const auto id = new_customer(R"("name":"Clara","phone":"0")");
  constexpr int people = 30;
  std::latch start_together(people);
  std::vector<Answer> answers(people);
  std::vector<std::thread> threads;
  for (int i = 0; i < people; ++i)
    threads.emplace_back([&, i] {
      start_together.arrive_and_wait();
      answers[static_cast<std::size_t>(i)] = as(
          ana, "customers/update", R"({"id":")" + id + R"(","phone":")" + std::to_string(i + 1) + R"(","version":1})");
    });
  for (auto& thread : threads) thread.join();
  int plain = 0;
  for (const auto& answer : answers) {
    plain += answer.status == 200;
    if (answer.status != 200) {
      EXPECT_EQ(text_of(answer, "code"), "stale_version");
    }
  }
  EXPECT_EQ(plain, 1);
  EXPECT_EQ(parse_json(get(ana, id)).find("version")->if_integer()[0], 2);
}

TEST_F(LaneTest, AnAtomicBatchIsAllOrNothing) {
  Submission batch = submission(user(ana), "customers/create", R"({"name":"In a batch"})", new_key());
  batch.mode = Mode::atomic;
  batch.steps.front().as = "c";
  batch.steps.push_back({"comments/create", parse_json(R"({"subject":"$c.id","text":"hello"})"), {}, {}});
  auto failing = batch;
  failing.key = new_key();
  failing.steps.push_back({"customers/create", parse_json(R"({"name":""})"), {}, {}});
  const auto refused = submit_and_wait(*engine, failing);
  EXPECT_EQ(refused.status, 422) << refused.body;
  EXPECT_EQ(text_of(refused, "index"), "2");
  const auto before = engine->seq(tenant);
  const auto done = submit_and_wait(*engine, batch);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(engine->seq(tenant), before + 2) << "the refused batch left nothing";
  EXPECT_EQ(submit_and_wait(*engine, batch).body, done.body);
}

TEST_F(LaneTest, AStepMergesWithWhatAnEarlierStepOfItsBatchChanged) {
  const auto id = new_customer(R"("name":"Clara","phone":"1")");
  Submission batch =
      submission(user(ana), "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})", new_key());
  batch.mode = Mode::atomic;
  batch.steps.push_back(
      {"customers/update", parse_json(R"({"id":")" + id + R"(","address":"b","version":1})"), {}, {}});
  const auto done = submit_and_wait(*engine, batch);
  ASSERT_EQ(done.status, 200) << done.body;
  const auto now = parse_json(get(ana, id));
  EXPECT_EQ(*now.find("phone"), Json("2"));
  EXPECT_EQ(*now.find("address"), Json("b"));
  EXPECT_EQ(*now.find("version"), Json(2)) << "one operation, one change";
}

TEST_F(LaneTest, ABatchOfModeEachKeepsTheCommentThoughTheFieldsClash) {
  const auto id = new_customer(R"("name":"Clara","phone":"1")");
  as(ana, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})");
  Submission batch = submission(user(ana), "customers/update", R"({"id":")" + id + R"(","phone":"3","version":1})", "");
  batch.mode = Mode::each;
  batch.steps.front().key = new_key();
  batch.steps.push_back({"comments/create", parse_json(R"({"subject":")" + id + R"(","text":"kept"})"), new_key(), {}});
  batch.steps.push_back({"nothing/known", parse_json("{}"), new_key(), {}});
  const auto answer = submit_and_wait(*engine, batch);
  ASSERT_EQ(answer.status, 200);
  const auto body = parse_json(answer.body);
  const auto& results = *body.find("results")->if_array();
  EXPECT_EQ(*results[0].find("status"), Json(409));
  EXPECT_EQ(*results[1].find("status"), Json(201));
  EXPECT_EQ(*results[2].find("status"), Json(404));
}

TEST_F(LaneTest, ALeaseIsNobodysOnceItsTimeIsOver) {
  const auto id = new_customer();
  const auto request = R"({"subject":")" + id + R"("})";
  EXPECT_EQ(as(ana, "leases/take", request).status, 200);
  EXPECT_EQ(text_of(as(owner, "leases/take", request), "code"), "leased");
  clock.advance(limits::lease_time - seconds(1));
  EXPECT_EQ(as(ana, "leases/renew", request).status, 200);
  clock.advance(limits::lease_time - seconds(1));
  EXPECT_EQ(text_of(as(owner, "leases/take", request), "code"), "leased") << "it was renewed";
  clock.advance(seconds(1));
  const auto taken = as(owner, "leases/take", request);
  EXPECT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(text_of(as(ana, "leases/renew", request), "code"), "leased");
}

TEST_F(LaneTest, ATrialAnswersWhatWouldBeAndLeavesNothing) {
  const auto before = engine->seq(tenant);
  auto trial = submission(user(ana), "customers/create", R"({"name":"first"})", "trial-1");
  trial.mode = Mode::each;
  trial.key.clear();
  trial.steps.front().key = "trial-1";
  trial.steps.push_back({"customers/create", parse_json(R"({"name":"second","status":"unheard of"})"), "trial-2", {}});
  trial.steps.push_back({"customers/create", parse_json(R"({"name":"first"})"), "trial-1", {}});
  auto real = trial;
  trial.trial = true;
  const auto tried = parse_json(submit_and_wait(*engine, trial).body);
  EXPECT_EQ(engine->seq(tenant), before);
  EXPECT_EQ(engine->read(tenant, user(ana))->snapshot().last_seq(), before);
  const auto done = parse_json(submit_and_wait(*engine, real).body);
  const auto& as_tried = *tried.find("results")->if_array();
  const auto& as_done = *done.find("results")->if_array();
  ASSERT_EQ(as_tried.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(json_text(*as_tried[i].find("status")), json_text(*as_done[i].find("status")));
    EXPECT_EQ(as_tried[i].find("replayed") != nullptr, as_done[i].find("replayed") != nullptr);
  }
  EXPECT_EQ(json_text(*as_tried[1].find("body")), json_text(*as_done[1].find("body")));
  // What was done really is known to the next trial.
  const auto again = parse_json(submit_and_wait(*engine, trial).body);
  EXPECT_NE((*again.find("results")->if_array())[0].find("replayed"), nullptr);
}

TEST_F(LaneTest, HistoryIsNewestFirstWithWhoAndWhat) {
  const auto id = new_customer(R"("name":"Clara","phone":"1")");
  as(owner, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})");
  const auto history_body = parse_json(history(id));
  const auto& items = *history_body.find("items")->if_array();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(*items[0].find("version"), Json(2));
  EXPECT_EQ(json_text(*items[0].find("changes")), R"({"phone":{"from":"1","to":"2"}})");
  EXPECT_EQ(*items[0].find("actor")->find("name"), Json("Olga Owner"));
}

TEST_F(LaneTest, RightsAreThoseOfTheVeryNextOperation) {
  const auto id = new_customer();
  EXPECT_EQ(as(vera, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})").status, 403);
  EXPECT_NO_THROW(get(vera, id));
  const auto users = text_of(as(ana, "users/disable", R"({"id":")" + user_text(vera) + R"("})"), "status");
  EXPECT_EQ(users, "disabled");
  EXPECT_EQ(as(vera, "customers/create", R"({"name":"x"})").status, 401);
  EXPECT_THROW(get(vera, id), Refusal);
}

TEST_F(LaneTest, ScopeAssignedSeesItsOwnOnly) {
  const auto others = new_customer();
  const auto mine = new_customer(R"("name":"Mine","assigned_to":")" + user_text(ben) + "\"");
  EXPECT_NO_THROW(get(ben, mine));
  EXPECT_THROW(get(ben, others), Refusal);
  EXPECT_EQ(as(ben, "customers/update", R"({"id":")" + others + R"(","phone":"2","version":1})").status, 404);
  EXPECT_EQ(as(ben, "comments/create", R"({"subject":")" + others + R"(","text":"x"})").status, 404);
  EXPECT_EQ(list(ben, {}).find("items")->if_array()->size(), 1u);
}

TEST_F(LaneTest, DeletedRecordsAreGoneAndComeBack) {
  const auto id = new_customer();
  EXPECT_EQ(as(ana, "customers/delete", R"({"id":")" + id + R"("})").status, 428);
  EXPECT_EQ(as(ana, "customers/delete", R"({"id":")" + id + R"(","version":1})").status, 200);
  EXPECT_THROW(get(ana, id), Refusal);
  EXPECT_EQ(as(ana, "customers/create", R"({"name":"x","id":")" + id + R"("})").status, 409) << "the id stays taken";
  const auto back = as(ana, "customers/restore", R"({"id":")" + id + R"("})");
  EXPECT_EQ(back.status, 200) << back.body;
  EXPECT_EQ(text_of(back, "version"), "3");
  EXPECT_NO_THROW(get(ana, id));
}

TEST_F(LaneTest, MalformedAbsentAndInvisibleAreTheSame404) {
  const auto others = new_customer();
  std::set<std::string> bodies;
  for (const auto& id :
       {std::string("nonsense"), type_id_text("customer", make_uuid(Time{1}, system_random())), others})
    bodies.insert(as(ben, "customers/update", R"({"id":")" + id + R"(","phone":"2","version":1})").body);
  EXPECT_EQ(bodies.size(), 1u);
}

TEST_F(LaneTest, AFullQueueIsToldAndExecutesNothing) {
  std::promise<void> open_the_gate;
  auto gate = open_the_gate.get_future().share();
  std::thread holder([&] { engine->with_lane(tenant, [&](store::LaneStore&) { gate.wait(); }); });
  std::vector<std::future<Answer>> answers;
  const auto send = [&] {
    auto promise = std::make_shared<std::promise<Answer>>();
    answers.push_back(promise->get_future());
    engine->submit(submission(user(ana), "customers/create", R"({"name":"queued"})", new_key()),
                   [promise](Answer answer) { promise->set_value(std::move(answer)); });
  };
  for (std::size_t i = 0; i < 2 * limits::lane_queue_operations_max + 100; ++i) send();
  open_the_gate.set_value();
  holder.join();
  int created = 0;
  int refused = 0;
  for (auto& answer : answers) {
    const auto got = answer.get();
    created += got.status == 201;
    refused += got.status == 503 && got.retry_after_s.has_value();
  }
  EXPECT_EQ(created + refused, static_cast<int>(answers.size()));
  EXPECT_GE(refused, 100);
  ListRequest queued;
  queued.q = "queued";
  queued.limit = 1;
  auto view = engine->read(tenant, user(ana));
  EXPECT_EQ(view->reader().count(type_of<domains::Customer>(), Query{}), created);
}

TEST_F(LaneTest, SequencesHaveNoGap) {
  const auto id = new_customer();
  for (int i = 1; i < 20; ++i)
    as(ana, "customers/update", R"({"id":")" + id + R"(","phone":")" + std::to_string(i) + R"(","version":"*"})");
  auto view = engine->read(tenant, user(ana));
  std::int64_t expected = 1;
  for (const auto& change : view->snapshot().changes_after(0, 1'000)) EXPECT_EQ(change.seq, expected++);
  EXPECT_EQ(expected - 1, view->seq());
}

TEST_F(LaneTest, TheRecordsOfOneOperationAreListedAsTheyWereMade) {
  auto batch = submission(user(ana), "customers/create", R"({"name":"0"})", new_key());
  batch.mode = Mode::atomic;
  for (int i = 1; i < 60; ++i)
    batch.steps.push_back({"customers/create", parse_json(R"({"name":")" + std::to_string(i) + "\"}"), {}, {}});
  ASSERT_EQ(submit_and_wait(*engine, batch).status, 200);
  for (const std::string sort : {"created_at", "-created_at", "-updated_at"}) {
    std::vector<std::string> names, wanted;
    ListRequest request;
    request.sort = sort;
    request.limit = 7;
    do {
      const auto page = list(ana, request);
      for (const auto& item : *page.find("items")->if_array()) names.push_back(*item.find("name")->if_text());
      const auto* cursor = page.find("next_cursor")->if_text();
      request.cursor = cursor == nullptr ? "" : *cursor;
    } while (!request.cursor.empty());
    for (int i = 0; i < 60; ++i) wanted.push_back(std::to_string(sort[0] == '-' ? 59 - i : i));
    EXPECT_EQ(names, wanted) << sort;
  }
}

}  // namespace

}  // namespace interlock::engine
