// SPDX-License-Identifier: Apache-2.0
// The outbox leaves once, in time, and no more often than it may; whatever the provider does.
#include "engine/dispatcher.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "domains/platform/lanes.h"
#include "engine/manual_time_for_test.h"

namespace interlock::engine {

namespace {

struct SendSome {
  std::vector<std::string> to;
  bool as_if_crashed = false;  ///< leaves them as a server does that dies while they are being sent
  std::string by;              ///< the provider; empty: post
};
constexpr auto send_some_fields =
    fields<SendSome>(field<&SendSome::to>(required), field<&SendSome::as_if_crashed>(), field<&SendSome::by>());
INTERLOCK_STRUCT(SendSome, send_some_fields)

struct SentSome {
  std::int64_t count = 0;
};
constexpr auto sent_some_fields = fields<SentSome>(field<&SentSome::count>());
INTERLOCK_STRUCT(SentSome, sent_some_fields)

SentSome send_some(Tx& tx, const SendSome& request) {
  const auto by = request.by.empty() ? "post" : request.by;
  for (const auto& to : request.to) tx.send({by, to, R"({"link":"https://one-time.test/secret"})", ""});
  for (auto& message : tx.all<OutboxMessage>(where(&OutboxMessage::status) == "queued")) {
    if (!request.as_if_crashed) break;
    message.status = "sending";
    message.tries = 1;
    tx.save(message);
  }
  return {static_cast<std::int64_t>(request.to.size())};
}

SentSome send_to_lane(Tx& tx, const SendSome&) {
  domains::send_to_lane(tx, tx.tenant(), "tests/send", {{"to", JsonArray{Json("dan")}}, {"by", Json("pigeon")}}, "");
  return {1};
}

const Schema& sending_schema() {
  static const Schema schema = [] {
    auto made = domains::make_schema();
    made.add(operation<&send_some>("tests/send", "", system_only, without_key));
    made.add(operation<&send_to_lane>("tests/send-to-lane", "", system_only, without_key));
    return made;
  }();
  return schema;
}

/// The world outside: takes what comes, and answers as it was told.
class Outside {
 public:
  /// Calls that nobody waits for any more end first.
  ~Outside() {
    std::unique_lock lock(mutex_);
    held_.clear();
    changed_.notify_all();
    changed_.wait(lock, [&] { return in_progress_ == 0; });
  }
  DeliveryResult take(const OutboxMessage& message) {
    std::unique_lock lock(mutex_);
    struct InProgress {
      Outside& outside;
      explicit InProgress(Outside& o) : outside(o) { ++outside.in_progress_; }
      ~InProgress() {
        --outside.in_progress_;
        outside.changed_.notify_all();
      }
    } in_progress(*this);
    taken_.push_back(message.destination);
    ids_.push_back(message.id);
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return held_ != message.destination; });
    auto& answers = answers_[message.destination];
    if (answers.empty()) return {};
    const auto answer = answers.front();
    answers.pop_front();
    if (answer.error == "throws") throw std::runtime_error("connection lost");
    return answer;
  }
  void answer(const std::string& to, std::deque<DeliveryResult> with) {
    std::lock_guard lock(mutex_);
    answers_[to] = std::move(with);
  }
  /// Deliveries to there do not end until something else is held.
  void hold(const std::string& to) {
    std::lock_guard lock(mutex_);
    held_ = to;
    changed_.notify_all();
  }
  std::vector<std::string> taken() {
    std::lock_guard lock(mutex_);
    return taken_;
  }
  std::int64_t tries(const std::string& to) {
    const auto all = taken();
    return std::count(all.begin(), all.end(), to);
  }
  std::vector<Uuid> ids() {
    std::lock_guard lock(mutex_);
    return ids_;
  }
  std::atomic<bool> deduplicates{false};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string held_;
  int in_progress_ = 0;
  std::vector<std::string> taken_;
  std::vector<Uuid> ids_;
  std::map<std::string, std::deque<DeliveryResult>> answers_;
};

class Post final : public Provider {
 public:
  explicit Post(Outside& outside) : outside_(outside) {}
  DeliveryResult deliver(const OutboxMessage& message) override { return outside_.take(message); }
  bool deduplicates() const override { return outside_.deduplicates; }

