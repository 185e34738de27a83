// SPDX-License-Identifier: Apache-2.0
#include "http/throttle.h"

#include <iterator>

#include "base/digest.h"
#include "base/refusal.h"

namespace interlock::http {

Throttle::Throttle(int count_max, Duration window, const Clock& clock, std::size_t names_max)
    : count_max_(static_cast<std::size_t>(count_max)), window_(window), clock_(clock), names_max_(names_max) {}

void Throttle::expire(std::deque<Duration>& times) const {
  auto now = clock_.monotonic();
  while (!times.empty() && now - times.front() >= window_) times.pop_front();
}

void Throttle::check(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  auto& times = found->second->times;
  expire(times);
  if (times.empty()) {
    forget(found->second);
  } else if (times.size() >= count_max_) {
    throw Refusal(ErrorCode::too_many).with_limit(static_cast<std::int64_t>(count_max_));
  }
}

void Throttle::count(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = by_name_.find(name);
  if (found != by_name_.end()) {
    entries_.splice(entries_.end(), entries_, found->second);
  } else {
    make_room();
    entries_.push_back({name, {}});
    by_name_.emplace(entries_.back().name, std::prev(entries_.end()));
  }
  auto& times = entries_.back().times;
  times.push_back(clock_.monotonic());
  if (times.size() > count_max_) times.pop_front();
}

std::size_t Throttle::size() {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

void Throttle::forget(Entries::iterator entry) {
  by_name_.erase(entry->name);
  entries_.erase(entry);
}

void Throttle::make_room() {
  const auto now = clock_.monotonic();
  for (int i = 0; i < limits::throttled_names_forgotten_max && !entries_.empty(); ++i) {
    const bool over = now - entries_.front().times.back() >= window_;
    if (!over && entries_.size() < names_max_) return;
    forget(entries_.begin());
  }
}

SharedThrottle::SharedThrottle(engine::Nodes& nodes, std::string topic, int count_max, Duration window,
                               const Clock& clock)
    : nodes_(nodes),
      topic_(std::move(topic)),
      counts_(count_max, window, clock),
      listener_(nodes.hear(topic_, [this](auto, auto name) { counts_.count(std::string(name)); })) {}

void SharedThrottle::check(const std::string& name) { counts_.check(hex(bytes_of(digest16(name)))); }

void SharedThrottle::count(const std::string& name) {
  const auto digest = hex(bytes_of(digest16(name)));
  counts_.count(digest);
  nodes_.tell(topic_, digest);
}

}  // namespace interlock::http
