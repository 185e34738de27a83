// SPDX-License-Identifier: Apache-2.0
// The page cache that the writers of all open lanes share: few lanes get much, many get little. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace interlock::store::sqlite {

inline constexpr std::int64_t lane_cache_bytes_min = 2 * 1024 * 1024;

class CacheBudget {
 public:
  CacheBudget(std::int64_t total_bytes, std::int64_t lane_bytes_max)
      : total_bytes_(total_bytes), lane_bytes_max_(lane_bytes_max) {}

  /// What one lane may take now. A lane asks again when it tidies up.
  std::int64_t share() const {
    const std::int64_t lanes = std::max<std::int64_t>(lanes_.load(std::memory_order_relaxed), 1);
    return std::clamp(total_bytes_ / lanes, std::min(lane_cache_bytes_min, lane_bytes_max_), lane_bytes_max_);
  }
  void lane_opened() { lanes_.fetch_add(1, std::memory_order_relaxed); }
  void lane_closed() { lanes_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  std::int64_t total_bytes_;
  std::int64_t lane_bytes_max_;
  std::atomic<std::int64_t> lanes_ = 0;
};

}  // namespace interlock::store::sqlite
