// SPDX-License-Identifier: Apache-2.0
// What must hold of a tenant at any time, whatever happened. Every function throws Violation.
#pragma once

#include <deque>
#include <vector>

#include "model/schema.h"
#include "store/store.h"
#include "testing/sim_model.h"
#include "testing/sim_trace.h"
#include "testing/sim_workload.h"

namespace interlock::testing {

/// The whole change log.
std::vector<store::Change> read_log(store::ReadAccess& access);

/// Sequences 1..N; operations whole and in one piece; per record versions 1..k chained by prev_seq; time never goes
/// back.
void check_log_shape(const std::vector<store::Change>& log);
/// The tables hold what the log says: every record as its newest change has it, and no other.
void check_tables(const Schema& schema, store::ReadAccess& access, const std::vector<store::Change>& log);
/// After every operation of the log: an interested service is converted exactly while one live application, and no
/// other, names it.
void check_conversions(const std::vector<store::Change>& log);
/// `earlier` is what the log began with before.
void check_log_grew(const std::vector<store::Change>& earlier, const std::vector<store::Change>& log);

struct AnswerCheck {
  const Schema& schema;
  TenantId tenant;
  std::int64_t model_from = 0;     ///< the model takes what came up to here as it is
  bool key_may_run_twice = false;  ///< a defect to be found: the model runs a repeated request again
};
/// Every answer that left the server is the one that the sequential model gives at that place of the order; every key
/// has one effect at most and one answer; what was answered as done is there.
void check_answers(const AnswerCheck& check, const std::vector<store::Change>& log,
                   const std::vector<const Unit*>& units);

}  // namespace interlock::testing
