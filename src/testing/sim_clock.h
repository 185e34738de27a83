// SPDX-License-Identifier: Apache-2.0
// The simulator's time: it stands still until it is moved.
#pragma once

#include "base/time.h"

namespace interlock::testing {

class SimClock final : public Clock {
 public:
  Time now() const override { return wall_; }
  Duration monotonic() const override { return steady_; }

  void advance(Duration time) {
    wall_ = wall_ + time;
    steady_ = steady_ + time;
  }
  /// The wall clock jumps, as somebody set it; steady time does not.
  void jump(Duration time) { wall_ = wall_ + time; }

 private:
  Time wall_{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z
  Duration steady_ = seconds(1'000);
};

}  // namespace interlock::testing
