// SPDX-License-Identifier: Apache-2.0
// Counters of requests, and /metrics in Prometheus' text format.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "base/json.h"
#include "base/time.h"

namespace interlock::http {

/// Thread-safe counters.
class RequestMetrics {
 public:
  void count(int status, Duration took);
  void append_text(std::string& out) const;
  /// The same as members of the object that is open: by class of status, and by time: how many took more
  /// than the bound before and not more than this one.
  void append_json(JsonWriter& json) const;

  std::atomic<std::int64_t> feeds_opened = 0;
  std::atomic<std::int64_t> logins = 0;
  std::atomic<std::int64_t> login_failures = 0;
  std::atomic<std::int64_t> script_errors = 0;

 private:
  static constexpr std::array<std::int64_t, 12> bounds_us = {250,    500,    1'000,   2'500,   5'000,     10'000,
                                                             25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000};
  std::array<std::atomic<std::int64_t>, 6> by_class_{};  ///< of status / 100
  std::array<std::atomic<std::int64_t>, 13> by_time_{};
  std::atomic<std::int64_t> sum_us_ = 0;
};

struct ApiContext;
/// All metrics of the process.
std::string metrics_text(ApiContext& api);
/// What the page for administrators shows of them: counters since start and gauges, for its reader to compare.
std::string metrics_json(ApiContext& api);

}  // namespace interlock::http
