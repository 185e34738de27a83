// SPDX-License-Identifier: Apache-2.0
// Counts per name within a sliding window: failed log-ins per account and per address, anonymous calls per address.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace interlock::http {

/// Thread-safe. Memory is bounded: at most limits::throttled_names_max names, at most `count_max` times each; when it
/// is full, names whose window has passed go first, then all.
class Throttle {
 public:
  Throttle(int count_max, Duration window, const Clock& clock);

  /// Throws Refusal too_many if the name has reached its count within the window.
  void check(const std::string& name);
  /// Counts one.
  void count(const std::string& name);

 private:
  using Times = std::deque<Duration>;
  void expire(Times& times) const;
  void make_room();

  const std::size_t count_max_;
  const Duration window_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Times> names_;
};

}  // namespace interlock::http
