// SPDX-License-Identifier: Apache-2.0
#include "http/throttle.h"

#include <iterator>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::http {

Throttle::Throttle(int count_max, Duration window, const Clock& clock)
    : count_max_(static_cast<std::size_t>(count_max)), window_(window), clock_(clock) {}

void Throttle::expire(Times& times) const {
  auto now = clock_.monotonic();
  while (!times.empty() && now - times.front() >= window_) times.pop_front();
}

void Throttle::check(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = names_.find(name);
  if (found == names_.end()) return;
  expire(found->second);
  if (found->second.empty()) {
    names_.erase(found);
  } else if (found->second.size() >= count_max_) {
    throw Refusal(ErrorCode::too_many).with_limit(static_cast<std::int64_t>(count_max_));
  }
}

void Throttle::count(const std::string& name) {
  std::lock_guard lock(mutex_);
  if (names_.size() >= limits::throttled_names_max && !names_.contains(name)) make_room();
  auto& times = names_[name];
  times.push_back(clock_.monotonic());
  if (times.size() > count_max_) times.pop_front();
}

void Throttle::make_room() {
  for (auto entry = names_.begin(); entry != names_.end();) {
    expire(entry->second);
    entry = entry->second.empty() ? names_.erase(entry) : std::next(entry);
  }
  if (names_.size() >= limits::throttled_names_max) names_.clear();
}

}  // namespace interlock::http
