// SPDX-License-Identifier: Apache-2.0
// An engine whose time passes when the test says so.
#pragma once

#include <utility>

#include "engine/fixture_for_test.h"
#include "testing/eventually.h"
#include "testing/manual_clock.h"

namespace interlock::engine {

struct OwnsManualClock {
  testing::ManualClock time;
};

class ManualTimeTest : protected OwnsManualClock, public EngineTest {
 protected:
  explicit ManualTimeTest(const Schema& with) : EngineTest(with, &time) {}

  /// As eventually, while time goes on slowly: what ran into its deadline when time jumped is tried again.
  template <class Predicate>
  bool in_time(Predicate done) {
    return eventually([&] {
      if (done()) return true;
      time.advance(milliseconds(10));
      return false;
    });
  }
  /// Whether `done` holds within a bound; meanwhile no time passes for the engine.
  template <class Predicate>
  static bool eventually(Predicate done) {
    return testing::eventually(std::move(done));
  }
};

}  // namespace interlock::engine
