// SPDX-License-Identifier: Apache-2.0
#include "server/demo_seed.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

#include "domains/demo.h"
#include "domains/platform/password.h"
#include "server/runtime.h"

namespace interlock::server {
namespace {

/// Steps under way at once; with one more call well below what a lane queues.
constexpr std::size_t steps_at_once_max = limits::lane_queue_operations_max / 4;

class Seeding {
 public:
  explicit Seeding(engine::Engine& engine) : engine_(engine) {}

  void take(domains::DemoCall call) {
    const auto steps = call.steps.size();
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return under_way_ < steps_at_once_max; });
      if (!failure_.empty()) return;
      under_way_ += steps;
    }
    engine_.submit(submission_of(std::move(call)), [this, steps](engine::Answer answer) { note(answer, steps); });
  }

  void finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ == 0; });
    if (!failure_.empty()) throw CommandError(fmt::format("the demo data was refused: {}", failure_));
  }

 private:
  static engine::Submission submission_of(domains::DemoCall call) {
    engine::Submission submission;
    submission.tenant = call.tenant;
    submission.caller = std::move(call.caller);
    submission.key = std::move(call.key);
    submission.mode = call.steps.size() == 1 ? engine::Mode::single : engine::Mode::atomic;
    for (auto& step : call.steps)
      submission.steps.push_back({std::move(step.operation), std::move(step.request), {}, {}});
    return submission;
  }

  void note(const engine::Answer& answer, std::size_t steps) {
    const std::lock_guard lock(mutex_);
    if (answer.status >= 400 && failure_.empty()) failure_ = answer.body;
    under_way_ -= steps;
    changed_.notify_all();
  }

  engine::Engine& engine_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  std::string failure_;
};

}  // namespace

bool seed_demo(Runtime& runtime) {
  if (runtime.demo() == Runtime::Demo::seeded) return false;
  if (runtime.demo() == Runtime::Demo::none && !runtime.was_empty()) return false;
  for (const auto tenant : runtime.store().tenants()) runtime.store().remove(tenant);
  runtime.mark_demo(Runtime::Demo::seeding);
  for (const auto tenant : domains::demo_tenants()) runtime.engine().create_lane(tenant);
  Seeding seeding(runtime.engine());
  domains::make_demo(domains::hash_password(domains::demo_password), runtime.engine().clock().now(),
                     [&](domains::DemoCall call) { seeding.take(std::move(call)); });
  seeding.finish();
  runtime.mark_demo(Runtime::Demo::seeded);
  return true;
}

}  // namespace interlock::server
