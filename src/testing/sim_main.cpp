// SPDX-License-Identifier: Apache-2.0
// interlock-sim: simulated runs from seeds; the first one that fails is shown, and its seed repeats it.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "testing/simulation.h"

namespace {

using interlock::testing::SimReport;

volatile std::sig_atomic_t seed_high = 0, seed_low = 0;

/// An INVARIANT stops the process: the seed must be known all the same.
void on_abort(int) {
  char text[] = "aborted in seed 00000000000000000000\n";
  auto seed =
      static_cast<std::uint64_t>(static_cast<std::uint32_t>(seed_high)) << 32 | static_cast<std::uint32_t>(seed_low);
  for (std::size_t at = sizeof text - 3; seed > 0; seed /= 10) text[at--] = static_cast<char>('0' + seed % 10);
  static_cast<void>(!::write(STDOUT_FILENO, text, sizeof text - 1));
}

void remember(std::uint64_t seed) {
  seed_high = static_cast<std::sig_atomic_t>(seed >> 32);
  seed_low = static_cast<std::sig_atomic_t>(seed & 0xffffffff);
}

void show(const SimReport& report) {
  std::printf(
      "seed %llu digest %016llx: %lld operations, %lld answers (%lld replays), %lld changes, %lld I/Os, %d crashes, "
      "%d unknown commits, %d full disks\n",
      static_cast<unsigned long long>(report.seed), static_cast<unsigned long long>(report.digest),
      static_cast<long long>(report.operations), static_cast<long long>(report.answers),
      static_cast<long long>(report.replays), static_cast<long long>(report.changes),
      static_cast<long long>(report.ios), report.crashes, report.unknown_commits, report.full_disks);
  if (report.violation.empty()) return;
  for (const auto& fault : report.faults) std::printf("  fault %s\n", fault.c_str());
  std::printf("VIOLATED in seed %llu: %s\n", static_cast<unsigned long long>(report.seed), report.violation.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Simulated runs of lanes, store and feed");
  interlock::testing::SimOptions options;
  std::uint64_t count = 1;
  std::int64_t crash_at_io = 0;
  bool logs = false;
  app.add_option("--seed", options.seed, "the first seed")->capture_default_str();
  app.add_option("--seeds", count, "how many")->capture_default_str();
  app.add_option("--operations", options.operations, "of a run; 0: drawn from the seed")->capture_default_str();
  app.add_option("--crash-at", crash_at_io, "one crash at this I/O, and no other fault");
  app.add_flag("--verbose", options.verbose, "every event");
  app.add_flag("--logs", logs, "what the engine logs, too");
  CLI11_PARSE(app, argc, argv);
  if (crash_at_io > 0) options.crash_at_io = crash_at_io;
  if (!logs) {
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null < 0 || ::dup2(null, STDERR_FILENO) < 0) return 2;
  }
  std::signal(SIGABRT, on_abort);
  std::setvbuf(stdout, nullptr, _IOLBF, 1 << 16);
  SimReport sum;
  for (const auto first = options.seed; options.seed < first + count; ++options.seed) {
    remember(options.seed);
    const auto report = simulate(options);
    if (count == 1 || !report.violation.empty()) show(report);
    if (!report.violation.empty()) return 1;
    sum.operations += report.operations, sum.answers += report.answers, sum.replays += report.replays;
    sum.changes += report.changes, sum.ios += report.ios, sum.crashes += report.crashes;
    sum.unknown_commits += report.unknown_commits, sum.full_disks += report.full_disks;
  }
  if (count > 1)
    std::printf("%llu seeds held; of all together, the last one's number:\n", static_cast<unsigned long long>(count));
  sum.seed = options.seed - 1;
  if (count > 1) show(sum);
  return 0;
}
