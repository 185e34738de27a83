// SPDX-License-Identifier: Apache-2.0
#include "testing/simulation.h"

#include "base/check.h"
#include "domains/schema.h"
#include "testing/sim_run.h"

namespace interlock::testing {

namespace {

constexpr Duration step_time_max = microseconds(30);
constexpr Duration down_time_max = milliseconds(200);
constexpr Duration settle_time_max = minutes(2);
constexpr std::int64_t turns_max = 20'000'000;

const Schema& schema() {
  static const Schema made = domains::make_schema();
  return made;
}

}  // namespace

SimRun::SimRun(const SimOptions& options)
    : options_(options),
      schema_(schema()),
      trace_(options.verbose),
      random_(options.seed * 0x9e3779b97f4a7c15 + 1),
      disk_(clock_, random_, trace_),
      vfs_(disk_, clock_, random_),
      fibers_(clock_, random_, trace_) {
  report_.seed = options.seed;
  disk_.before_io = [this](std::string_view what, const std::string& path) { before_io(what, path); };
  disk_.take_time = [this](Duration time) { fibers_.sleep(time); };
  draw_plan();
}

SimRun::~SimRun() = default;

/// A quarter of the seeds is free of disk faults and crashes, and one in ten has large data and few faults, since
/// faults keep databases small.
void SimRun::draw_plan() {
  const bool large = options_.seed % 10 == 7;
  const auto kind = options_.seed % 4;
  operations_left_ = options_.operations > 0 ? options_.operations : static_cast<int>(100 + random_.below(200));
  const bool single = options_.quiet || options_.crash_at_io.has_value();
  if (!single) {
    plan_.drop = random_.below(10), plan_.duplicate = random_.below(15), plan_.delay = random_.below(30);
    plan_.clock_jumps = random_.below(3) == 0;
  }
  if (!single && (kind == 1 || kind == 3)) {
    plan_.crashes_max = large ? 1 : static_cast<int>(1 + random_.below(5));
    plan_.crash_per_million_ios = 1'000 + random_.below(10'000);
  }
  if (!single && (kind == 2 || kind == 3)) {
    const auto draw = [&](std::uint64_t max) { return random_.below(2) == 0 ? 0 : random_.below(max); };
    plan_.disk.write_error = draw(8'000), plan_.disk.sync_error = draw(15'000);
    plan_.disk.slow_sync = draw(100'000), plan_.disk.full = draw(3'000);
    plan_.disk.slow_sync = std::max<std::uint64_t>(plan_.disk.slow_sync, 10'000);
  }
  if (options_.defects.sync_lies) plan_.crashes_max = 3, plan_.crash_per_million_ios = 5'000;
  plan_.disk.lies_about_sync = options_.defects.sync_lies;
  const auto count = options_.crash_at_io ? 1 : 1 + random_.below(3);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto tenant = std::make_unique<Tenant>();
    tenant->workload = std::make_unique<Workload>(TenantId{make_uuid(clock_.now(), random_)},
                                                  WorkloadOptions{large, true}, clock_, random_);
    tenants_.push_back(std::move(tenant));
  }
}

void SimRun::start_server() {
  std::vector<TenantId> ids;
  for (const auto& tenant : tenants_) ids.push_back(tenant->workload->tenant());
  server_ = std::make_unique<SimServer>(schema_, clock_, random_, disk_, fibers_, trace_, ids);
}

void SimRun::later(Duration time, std::function<void()> what) {
  events_.emplace(clock_.monotonic() + time, std::move(what));
}

/// Every write, sync and change of a folder comes by here, before it happens.
void SimRun::before_io(std::string_view what, const std::string& path) {
  if (image_) return fibers_.yield();  // of the ghost
  ++report_.ios;
  trace_.event(std::string(what) + " " + path);
  const bool planned = options_.crash_at_io == report_.ios;
  const bool by_chance =
      faults_on_ && report_.crashes < plan_.crashes_max && random_.below(1'000'000) < plan_.crash_per_million_ios;
  if ((planned || by_chance) && Fibers::current() != nullptr) crash();
  fibers_.yield();
}

