// SPDX-License-Identifier: Apache-2.0
// P1: the lane in process. Updates of `address` by the system with `version` "*" and a new key each, spread over the
// customers of one tenant, with a constant number in flight. Submitting happens on one thread, as an io thread would do
// it. usage: interlock-lane-bench --data DIR [--operations N] [--records N] [--in-flight N] [--keys random|ordered] DIR
// must be empty. Prints one line of JSON.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "base/time.h"
#include "domains/schema.h"
#include "engine/engine.h"
#include "load_report.h"
#include "load_requests.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::bench {
namespace {

struct LaneOptions {
  std::string data;
  std::int64_t operations = 100'000;
  std::int64_t records = 10'000;
  std::int64_t in_flight = 64;
  bool ordered_keys = false;
};

/// At most so many submissions at once; the submitting thread waits for a free place.
class Window {
 public:
  explicit Window(std::int64_t places) : places_(places) {}

  void take() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return places_ > 0; });
    --places_;
  }
  void give_back() {
    const std::lock_guard lock(mutex_);
    ++places_;
    freed_.notify_one();
  }
  void wait_for_all(std::int64_t places) {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return places_ == places; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::int64_t places_;
};

class LaneBench {
 public:
  LaneBench(engine::Engine& engine, const LaneOptions& options)
      : engine_(engine),
        options_(options),
        tenant_{make_uuid(system_clock().now(), system_random())},
        keys_(system_random().next(), options.ordered_keys),
        window_(options.in_flight) {
    engine_.create_lane(tenant_);
    submit("tenant/set-up", {}, false);
    window_.wait_for_all(options_.in_flight);
  }

  void create_records() {
    for (std::int64_t record = 0; record < options_.records; ++record) {
      const auto number = std::to_string(record);
      JsonObject request{{"name", "Customer " + number},
                         {"email", "customer" + number + "@bench.test"},
                         {"phone", "555 " + number},
                         {"address", "1 Long Street"}};
      submit("customers/create", std::move(request), true);
    }
    window_.wait_for_all(options_.in_flight);
  }

  std::string run() {
    const auto before = engine_.metrics();
    const auto begin_ns = monotonic_ns();
    SeededRandom spread(1);
    for (std::int64_t done = 0; done < options_.operations; ++done) {
      JsonObject request{{"id", ids_[spread.below(ids_.size())]},
                         {"version", "*"},
                         {"address", std::to_string(done) + " Long Street"}};
      submit("customers/update", std::move(request), false);
    }
    window_.wait_for_all(options_.in_flight);
    const auto seconds = static_cast<double>(monotonic_ns() - begin_ns) / 1e9;
    return report(before, engine_.metrics(), seconds);
  }

 private:
  void submit(const char* operation, JsonObject request, bool is_create) {
    engine::Submission submission;
    submission.tenant = tenant_;
    submission.caller = engine::system_caller();
    submission.steps.push_back({operation, Json(std::move(request)), "", ""});
    keys_.append_to(submission.key);
    window_.take();
    engine_.submit(std::move(submission), [this, is_create](engine::Answer answer) { finish(answer, is_create); });
  }

  void finish(const engine::Answer& answer, bool is_create) {
    if (answer.status >= 300) {
      std::fprintf(stderr, "interlock-lane-bench: %d %s\n", answer.status, answer.body.c_str());
      std::_Exit(1);
    }
    if (is_create) ids_.emplace_back(text_member(answer.body, "id"));
    window_.give_back();
  }

  std::string report(const engine::EngineMetrics& before, const engine::EngineMetrics& after, double seconds) {
    const auto operations = static_cast<double>(options_.operations);
    const auto groups = static_cast<double>(after.groups - before.groups);
    JsonLine line;
    line.text("keys", options_.ordered_keys ? "ordered" : "random");
    line.number("records", static_cast<double>(options_.records)).number("seconds", seconds);
    line.number("per_second", operations / seconds).number("operations_per_group", operations / groups);
    line.number("wal_bytes_per_operation", static_cast<double>(after.log_bytes - before.log_bytes) / operations);
    line.number("commit_us_mean", static_cast<double>(after.commit_us_sum - before.commit_us_sum) / groups);
    return line.str();
  }

  engine::Engine& engine_;
  const LaneOptions options_;
  const TenantId tenant_;
  Keys keys_;
  Window window_;
  std::vector<std::string> ids_;  // written by the lane's worker, one answer at a time
};

LaneOptions parse_lane_options(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
  LaneOptions options;
  options.data = given["--data"];
  if (given.contains("--operations")) options.operations = std::atoll(given["--operations"].c_str());
  if (given.contains("--records")) options.records = std::atoll(given["--records"].c_str());
  if (given.contains("--in-flight")) options.in_flight = std::atoll(given["--in-flight"].c_str());
  options.ordered_keys = given["--keys"] == "ordered";
  return options;
}

int measure(const LaneOptions& options) {
  const auto schema = domains::make_schema();
  const AnchoredClock clock(system_clock());
  store::sqlite::SqliteStoreOptions store_options;
  store_options.directory = options.data;
  store_options.schema = &schema;
  store_options.clock = &clock;
  store::sqlite::SqliteStore store(store_options);
  store.create(store::platform_tenant());
  const auto engine = engine::make_engine(schema, store, clock, system_random(), {}, {});
  LaneBench bench(*engine, options);
  bench.create_records();
  std::puts(bench.run().c_str());
  engine->drain();
  return 0;
}

}  // namespace
}  // namespace interlock::bench

int main(int argc, char** argv) {
  const auto options = interlock::bench::parse_lane_options(argc, argv);
  if (options.data.empty()) {
    std::fputs(
        "usage: interlock-lane-bench --data DIR [--operations N] [--records N] [--in-flight N] [--keys "
        "random|ordered]\n",
        stderr);
    return 2;
  }
  try {
    return interlock::bench::measure(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "interlock-lane-bench: %s\n", error.what());
    return 1;
  }
}
