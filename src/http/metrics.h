// SPDX-License-Identifier: Apache-2.0
// Counters of requests, and /metrics in Prometheus' text format.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "base/json.h"
#include "base/time.h"
#include "http/time_histogram.h"

namespace interlock::http {

/// Thread-safe counters.
class RequestMetrics {
 public:
  void count(int status, Duration took);
  void append_text(std::string& out) const;
  /// The same as members of the object that is open: by class of status, and by time.
  void append_json(JsonWriter& json) const;

  std::atomic<std::int64_t> feeds_opened = 0;
  std::atomic<std::int64_t> logins = 0;
  std::atomic<std::int64_t> login_failures = 0;
  std::atomic<std::int64_t> script_errors = 0;

 private:
  std::array<std::atomic<std::int64_t>, 6> by_class_{};  ///< of status / 100
  TimeHistogram times_;
};

struct ApiContext;
/// All metrics of the process.
std::string metrics_text(ApiContext& api);
/// What the page for administrators shows of them: counters since start and gauges, for its reader to compare.
std::string metrics_json(ApiContext& api);

}  // namespace interlock::http