/// The power fails. What was on its way through the network stays on its way.
void SimRun::crash() {
  const auto loss = options_.crash_at_io || random_.below(3) == 0 ? CrashLoss::all_unsynced : CrashLoss::some_unsynced;
  image_ = disk_.crash_image(loss);
  ++report_.crashes;
  trace_.fault(std::string("crash, ") + (loss == CrashLoss::all_unsynced ? "all" : "some") +
               " unsynced bytes are lost, at I/O " + std::to_string(report_.ios));
  disk_.set_faults({});
  server_->leave();
}

void SimRun::end_fibers() {
  const auto until = clock_.monotonic() + settle_time_max;
  while (!fibers_.empty()) {
    if (fibers_.step()) continue;
    const auto next = fibers_.next_ready();
    if (!next || *next > until) throw Violation("somebody waits for what never comes:" + fibers_.describe());
    clock_.advance(*next - clock_.monotonic());
  }
}

void SimRun::recover() {
  end_fibers();
  for (auto& tenant : tenants_)
    for (auto& subscriber : tenant->subscribers) subscriber->disconnect();
  server_.reset();
  disk_.replace_files(*image_);
  image_.reset();
  clock_.advance(up_to(down_time_max));
  if (plan_.clock_jumps && chance(50)) {
    clock_.jump(chance(50) ? days(1) : Duration{0} - days(1));
    trace_.fault("the wall clock jumps");
  }
  start_server();
  if (chance(50)) checkpoint(false);
  if (faults_on_) disk_.set_faults(plan_.disk);
}

void SimRun::turn() {
  if (image_) return recover();
  const bool due = !events_.empty() && events_.begin()->first <= clock_.monotonic();
  if (due && chance(40)) {
    const auto what = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    what();
  } else if (!fibers_.step() && !due) {
    auto next = fibers_.next_ready();
    if (!events_.empty()) next = next ? std::min(*next, events_.begin()->first) : events_.begin()->first;
    if (!next) throw Violation("nothing happens any more");
    clock_.advance(std::max(*next - clock_.monotonic(), Duration{0}));
  }
  clock_.advance(up_to(step_time_max));
}

void SimRun::run_until(const std::function<bool()>& done, const char* waiting_for) {
  const auto until = clock_.monotonic() + settle_time_max;
  for (std::int64_t turns = 0; !done(); ++turns) {
    if (turns > turns_max || clock_.monotonic() > until)
      throw Violation(std::string("it takes too long: ") + waiting_for + ";" + fibers_.describe());
    turn();
  }
}

void SimRun::in_fiber(const char* name, std::function<void(SimServer&)> body) {
  if (server_->is_ghost()) return;
  fibers_.spawn(name, [server = server_.get(), body = std::move(body)] { body(*server); });
}

void SimRun::run() {
  start_server();
  for (const auto& tenant : tenants_) server_->store().create(tenant->workload->tenant());
  for (auto& tenant : tenants_) set_up(*tenant);
  faults_on_ = true;
  disk_.set_faults(plan_.disk);
  for (auto& tenant : tenants_) {
    make_subscribers(*tenant);
    later(up_to(milliseconds(5)), [this, raw = tenant.get()] { client_turn(*raw); });
    later(up_to(milliseconds(50)), [this, raw = tenant.get()] { plan_wake(*raw); });
  }
  later(up_to(milliseconds(5)), [this] { reader_turn(); });
  run_until([this] { return operations_left_ <= 0; }, "the clients");
  settle();
}

