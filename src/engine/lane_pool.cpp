// SPDX-License-Identifier: Apache-2.0
#include "engine/lane_pool.h"

#include <algorithm>
#include <future>

#include "base/log.h"

namespace interlock::engine {

namespace {

/// A lane that rested this long folds its log into the database; sooner would cost the next operation a sync.
constexpr Duration rest_before_checkpoint = seconds(2);

}  // namespace

LanePool::LanePool(LaneEnvironment& environment, FeedMetrics& feed_metrics, std::size_t workers,
                   std::size_t open_lanes_max)
    : env_(environment), feed_metrics_(feed_metrics), open_lanes_max_(open_lanes_max) {
  for (std::size_t i = 0; i < workers; ++i) workers_.emplace_back([this] { run(); });
}

LanePool::~LanePool() { stop(); }

std::shared_ptr<LaneSlot> LanePool::slot(TenantId tenant) {
  std::lock_guard lock(mutex_);
  auto& slot = slots_[tenant];
  if (!slot) slot = std::make_shared<LaneSlot>(env_, tenant, feed_metrics_);
  return slot;
}

std::shared_ptr<LaneSlot> LanePool::known(TenantId tenant) {
  std::lock_guard lock(mutex_);
  const auto at = slots_.find(tenant);
  return at == slots_.end() ? nullptr : at->second;
}

std::vector<std::shared_ptr<LaneSlot>> LanePool::slots() {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<LaneSlot>> all;
  for (const auto& [tenant, slot] : slots_) all.push_back(slot);
  return all;
}

void LanePool::schedule(const std::shared_ptr<LaneSlot>& slot) {
  std::lock_guard lock(mutex_);
  if (!stopping_) put_in_line(slot);
}

void LanePool::put_in_line(const std::shared_ptr<LaneSlot>& slot) {
  if (slot->scheduled) return;
  slot->scheduled = true;
  line_.push_back(slot);
  work_.notify_one();
}

void LanePool::run_exclusively(const std::shared_ptr<LaneSlot>& slot, const std::function<void()>& work) {
  std::promise<void> done;
  auto result = done.get_future();
  const auto task = [&] {
    try {
      work();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());  // it is the caller's
    }
  };
  {
    std::lock_guard lock(mutex_);
    if (stopping_) throw Refusal(ErrorCode::draining);
    slot->exclusive.push_back(task);
    put_in_line(slot);
  }
  result.get();
}

void LanePool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || !line_.empty(); });
    if (line_.empty()) return;
    auto slot = std::move(line_.front());
    line_.pop_front();
    ++running_;
    std::function<void()> exclusive;
    if (!slot->exclusive.empty()) {
      exclusive = std::move(slot->exclusive.front());
      slot->exclusive.pop_front();
    }
    lock.unlock();
    turn(slot, std::move(exclusive));
    lock.lock();
    --running_;
    if (slot->lane.has_work() || !slot->exclusive.empty()) {
      line_.push_back(std::move(slot));  // behind the others
    } else {
      slot->scheduled = false;
      if (running_ == 0 && line_.empty()) idle_.notify_all();
    }
  }
}

void LanePool::turn(const std::shared_ptr<LaneSlot>& slot, std::function<void()> exclusive) {
  if (exclusive) {
    exclusive();
    return;
  }
  slot->lane.run_group();
  try {
    slot->lane.maintain(false);
  } catch (const std::exception& error) {
    log(LogLevel::error, "maintenance_failed",
        {{"tenant", uuid_text(slot->lane.tenant().uuid)}, {"error", error.what()}});
  }
}

void LanePool::tidy_up(Duration now) {
  std::vector<std::shared_ptr<LaneSlot>> resting;
  std::size_t open = 0;
  for (auto& slot : slots()) {
    if (!slot->lane.is_open()) continue;
    ++open;
    if (now - slot->lane.last_used() > rest_before_checkpoint) resting.push_back(std::move(slot));
  }
  std::sort(resting.begin(), resting.end(),
            [](const auto& a, const auto& b) { return a->lane.last_used() < b->lane.last_used(); });
  for (const auto& slot : resting) {
    const bool too_many = open > open_lanes_max_;
    const bool close = !slot->hub->is_used() && (too_many || now - slot->lane.last_used() > limits::lane_idle_close);
    if (close) --open;
    // Fire and forget: a worker does it between groups; the pool outlives its workers' tasks.
    std::lock_guard lock(mutex_);
    if (slot->scheduled || stopping_) continue;
    slot->exclusive.push_back([raw = slot.get(), close] {
      try {
        raw->lane.maintain(true);
        if (close && !raw->lane.has_work()) raw->lane.close();
      } catch (const std::exception& error) {
        log(LogLevel::error, "maintenance_failed",
            {{"tenant", uuid_text(raw->lane.tenant().uuid)}, {"error", error.what()}});
      }
    });
    put_in_line(slot);
  }
}

bool LanePool::wait_until_idle(Duration timeout) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, std::chrono::microseconds(timeout.us), [this] { return running_ == 0 && line_.empty(); });
}

void LanePool::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (auto& worker : workers_)
    if (worker.joinable()) worker.join();
}

}  // namespace interlock::engine
