// SPDX-License-Identifier: Apache-2.0
// The state of one simulated run and its event loop; see simulation.h. What clients and subscribers do is in
// sim_clients.cpp.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "testing/sim_check.h"
#include "testing/sim_server.h"
#include "testing/sim_subscriber.h"
#include "testing/sim_vfs.h"
#include "testing/sim_workload.h"
#include "testing/simulation.h"

namespace interlock::testing {

/// Which faults a run has; chances are per cent unless they say otherwise.
struct FaultPlan {
  DiskFaults disk;
  std::uint64_t drop = 0, duplicate = 0, delay = 0;
  std::uint64_t crash_per_million_ios = 0;
  int crashes_max = 0;
  bool clock_jumps = false;
};

class SimRun {
 public:
  explicit SimRun(const SimOptions& options);
  ~SimRun();

  /// Throws Violation.
  void run();
  /// After a run that failed: lets go of everything.
  void give_up() noexcept;
  SimReport report() const;

 private:
  /// One tenant with all that talks to it.
  struct Tenant {
    std::unique_ptr<Workload> workload;
    std::deque<Intent> intents;
    std::vector<std::unique_ptr<SimSubscriber>> subscribers;
    std::int64_t set_up_seq = 0;
    std::int64_t acknowledged_seq = 0;  ///< the newest that an answer named
    std::vector<store::Change> log;     ///< at the last checkpoint
    std::optional<Time> wake_asked;     ///< the latest wake that was asked for
    bool wake_promised = false;
  };

  // The world: simulation.cpp.
  void draw_plan();
  void start_server();
  void before_io(std::string_view what, const std::string& path);
  void crash();
  void recover();
  void end_fibers();
  void turn();
  void later(Duration time, std::function<void()> what);
  void run_until(const std::function<bool()>& done, const char* waiting_for);
  void settle();
  void checkpoint(bool all_known);
  void check_tenant(Tenant& tenant, bool all_known);
  void check_wakes();
  void in_fiber(const char* name, std::function<void(SimServer&)> body);
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
  Duration up_to(Duration time) {
    return microseconds(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(time.us) + 1)));
  }

  // Those who talk to it: sim_clients.cpp.
  void set_up(Tenant& tenant);
  void client_turn(Tenant& tenant);
  void send(Tenant& tenant, Intent& intent);
  void arrive(Tenant& tenant, Intent& intent);
  void retry_with_other_key(Tenant& tenant, Intent& intent);
  void emitted(Tenant& tenant, Intent& intent, const engine::Answer& answer);
  void heard(Tenant& tenant, Intent& intent, const engine::Answer& answer);
  void make_subscribers(Tenant& tenant);
  void subscriber_turn(SimSubscriber& subscriber);
  void reader_turn();
  void read(SimServer& server, Tenant& tenant);
  void plan_wake(Tenant& tenant);
  Tenant& any_tenant() { return *tenants_[random_.below(tenants_.size())]; }

  const SimOptions options_;
  const Schema& schema_;
  Trace trace_;
  ManualClock clock_;
  SeededRandom random_;
  SimDisk disk_;
  SimVfs vfs_;
  Fibers fibers_;
  FaultPlan plan_;
  std::vector<std::unique_ptr<Tenant>> tenants_;
  std::unique_ptr<SimServer> server_;
  std::multimap<Duration, std::function<void()>> events_;
  std::optional<SimDisk::Files> image_;  ///< set: the server has crashed, this is left
  bool faults_on_ = false;
  bool settling_ = false;
  int operations_left_ = 0;
  SimReport report_;
};

}  // namespace interlock::testing
