// SPDX-License-Identifier: Apache-2.0
// The simulator's threads: fibers of one thread, one of which runs until it yields; who is next is drawn from the seed.
// Code under simulation locks std::mutex and waits on std::condition_variable as ever: the two calls of the C library
// behind them are replaced in the program that links this file, and let another fiber run where a thread would sleep.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "testing/manual_clock.h"
#include "testing/sim_trace.h"

namespace interlock::testing {

class Fibers {
 public:
  Fibers(ManualClock& clock, Random& random, Trace& trace);
  Fibers(const Fibers&) = delete;
  Fibers& operator=(const Fibers&) = delete;
  /// All fibers must have ended.
  ~Fibers();

  /// `body` runs when it is chosen; an exception that leaves it is thrown by step().
  int spawn(std::string name, std::function<void()> body);
  /// Lets one fiber that is ready run to its next yield. False if none is ready now.
  bool step();
  bool empty() const { return fibers_.empty(); }
  /// When the next sleeping fiber is ready; nothing if all wait to be woken.
  std::optional<Duration> next_ready() const;
  void wake(int fiber);
  /// Who there is, and when each is ready, for people.
  std::string describe() const;

  // Within a fiber; outside of any they do nothing.
  void yield();
  void sleep(Duration time, const char* why = "time");
  /// Until wake().
  void wait();

  /// The scheduler whose fiber runs now, or nullptr.
  static Fibers* current();

 private:
  struct Fiber;
  void suspend();

  ManualClock& clock_;
  Random& random_;
  Trace& trace_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  Fiber* running_ = nullptr;
  int next_id_ = 1;
};

}  // namespace interlock::testing
