// SPDX-License-Identifier: Apache-2.0
// Recurring work of every lane: the engine's own (forgetting old keys, purging deleted records) and the schema's. A
// lane is brought back at its next wake; the jobs that are due run one by one as work of the lane, each noting its time
// in the same commit, so that a job runs once per period however often the lane is woken.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/lane.h"

namespace interlock::engine {

struct LaneJob {
  std::string name;
  Duration period;
  /// True: there is more to do at once.
  std::function<bool(UnitOfWork&, store::Writer&)> run;
  std::function<std::optional<Time>(Reader&)> next;  ///< may be empty
};

/// The jobs of one kind of lane.
std::vector<LaneJob> jobs_of(const Schema& schema, LaneKind kind, Duration key_retention);

/// Names of the jobs that are due; to be called as lane work.
std::vector<std::string> due_jobs(const std::vector<LaneJob>& jobs, UnitOfWork& work, store::Writer& writer);

/// Runs one due job and notes it, unless there is more to do. Answers whether there is.
bool run_job(const LaneJob& job, UnitOfWork& work, store::Writer& writer);

/// When the lane has to come back: the next job, or the next outbox message.
Time next_wake(const std::vector<LaneJob>& jobs, UnitOfWork& work, store::Writer& writer);

}  // namespace interlock::engine
