// SPDX-License-Identifier: Apache-2.0
// One simulated run: a seed makes tenants, clients, subscribers, a network and a disk with their faults, and everything
// that happens, in one thread. The lanes, the feeds and the store are the real ones. At the end, and after crashes,
// what clients were told and what is on the disk is held against a sequential model (sim_check.h). The same options
// repeat the same run.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "testing/sim_disk.h"

namespace interlock::testing {

/// Defects of the simulated world, put in on purpose: each must be found.
struct SimDefects {
  bool sync_lies = false;             ///< the disk says that it has synced and has not
  bool resume_skips_one = false;      ///< subscribers resume one sequence too late
  bool key_runs_twice = false;        ///< the model runs a repeated request again
  bool retry_with_other_key = false;  ///< clients ask again under another key
};

struct SimOptions {
  std::uint64_t seed = 1;
  int operations = 0;  ///< 0: drawn from the seed
  bool verbose = false;
  std::optional<std::int64_t>
      crash_at_io;     ///< one crash, at this write, sync or change of a folder, and no other fault
  bool quiet = false;  ///< no fault at all
  SimDefects defects;
};

struct SimReport {
  std::uint64_t seed = 0;
  std::uint64_t digest = 0;  ///< of everything that happened
  std::int64_t events = 0, ios = 0;
  std::int64_t operations = 0, answers = 0, replays = 0, changes = 0, messages = 0;
  int crashes = 0, unknown_commits = 0, full_disks = 0;
  std::string violation;  ///< empty: all held
  std::deque<std::string> faults;
};

SimReport simulate(const SimOptions& options);

}  // namespace interlock::testing
