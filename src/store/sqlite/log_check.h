// SPDX-License-Identifier: Apache-2.0
// Tells a damaged log from a torn one before SQLite recovers it. Recovery reads frames up to the first that is wrong
// and takes the rest for the torn end of a transaction that was never acknowledged. True for power loss: only the last
// transaction was not synced, so at most one commit frame stands from there on. Two or more mean that acknowledged
// groups lie behind the wrong frame. (The store empties the log when it opens, so that no frames of an earlier torn end
// are left behind newer ones.) Format: https://sqlite.org/fileformat2.html#walformat
#pragma once

#include <cstdint>
#include <string>

#include "store/sqlite/disk.h"

namespace interlock::store::sqlite {

struct LogVerdict {
  bool damaged = false;
  std::int64_t good_frames = 0;
  std::int64_t commits_lost = 0;  ///< commit frames at or behind the first wrong frame
};

/// Reads the log of a database that nobody has open. No log, or an empty one: nothing is wrong.
LogVerdict check_log(Disk& disk, const std::string& log_path);

}  // namespace interlock::store::sqlite