/// The faults end; whoever does not know yet asks until it does; then everything is checked, twice.
void SimRun::settle() {
  faults_on_ = false;
  disk_.set_faults({});
  settling_ = true;
  // What is under way arrives first, so that nothing acts after the last checks.
  const auto until = clock_.monotonic() + seconds(2);
  run_until([&] { return clock_.monotonic() > until && !image_; }, "the network");
  for (auto& tenant : tenants_) {
    for (auto& intent : tenant->intents) {
      if (intent.abandons) continue;
      run_until(
          [&, asked = Duration{0}]() mutable {
            if (!intent.known && clock_.monotonic() - asked > milliseconds(100)) {
              asked = clock_.monotonic();
              arrive(*tenant, intent);
            }
            return intent.known && !image_;
          },
          "a client's last question");
    }
    run_until(
        [&] {
          for (const auto& subscriber : tenant->subscribers)
            if (!subscriber->is_connected() || subscriber->has_waiting()) return false;
          return !image_;
        },
        "the subscribers");
  }
  checkpoint(true);
  for (auto& tenant : tenants_)
    for (auto& subscriber : tenant->subscribers) subscriber->disconnect();
  server_->drain();
  end_fibers();
  server_.reset();
  events_.clear();
  start_server();
  server_->leave();
  end_fibers();
  checkpoint(true);
  server_.reset();
}

void SimRun::checkpoint(bool all_known) {
  trace_.event("checkpoint");
  for (auto& tenant : tenants_) check_tenant(*tenant, all_known);
  check_wakes();
}

/// Outside of any fiber: the lanes stand still, perhaps in the middle of a group.
void SimRun::check_tenant(Tenant& tenant, bool all_known) {
  const auto id = tenant.workload->tenant();
  auto store = server_->lane(id).store();
  const auto snapshot = store->snapshot();
  auto log = read_log(*snapshot);
  check_log_shape(log);
  check_tables(schema_, *snapshot, log);
  check_conversions(log);
  check_log_grew(tenant.log, log);
  if (snapshot->last_seq() < tenant.acknowledged_seq)
    throw Violation("sequence " + std::to_string(tenant.acknowledged_seq) + " was acknowledged, the log ends at " +
                    std::to_string(log.size()));
  std::vector<const Unit*> units;
  for (const auto& intent : tenant.intents)
    for (const auto& unit : intent.units) units.push_back(&unit);
  check_answers({schema_, id, tenant.set_up_seq, options_.defects.key_runs_twice}, log, units);
  for (const auto& subscriber : tenant.subscribers) subscriber->check(schema_, log);
  const auto report = server_->store().check(id, store.get());
  if (!report.ok) throw Violation("the store's own check: " + report.problems.front());
  if (all_known) report_.changes += static_cast<std::int64_t>(log.size() - tenant.log.size());
  tenant.log = std::move(log);
}

/// Early is allowed, late is not.
void SimRun::check_wakes() {
  const auto wakes = server_->store().wakes();
  for (const auto& tenant : tenants_) {
    if (!tenant->wake_promised) continue;
    const auto id = tenant->workload->tenant();
    const auto at = std::find_if(wakes.begin(), wakes.end(), [&](const auto& wake) { return wake.first == id; });
    if (at == wakes.end() || at->second > *tenant->wake_asked) throw Violation("a lane's wake is lost or late");
  }
}

void SimRun::give_up() noexcept {
  disk_.set_faults({});
  plan_.crashes_max = 0;
  if (server_ != nullptr) server_->leave();
  for (int tries = 0; tries < 100 && !fibers_.empty(); ++tries) {
    try {
      end_fibers();
    } catch (const Violation& violation) {
      trace_.event(violation.what());  // one is enough
    }
  }
  INVARIANT(fibers_.empty());
  for (auto& tenant : tenants_)
    for (auto& subscriber : tenant->subscribers) subscriber->disconnect();
  server_.reset();
}

SimReport SimRun::report() const {
  auto report = report_;
  report.digest = trace_.digest();
  report.events = trace_.events();
  report.faults = trace_.faults();
  return report;
}

SimReport simulate(const SimOptions& options) {
  SimRun run(options);
  std::string violation;
  try {
    run.run();
  } catch (const std::exception& error) {
    violation = error.what();
    run.give_up();
  }
  auto report = run.report();
  report.violation = violation;
  return report;
}

}  // namespace interlock::testing
