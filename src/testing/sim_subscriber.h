// SPDX-License-Identifier: Apache-2.0
// A simulated subscriber of a tenant's feed: connects, reads at its own pace, is cut off or goes away, and comes back
// with the last sequence it has seen. What it received in all its connections must be the log, filtered, once; and who
// keeps a list by it (what is seen through a record comes and goes with that one) must have what a fresh list shows.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "testing/sim_server.h"
#include "testing/sim_trace.h"

namespace interlock::testing {

struct SubscriberOptions {
  TenantId tenant;
  Caller caller;
  std::vector<std::string> collections;
  std::string status;  ///< only customers in this status; empty: all
  std::int64_t since = 0;
  std::size_t queue_messages_max = 64;
  bool skips_one = false;  ///< a defect to be found: it resumes one sequence too late
};

class SimSubscriber {
 public:
  explicit SimSubscriber(SubscriberOptions options) : options_(std::move(options)), last_(options_.since) {}

  const SubscriberOptions& options() const { return options_; }
  bool is_connected() const { return subscription_ != nullptr && !sink_->dead; }
  bool is_connecting() const { return connecting_; }

  /// Within a fiber. False if the server would not have it now.
  bool connect(SimServer& server);
  /// Within a fiber, or when there is none. What was not read is lost.
  void disconnect();
  /// Reads at most `count` messages. Throws Violation for one that must not come.
  void consume(std::size_t count);
  bool has_waiting() const { return sink_ != nullptr && !sink_->queue.empty(); }
  std::int64_t last() const { return last_; }

  /// Throws Violation unless everything up to here of this log was received, once and in order.
  void check(const Schema& schema, const std::vector<store::Change>& log) const;

 private:
  struct Sink final : engine::FeedSink {
    explicit Sink(std::size_t max) : queue_messages_max(max) {}
    bool deliver(const engine::FeedMessage& message) override;
    std::deque<engine::FeedMessage> queue;
    const std::size_t queue_messages_max;
    bool dead = false;
  };

  class LogStates;
  struct Expected;

  bool wants(const RecordType& type) const;
  std::optional<Expected> expected(const LogStates& states, std::size_t index, bool subject_seen) const;
  void check_one(const store::Change& change, const std::string& id, const std::string& text,
                 const Expected& expected) const;
  void check_messages(const LogStates& states) const;
  void check_list(const LogStates& states) const;

  SubscriberOptions options_;
  std::int64_t last_ = 0;
  bool connecting_ = false;
  bool was_connected_ = false;
  std::shared_ptr<Sink> sink_;
  std::unique_ptr<engine::Subscription> subscription_;
  std::vector<engine::FeedMessage> received_;
};

}  // namespace interlock::testing
