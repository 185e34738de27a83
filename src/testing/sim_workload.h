// SPDX-License-Identifier: Apache-2.0
// What simulated clients ask for: operations of all kinds on the customers, comments, interested services and
// applications of a tenant, with current,
// stale and any versions, repeated and misused keys, atomic batches and batches of single steps.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/engine.h"
#include "testing/manual_clock.h"

namespace interlock::testing {

/// What left the server for one unit (what shares one key and succeeds or fails as a whole).
struct UnitAnswer {
  int status = 0;
  std::string body;
  bool replayed = false;
  std::int64_t seq = -1;  ///< -1: unknown, as for a step of a batch of mode each
};

/// A unit as the checks see it: a submission of mode single or atomic, and every answer to it that left the server.
struct Unit {
  engine::Submission submission;
  std::vector<UnitAnswer> answers;
};

/// Something that a client wants done, and asks for until it knows.
struct Intent {
  engine::Submission submission;
  std::deque<Unit> units;  ///< one; of a batch of mode each, one a step
  bool abandons = false;   ///< asks once and never again
  bool known = false;      ///< the client has heard a final answer
  int sent = 0;
};

struct WorkloadOptions {
  bool large = false;  ///< texts of many kilobytes
  bool batches = true;
};

/// The clients of one tenant.
class Workload {
 public:
  Workload(TenantId tenant, WorkloadOptions options, ManualClock& clock, Random& random);

  TenantId tenant() const { return tenant_; }
  const std::vector<Caller>& users() const { return users_; }
  /// What makes the tenant and its members: to be answered one after the other before anything else.
  std::vector<engine::Submission> set_up();
  Intent next();
  /// A client heard this.
  void learn(const std::string& body);

 private:
  struct Known {
    Uuid id;
    std::int64_t version = 1;
  };

  engine::Step any_step();
  engine::Step create_customer();
  engine::Step update_customer();
  engine::Step set_status();
  engine::Step create_comment();
  engine::Step delete_or_restore();
  engine::Step agency_step();
  engine::Step create_service();
  engine::Step update_service();
  engine::Step convert();
  engine::Step set_application_status();
  engine::Step delete_or_restore_application();
  engine::Step change_member();
  Known& pick(std::vector<Known>& of);
  Json base_version(const Known& known);
  std::string words(std::size_t bytes_max);
  std::string new_key();
  Caller any_user();
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }

  const TenantId tenant_;
  const WorkloadOptions options_;
  ManualClock& clock_;
  Random& random_;
  std::vector<Caller> users_;
  std::vector<Uuid> products_;
  std::vector<Known> customers_, comments_, services_, applications_;
  std::vector<engine::Submission> used_keys_;
  std::int64_t keys_made_ = 0;
};

}  // namespace interlock::testing
