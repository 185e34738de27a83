// SPDX-License-Identifier: Apache-2.0
// Counts per name within a sliding window: failed log-ins per account and per address, anonymous calls per address.
#pragma once

#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/limits.h"
#include "base/time.h"
#include "engine/nodes.h"

namespace interlock::http {

/// Thread-safe; O(1) a call. Memory is bounded: at most `names_max` names, at most `count_max` times each. A new name
/// takes the place of the one that was counted longest ago, which is the one whose window ends first; nobody else's
/// count is touched, so that filling the table resets no count that is being raised.
class Throttle {
 public:
  Throttle(int count_max, Duration window, const Clock& clock, std::size_t names_max = limits::throttled_names_max);

  /// Throws Refusal too_many if the name has reached its count within the window.
  void check(const std::string& name);
  /// Counts one.
  void count(const std::string& name);
  /// How many names are remembered.
  std::size_t size();

 private:
  struct Entry {
    std::string name;
    std::deque<Duration> times;
  };
  using Entries = std::list<Entry>;
  void expire(std::deque<Duration>& times) const;
  void forget(Entries::iterator entry);
  /// Names whose window has passed, a few at a time; and when it is full, the oldest.
  void make_room();

  const std::size_t count_max_;
  const Duration window_;
  const Clock& clock_;
  const std::size_t names_max_;
  std::mutex mutex_;
  Entries entries_;                                                  ///< the one that was counted longest ago first
  std::unordered_map<std::string_view, Entries::iterator> by_name_;  ///< views of entries_
};

/// A throttle that all nodes count for together: what is counted here they are told, by a digest of its name.
class SharedThrottle {
 public:
  /// As Throttle; `topic` names it between nodes.
  SharedThrottle(engine::Nodes& nodes, std::string topic, int count_max, Duration window, const Clock& clock);

  void check(const std::string& name);
  void count(const std::string& name);

 private:
  engine::Nodes& nodes_;
  const std::string topic_;
  Throttle counts_;
  std::shared_ptr<void> listener_;  ///< last, so that nothing is heard when the rest goes
};

}  // namespace interlock::http
