// SPDX-License-Identifier: Apache-2.0
// For what tells nobody that it has happened: asked for again and again, within a bound.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace interlock::testing {

/// Whether `done` holds at last: asked every 2 ms, 10,000 times at most.
template <class Predicate>
bool eventually(Predicate done) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  for (int times = 0; times < 10'000; ++times) {
    if (done()) return true;
    never.wait_for(lock, std::chrono::milliseconds(2));
  }
  return false;
}

}  // namespace interlock::testing