 private:
  Outside& outside_;
};

const DeliveryResult later{Delivery::retry, "busy"};
const DeliveryResult never{Delivery::refused, "no such address"};
const DeliveryResult throws{Delivery::unclear, "throws"};

class DispatcherTest : public ManualTimeTest {
 protected:
  DispatcherTest() : ManualTimeTest(sending_schema()) { restart(); }
  ~DispatcherTest() override { stop(); }

  void restart(Duration delivery_time_max = limits::delivery_time_max) {
    stop();
    Providers providers;
    providers["post"] = std::make_unique<Post>(outside);
    providers["pigeon"] = std::make_unique<Post>(pigeons);
    EngineOptions options;
    options.delivery_time_max = delivery_time_max;
    start(options, std::move(providers));
  }
  void send(TenantId from, const std::vector<std::string>& to, bool as_if_crashed = false, const char* by = "") {
    JsonArray names;
    for (const auto& name : to) names.emplace_back(name);
    Submission s;
    s.tenant = from;
    s.caller = system_caller();
    s.steps.push_back({"tests/send",
                       Json(JsonObject{{"to", Json(names)}, {"as_if_crashed", Json(as_if_crashed)}, {"by", Json(by)}}),
                       {},
                       {}});
    const auto answer = submit_and_wait(*engine, s);
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  void send(const std::vector<std::string>& to) { send(tenant, to); }
  std::optional<OutboxMessage> message(const std::string& to) {
    const auto view = engine->read(tenant, system_caller());
    return view->reader().first<OutboxMessage>(where(&OutboxMessage::destination) == to);
  }
  std::string status(const std::string& to) {
    const auto found = message(to);
    return found ? found->status : "none";
  }
  bool becomes(const std::string& to, const std::string& wanted) {
    return expect(to, wanted, eventually([&] { return status(to) == wanted; }));
  }
  /// After time has jumped.
  bool becomes_in_time(const std::string& to, const std::string& wanted) {
    return expect(to, wanted, in_time([&] { return status(to) == wanted; }));
  }
  bool expect(const std::string& to, const std::string& wanted, bool did) {
    EXPECT_TRUE(did) << to << " is " << status(to) << ", not " << wanted;
    return did;
  }
  /// After a try that failed for now.
  bool waits_after(std::int64_t tries, const std::string& to) {
    return in_time([&] {
      const auto found = message(to);
      return found && found->status == "queued" && found->tries == tries;
    });
  }
  /// Something else was taken and settled, so that whatever was due has been looked at.
  void let_pass() {
    const auto marker = "marker " + std::to_string(++markers_);
    new_customer();
    send({marker});
    becomes(marker, "sent");
  }

  Outside outside, pigeons;

 private:
  int markers_ = 0;
};

TEST_F(DispatcherTest, WhatWasSentForgetsItsPayload) {
  send({"ana"});
  becomes("ana", "sent");
  EXPECT_EQ(message("ana")->payload.text.find("secret"), std::string::npos);
  EXPECT_EQ(outside.tries("ana"), 1);
  EXPECT_TRUE(eventually([&] { return engine->metrics().outbox_delivered == 1; }));
}

TEST_F(DispatcherTest, OnlyWhatIsDueIsTaken) {
  outside.answer("ana", {later});
  send({"ana"});
  ASSERT_TRUE(waits_after(1, "ana"));
  let_pass();
  EXPECT_EQ(outside.tries("ana"), 1) << "its time has not come";
  time.advance(seconds(2));
  becomes_in_time("ana", "sent");
  EXPECT_EQ(outside.tries("ana"), 2);
}

TEST_F(DispatcherTest, TriesComeLaterAndLaterAndEnd) {
  outside.answer("ana", {later, later, later, later, later, later, later});
  send({"ana"});
  for (std::int64_t n = 1; n < limits::delivery_tries_max; ++n) {
    ASSERT_TRUE(waits_after(n, "ana")) << n;
    const auto tried = *message("ana");
    const auto wait = tried.due_at - tried.updated_at;
    const auto base = limits::delivery_retry_first.us << (n - 1);
    EXPECT_GE(wait.us, base - 10'000) << "updated_at is whole milliseconds and may run ahead by some";
    EXPECT_LE(wait.us, base + base / 2 + 10'000);
    time.advance(wait);
  }
  becomes_in_time("ana", "failed");
  EXPECT_NE(message("ana")->payload.text.find("secret"), std::string::npos) << "somebody may have it sent again";
  EXPECT_EQ(message("ana")->last_error, "busy");
  time.advance(hours(1));
  let_pass();
  EXPECT_EQ(outside.tries("ana"), limits::delivery_tries_max);
}

TEST_F(DispatcherTest, OneThatCannotBeDeliveredIsSetAsideAndTheQueueMovesOn) {
  outside.answer("nowhere", {never});
  send({"nowhere", "ana"});
  becomes("ana", "sent");
  becomes("nowhere", "failed");
  EXPECT_EQ(message("nowhere")->last_error, "no such address");
  EXPECT_TRUE(eventually([&] { return engine->metrics().outbox_failed == 1; }));
  time.advance(hours(1));
  let_pass();
  EXPECT_EQ(outside.tries("nowhere"), 1);
}

TEST_F(DispatcherTest, AnUnclearOutcomeIsRepeatedOnlyWhereTheReceiverTellsDoublesApart) {
  outside.answer("ana", {throws});
  send({"ana"});
  becomes("ana", "unknown");
  EXPECT_EQ(message("ana")->last_error, "connection lost");
  outside.deduplicates = true;
  outside.answer("ben", {throws});
  send({"ben"});
  ASSERT_TRUE(waits_after(1, "ben"));
  time.advance(seconds(2));
  becomes_in_time("ben", "sent");
  EXPECT_EQ(outside.tries("ana"), 1);
  EXPECT_EQ(outside.tries("ben"), 2);
  const auto ids = outside.ids();
  EXPECT_EQ(ids[ids.size() - 1], ids[ids.size() - 2]) << "the same message id";
}

TEST_F(DispatcherTest, WhatACrashLeftInTheMiddleIsUnknownOrSentAgain) {
  send(tenant, {"ana"}, true);
  becomes("ana", "unknown");
  outside.deduplicates = true;
  send(tenant, {"ben"}, true);
  becomes("ben", "sent");
  EXPECT_EQ(outside.taken(), std::vector<std::string>{"ben"});
}

TEST_F(DispatcherTest, ARestartSendsNothingTwiceAndForgetsNothing) {
  outside.answer("later", {later});
  send({"ana", "ben", "later"});
  becomes("ben", "sent");
  ASSERT_TRUE(waits_after(1, "later"));
  restart();
  time.advance(seconds(2));
  becomes_in_time("later", "sent");
  EXPECT_EQ(outside.taken(), (std::vector<std::string>{"ana", "ben", "later", "later"}));
}

TEST_F(DispatcherTest, AnEndInTheMiddleOfADeliveryFinishesItAndLeavesTheRestForLater) {
  bool in_the_middle = false;  // the end may come to the dispatcher a moment after the first delivery is let go
  for (int round = 0; round < 50 && !in_the_middle; ++round) {
    const auto n = std::to_string(round);
    const std::vector<std::string> receivers{"ana" + n, "ben" + n, "eva" + n};
    outside.hold(receivers[0]);
    send(receivers);
    ASSERT_TRUE(eventually([&] { return outside.tries(receivers[0]) == 1; }));
    std::thread ends([&] { engine->drain(); });
    EXPECT_TRUE(eventually([&] { return as(ana, "customers/create", R"({"name":"Clara"})").status == 503; }));
    outside.hold("nobody");
    ends.join();
    in_the_middle = outside.tries(receivers[1]) == 0;
    restart();
    time.advance(seconds(2));
    for (const auto& to : receivers) {
      becomes_in_time(to, "sent");
      EXPECT_EQ(outside.tries(to), 1) << to;
      EXPECT_EQ(message(to)->tries, 1) << to;
    }
  }
  EXPECT_TRUE(in_the_middle);
}

TEST_F(DispatcherTest, ADeliveryThatHangsHoldsUpNoOtherTenant) {
  TenantId other;
  other.uuid = make_uuid(time.now(), system_random());
  engine->create_lane(other);
  outside.hold("ana");
  send({"ana"});
  ASSERT_TRUE(eventually([&] { return outside.tries("ana") == 1; }));
  send(other, {"ben"});
  EXPECT_TRUE(eventually([&] { return outside.tries("ben") == 1; }));
  new_customer();  // and no lane, its own neither
  outside.hold("nobody");
  becomes("ana", "sent");
}

TEST_F(DispatcherTest, AProviderThatHangsInEveryCallHoldsUpNoOtherProviderAndNoLane) {
  const auto at_once = static_cast<std::int64_t>(limits::provider_calls_at_once_max);
  std::vector<TenantId> tenants;
  for (std::int64_t i = 0; i < at_once + 1; ++i) {
    tenants.push_back({make_uuid(time.now(), system_random())});
    engine->create_lane(tenants.back());
  }
  outside.hold("ana");
  for (const auto& each : tenants) send(each, {"ana"});
  ASSERT_TRUE(eventually([&] { return outside.tries("ana") == at_once; }));
  send(tenant, {"ben"}, false, "pigeon");
  becomes("ben", "sent");
  system("tests/send-to-lane", R"({"to":["dan"]})");
  becomes("dan", "sent");
  EXPECT_EQ(outside.tries("ana"), at_once) << "it is asked more often than it may be at once";
  outside.hold("nobody");
  EXPECT_TRUE(eventually([&] { return outside.tries("ana") == at_once + 1; }));
}

TEST_F(DispatcherTest, ACallThatDoesNotEndIsUnclearAndTheRestIsNotLost) {
  restart(milliseconds(100));
  outside.hold("ana");
  send({"ana", "ben"});
  becomes("ana", "unknown");
  EXPECT_EQ(message("ana")->last_error, "the provider did not answer in time");
  becomes("ben", "sent");
  EXPECT_EQ(message("ben")->tries, 1);
  outside.hold("nobody");
  send({"cid"});
  becomes("cid", "sent");
  EXPECT_EQ(outside.tries("ana"), 1);
}

TEST_F(DispatcherTest, WhoeverHangsIsAskedNoMoreUntilACallEnds) {
  restart(milliseconds(50));
  outside.hold("ana");
  send({"ana", "ana", "ana", "ana"});
  const auto places = static_cast<std::int64_t>(limits::provider_calls_at_once_max);
  const auto counted = [&](std::string_view status) {
    const auto view = engine->read(tenant, system_caller());
    return view->reader().count(type_of<OutboxMessage>(), where(&OutboxMessage::status) == status);
  };
  EXPECT_TRUE(eventually([&] { return counted("unknown") == places && counted("queued") == 4 - places; }));
  EXPECT_EQ(outside.tries("ana"), places);
  outside.hold("nobody");
  EXPECT_TRUE(eventually([&] { return counted("sent") == 4 - places; }));
  EXPECT_EQ(counted("unknown"), places);
}

TEST_F(DispatcherTest, AHangingCallDoesNotKeepTheServerFromStopping) {
  restart(milliseconds(100));
  outside.hold("ana");
  send({"ana"});
  ASSERT_TRUE(eventually([&] { return outside.tries("ana") == 1; }));
  stop();
  outside.hold("nobody");
  restart();
  becomes("ana", "unknown");
}

TEST_F(DispatcherTest, SettledMessagesAreForgottenInTheEnd) {
  outside.answer("nowhere", {never});
  outside.answer("unclear", {throws});
  send({"ana", "nowhere", "unclear"});
  becomes("unclear", "unknown");
  time.advance(limits::message_retention - hours(1));
  let_pass();
  EXPECT_EQ(status("ana"), "sent");
  new_customer();  // behind the jobs that the first step of time has brought
  time.advance(days(2));
  for (const auto* gone : {"ana", "nowhere"}) {
    becomes_in_time(gone, "none");
  }
  EXPECT_EQ(status("unclear"), "unknown") << "somebody must find out";
}

}  // namespace

}  // namespace interlock::engine
