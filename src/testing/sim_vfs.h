// SPDX-License-Identifier: Apache-2.0
// The simulated disk as a SQLite VFS: files, locks, shared memory, randomness, time and sleep. While one exists it is
// SQLite's default VFS, and the store's checksum VFS lies over it under the name `checked_name`. One at a time.
#pragma once

#include <memory>

#include "base/random.h"
#include "testing/manual_clock.h"
#include "testing/sim_disk.h"

namespace interlock::testing {

class SimVfs {
 public:
  static constexpr const char* checked_name = "interlock-simulated";

  SimVfs(SimDisk& disk, const ManualClock& clock, Random& random);
  SimVfs(const SimVfs&) = delete;
  SimVfs& operator=(const SimVfs&) = delete;
  /// No file may be open.
  ~SimVfs();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::testing
