// SPDX-License-Identifier: Apache-2.0
// The one clock of all tests and of the simulator: time passes when they say so.
#pragma once

#include <atomic>

#include "base/time.h"

namespace interlock::testing {

/// Stands still until it is moved. Thread-safe.
class ManualClock final : public Clock {
 public:
  ManualClock() = default;
  /// Goes on by itself as `source` does, ahead of it by what it was moved.
  explicit ManualClock(const Clock& source) : source_(&source), wall_us_(0), steady_us_(0) {}

  Time now() const override { return (source_ == nullptr ? Time{} : source_->now()) + Duration{wall_us_}; }
  Duration monotonic() const override {
    return (source_ == nullptr ? Duration{} : source_->monotonic()) + Duration{steady_us_};
  }

  void advance(Duration time) {
    wall_us_ += time.us;
    steady_us_ += time.us;
  }
  /// The wall clock jumps, as somebody set it; steady time does not.
  void jump(Duration time) { wall_us_ += time.us; }

 private:
  const Clock* source_ = nullptr;
  std::atomic<std::int64_t> wall_us_{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z
  std::atomic<std::int64_t> steady_us_{1'000'000'000};
};

}  // namespace interlock::testing
