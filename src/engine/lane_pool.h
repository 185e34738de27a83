// SPDX-License-Identifier: Apache-2.0
// A bounded pool of workers for all lanes. A lane that has work stands in one line with the others and runs one group
// per turn, so that a flooded tenant delays the others by one group at most. A lane that has none has no thread, and
// after a while no open files.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/feed.h"
#include "engine/lane.h"

namespace interlock::engine {

/// A lane with what the pool knows of it.
struct LaneSlot {
  LaneSlot(LaneEnvironment& environment, TenantId tenant, FeedMetrics& feed_metrics)
      : lane(environment, tenant),
        hub(std::make_shared<FeedHub>(environment.schema, environment.clock, feed_metrics)) {}

  Lane lane;
  std::shared_ptr<FeedHub> hub;

  std::atomic<bool> follows{false};  ///< a look at what other nodes have committed is in the queue

  // Guarded by the pool's mutex.
  bool scheduled = false;                       ///< in line, or running
  std::deque<std::function<void()>> exclusive;  ///< to be run between groups

  std::mutex waiters_mutex;
  struct Waiter {
    std::int64_t seq;
    Duration until;
    std::function<void(bool)> callback;
  };
  std::vector<Waiter> waiters;
};

class LanePool {
 public:
  LanePool(LaneEnvironment& environment, FeedMetrics& feed_metrics, std::size_t workers, std::size_t open_lanes_max);
  ~LanePool();

  /// The slot of a tenant; made at first use. Slots stay as long as the pool (an unopened one costs about 1 KiB).
  std::shared_ptr<LaneSlot> slot(TenantId tenant);
  /// Only if somebody used it already.
  std::shared_ptr<LaneSlot> known(TenantId tenant);
  std::vector<std::shared_ptr<LaneSlot>> slots();

  /// Puts the lane in line if it has work.
  void schedule(const std::shared_ptr<LaneSlot>& slot);
  /// Runs `work` on a worker while no group of the lane runs; blocks until it is done; exceptions come through.
  void run_exclusively(const std::shared_ptr<LaneSlot>& slot, const std::function<void()>& work);
  /// Checkpoints lanes that rest, closes those that have rested long or exceed the bound.
  void tidy_up(Duration now);
  /// True when no lane has work; waits at most `timeout`.
  bool wait_until_idle(Duration timeout);
  /// Lets the workers finish their group and joins them.
  void stop();

 private:
  /// Unless it stands there or runs. The mutex is held, and the pool is not stopping.
  void put_in_line(const std::shared_ptr<LaneSlot>& slot);
  void run();
  void turn(const std::shared_ptr<LaneSlot>& slot, std::function<void()> exclusive);

  LaneEnvironment& env_;
  FeedMetrics& feed_metrics_;
  const std::size_t open_lanes_max_;
  std::mutex mutex_;
  std::condition_variable work_, idle_;
  std::map<TenantId, std::shared_ptr<LaneSlot>> slots_;
  std::deque<std::shared_ptr<LaneSlot>> line_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace interlock::engine
