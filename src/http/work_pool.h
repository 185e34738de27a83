// SPDX-License-Identifier: Apache-2.0
// A few threads with a bounded queue, for what must not run on an io thread: password hashing and long reads.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace interlock::http {

/// Thread-safe. Destroying it runs what is queued, then ends the threads.
class WorkPool {
 public:
  WorkPool(std::size_t threads, std::size_t queue_max);
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  /// Throws Refusal overloaded when the queue is full. `work` must not throw.
  void submit(std::function<void()> work);
  /// False when the queue is full.
  [[nodiscard]] bool try_submit(std::function<void()> work);

 private:
  void run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace interlock::http
