// SPDX-License-Identifier: Apache-2.0
// Subscribers of the feed whose messages a test waits for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/feed.h"
#include "engine/fixture_for_test.h"

namespace interlock::engine {

class Collector final : public FeedSink {
 public:
  bool deliver(const FeedMessage& message) override {
    std::lock_guard lock(mutex_);
    messages_.push_back(parse_json(*message.text));
    committed_.push_back(message.committed);
    if (limit_ != 0 && messages_.size() > limit_) return false;
    arrived_.notify_all();
    return true;
  }
  /// Waits until `done` holds for what arrived; bounded.
  template <class Predicate>
  std::vector<Json> wait(Predicate done) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return done(messages_); })) << messages_.size();
    return messages_;
  }
  std::vector<Json> wait_for(std::size_t count) {
    return wait([count](const auto& messages) { return messages.size() >= count; });
  }
  /// Of each message, the time of the commit that it came with.
  std::vector<Duration> committed() {
    std::lock_guard lock(mutex_);
    return committed_;
  }
  std::size_t count() {
    std::lock_guard lock(mutex_);
    return messages_.size();
  }
  void cut_off_after(std::size_t limit) { limit_ = limit; }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Json> messages_;
  std::vector<Duration> committed_;
  std::atomic<std::size_t> limit_{0};
};

class FeedTest : public EngineTest {
 protected:
  struct Watch {
    std::shared_ptr<Collector> sink;
    std::unique_ptr<Subscription> subscription;
  };
  Watch watch(const Uuid& who, std::optional<std::int64_t> since = {}, const std::string& filter = "null",
              std::vector<std::string> collections = {"customers"}) {
    Watch w{std::make_shared<Collector>(), nullptr};
    SubscribeRequest request;
    request.collections = std::move(collections);
    request.filter = parse_json(filter);
    request.since = since;
    w.subscription = engine->subscribe(tenant, user(who), request, w.sink);
    return w;
  }
  static std::int64_t seq_of(const Json& message) { return *message.find("seq")->if_integer(); }
  static std::string type_of_message(const Json& message) { return *message.find("type")->if_text(); }
  void update(const std::string& id, const std::string& members) {
    const auto answer = as(ana, "customers/update", R"({"id":")" + id + R"(","version":"*",)" + members + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
};

}  // namespace interlock::engine
