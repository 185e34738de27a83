// SPDX-License-Identifier: Apache-2.0
// An engine whose time passes when the test says so.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "engine/fixture_for_test.h"

namespace interlock::engine {

class ManualClock final : public Clock {
 public:
  Time now() const override { return {us_}; }
  Duration monotonic() const override { return {us_}; }
  void advance(Duration time) { us_ += time.us; }

 private:
  std::atomic<std::int64_t> us_{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z
};

struct OwnsManualClock {
  ManualClock time;
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
    // What commits tell nobody is asked for again and again: every 2 ms, 10,000 times at most.
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    for (int times = 0; times < 10'000; ++times) {
      if (done()) return true;
      never.wait_for(lock, std::chrono::milliseconds(2));
    }
    return false;
  }
};

}  // namespace interlock::engine
