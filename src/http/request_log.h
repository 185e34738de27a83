// SPDX-License-Identifier: Apache-2.0
// The request log: one JSON line per request on standard error, written by a thread of its own, so that neither lanes
// nor io threads wait for a reader. What a reader does not take within the bound is dropped and counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace interlock::http {

/// Thread-safe. Destroying it writes what is left.
class RequestLog {
 public:
  RequestLog();
  ~RequestLog();
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  /// `line` ends with a line break.
  void write(std::string_view line);
  std::int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  bool ending_ = false;
  std::atomic<std::int64_t> dropped_ = 0;
  std::thread thread_;
};

}  // namespace interlock::http
