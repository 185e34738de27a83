// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_fibers.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <boost/context/fiber.hpp>
#include <boost/context/fixedsize_stack.hpp>
#include <cerrno>
#include <cstring>
#include <limits>

#include "base/check.h"

namespace interlock::testing {

namespace {

constexpr std::size_t stack_bytes = 1024 * 1024;
constexpr Duration never{std::numeric_limits<std::int64_t>::max()};
constexpr Duration blocked_time = microseconds(20);  // a fiber that waits for a lock looks again after this

Fibers* scheduler = nullptr;

/// The C++ runtime keeps a thread's caught exceptions in a list: a fiber that yields within a handler takes its own
/// along.
struct Exceptions {
  void* caught = nullptr;
  unsigned int uncaught = 0;

  void exchange() {
    Exceptions of_thread;
    auto* globals = reinterpret_cast<char*>(abi::__cxa_get_globals());
    std::memcpy(&of_thread.caught, globals, sizeof caught);
    std::memcpy(&of_thread.uncaught, globals + sizeof caught, sizeof uncaught);
    std::memcpy(globals, &caught, sizeof caught);
    std::memcpy(globals + sizeof caught, &uncaught, sizeof uncaught);
    *this = of_thread;
  }
};

}  // namespace

struct Fibers::Fiber {
  int id = 0;
  std::string name;
  Duration ready{0};
  const char* why = "its turn";  ///< it sleeps
  bool ended = false;
  std::exception_ptr failure;
  Exceptions exceptions;
  boost::context::fiber inside, outside;
};

Fibers::Fibers(ManualClock& clock, Random& random, Trace& trace) : clock_(clock), random_(random), trace_(trace) {}

Fibers::~Fibers() {
  // Unwinding a fiber through SQLite's frames would leave its connection in pieces: what is left when a run fails is
  // leaked.
  for (auto& fiber : fibers_) {
    if (!fiber->ended) static_cast<void>(fiber.release());
  }
}

Fibers* Fibers::current() { return scheduler; }

int Fibers::spawn(std::string name, std::function<void()> body) {
  auto fiber = std::make_unique<Fiber>();
  fiber->id = next_id_++;
  fiber->name = std::move(name);
  fiber->ready = clock_.monotonic();
  auto* self = fiber.get();
  fiber->inside = boost::context::fiber(std::allocator_arg, boost::context::fixedsize_stack(stack_bytes),
                                        [self, body = std::move(body)](boost::context::fiber&& outside) {
                                          self->outside = std::move(outside);
                                          try {
                                            body();
                                          } catch (const boost::context::detail::forced_unwind&) {
                                            throw;
                                          } catch (...) {
                                            self->failure = std::current_exception();
                                          }
                                          self->ended = true;
                                          return std::move(self->outside);
                                        });
  fibers_.push_back(std::move(fiber));
  return self->id;
}

bool Fibers::step() {
  INVARIANT(running_ == nullptr && scheduler == nullptr);
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < fibers_.size(); ++i)
    if (fibers_[i]->ready <= clock_.monotonic()) ready.push_back(i);
  if (ready.empty()) return false;
  const auto chosen = ready[random_.below(ready.size())];
  auto& fiber = *fibers_[chosen];
  running_ = &fiber;
  scheduler = this;
  fiber.exceptions.exchange();
  fiber.inside = std::move(fiber.inside).resume();
  fiber.exceptions.exchange();
  scheduler = nullptr;
  running_ = nullptr;
  if (!fiber.ended) return true;
  const auto failure = fiber.failure;
  fibers_.erase(fibers_.begin() + static_cast<std::ptrdiff_t>(chosen));
  if (failure) std::rethrow_exception(failure);
  return true;
}

std::optional<Duration> Fibers::next_ready() const {
  Duration next = never;
  for (const auto& fiber : fibers_) next = std::min(next, fiber->ready);
  return next == never ? std::nullopt : std::optional(next);
}

void Fibers::wake(int id) {
  for (auto& fiber : fibers_)
    if (fiber->id == id) fiber->ready = std::min(fiber->ready, clock_.monotonic());
}

std::string Fibers::describe() const {
  std::string text;
  for (const auto& fiber : fibers_) {
    const auto us = (fiber->ready - clock_.monotonic()).us;
    text += " " + fiber->name + "#" + std::to_string(fiber->id) +
            (fiber->ready == never ? " waits" : " ready in " + std::to_string(us) + " us") + " for " + fiber->why + ",";
  }
  return text;
}

void Fibers::suspend() {
  auto* self = running_;
  self->outside = std::move(self->outside).resume();
}

void Fibers::yield() {
  if (running_ != nullptr) suspend();
}

void Fibers::sleep(Duration time, const char* why) {
  if (running_ == nullptr) return;
  running_->why = why;
  running_->ready = clock_.monotonic() + time;
  suspend();
}

void Fibers::wait() {
  if (running_ == nullptr) return;
  running_->ready = never;
  suspend();
}

}  // namespace interlock::testing

namespace {

using interlock::testing::Fibers;

template <class Function>
Function* next_function(const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  INVARIANT(found != nullptr);
  return found;
}

}  // namespace

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  while (true) {
    const int result = pthread_mutex_trylock(mutex);
    if (result != EBUSY) return result;
    auto* fibers = Fibers::current();
    if (fibers == nullptr) break;
    fibers->sleep(interlock::testing::blocked_time, "a lock");
  }
  static auto* const lock = next_function<int(pthread_mutex_t*)>("pthread_mutex_lock");
  return lock(mutex);
}

extern "C" int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                      const struct timespec* until) {
  if (auto* fibers = Fibers::current()) {
    pthread_mutex_unlock(mutex);
    fibers->sleep(interlock::testing::blocked_time, "a condition");
    return pthread_mutex_lock(mutex);  // a spurious wake-up: whoever waits looks at its condition again
  }
  using Wait = int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const struct timespec*);
  static auto* const wait = next_function<Wait>("pthread_cond_clockwait");
  return wait(condition, mutex, clock, until);
}
