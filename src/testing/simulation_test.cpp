// SPDX-License-Identifier: Apache-2.0
// The simulator itself: it repeats a seed exactly, and it finds the defects that are put into its world on purpose.
#include "testing/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace interlock::testing {
namespace {

SimReport run_of(std::uint64_t seed, SimDefects defects) {
  SimOptions options;
  options.seed = seed;
  options.defects = defects;
  return simulate(options);
}

/// The first violation that one of these seeds finds, or nothing.
std::string violation_in(std::uint64_t first, std::uint64_t last, SimDefects defects) {
  for (auto seed = first; seed <= last; ++seed)
    if (const auto report = run_of(seed, defects); !report.violation.empty()) return report.violation;
  return {};
}

TEST(Simulation, OneSeedRepeatsExactly) {
  for (const std::uint64_t seed : {3U, 6U, 17U, 20U}) {
    const auto once = run_of(seed, {});
    const auto again = run_of(seed, {});
    EXPECT_EQ(once.digest, again.digest) << "seed " << seed;
    EXPECT_EQ(once.events, again.events) << "seed " << seed;
    EXPECT_EQ(once.violation, "") << "seed " << seed;
  }
  EXPECT_NE(run_of(3, {}).digest, run_of(4, {}).digest);
}

TEST(Simulation, FindsADiskThatLiesAboutSyncs) { EXPECT_NE(violation_in(1, 20, {.sync_lies = true}), ""); }

TEST(Simulation, FindsASubscriberThatResumesOneTooLate) {
  const auto found = violation_in(1, 40, {.resume_skips_one = true});
  EXPECT_TRUE(found.find("missed change") != std::string::npos || found.find("from_the_future") != std::string::npos)
      << found;
}

TEST(Simulation, FindsAKeyThatRunsTwice) { EXPECT_NE(violation_in(1, 40, {.key_runs_twice = true}), ""); }

TEST(Simulation, FindsClientsThatAskAgainUnderAnotherKey) {
  EXPECT_NE(violation_in(1, 40, {.retry_with_other_key = true}), "");
}

/// Every I/O with INTERLOCK_SIM_DEEP, else a sample of them.
TEST(Simulation, ACrashAtEveryWriteAndSyncLosesNothingAcknowledged) {
  SimOptions options;
  options.seed = 1;
  options.operations = 200;
  options.quiet = true;
  const auto whole = simulate(options);
  ASSERT_EQ(whole.violation, "");
  ASSERT_GT(whole.ios, 50);
  options.quiet = false;
  const std::int64_t step =
      std::getenv("INTERLOCK_SIM_DEEP") != nullptr ? 1 : std::max<std::int64_t>(1, whole.ios / 40);
  int crashes = 0;
  for (std::int64_t io = 1 + step / 2; io < whole.ios; io += step) {
    options.crash_at_io = io;
    const auto report = simulate(options);
    ASSERT_EQ(report.violation, "") << "crash at I/O " << io << ": interlock-sim --seed 1 --operations 200 --crash-at "
                                    << io;
    crashes += report.crashes;
  }
  EXPECT_GT(crashes, 10);
}

}  // namespace
}  // namespace interlock::testing
