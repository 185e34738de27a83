// SPDX-License-Identifier: Apache-2.0
// How long something took, counted by bounds: of requests, of changes on their way to subscribers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"

namespace interlock::http {

/// Thread-safe; counting is two additions and allocates nothing.
class TimeHistogram {
 public:
  static constexpr std::array<std::int64_t, 12> bounds_us = {250,    500,    1'000,   2'500,   5'000,     10'000,
                                                             25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000};

  /// What was counted until now: by time, how many took more than the bound before and not more than this one (the last
  /// one: more than every bound).
  struct Counts {
    std::array<std::int64_t, bounds_us.size() + 1> by_time{};
    std::int64_t sum_us = 0;

    /// A histogram in Prometheus' text format; `name` ends in _seconds.
    void append_text(std::string& out, std::string_view name, std::string_view help) const;
    /// Members of the object that is open: `name`, a list of {"le","count"}, and `name`_sum; both in microseconds.
    void append_json(JsonWriter& json, std::string_view name) const;
  };

  void count(Duration took);
  Counts counts() const;

 private:
  std::array<std::atomic<std::int64_t>, bounds_us.size() + 1> by_time_{};
  std::atomic<std::int64_t> sum_us_ = 0;
};

}  // namespace interlock::http
