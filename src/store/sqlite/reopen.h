// SPDX-License-Identifier: Apache-2.0
// Replacing a database file safely. A new file is made complete and synced as FILE.copy, then renamed to
// FILE.replacement: from that instant it counts, and what is left (removing the old log, renaming) is finished at the
// next open.
#pragma once

#include <string>

#include "store/sqlite/connection.h"
#include "store/sqlite/disk.h"

namespace interlock::store::sqlite {

/// Finishes a replacement that a crash interrupted, and removes copies that never counted. Nobody has the file open.
void finish_replacement(Disk& disk, const std::string& path);

/// After a failed sync, recovery could read frames from the operating system's cache that never reached the disk, and
/// acknowledge them. So database and log are copied to new files and synced, recovered there, and put in their place.
/// Nobody has the file open. Throws; then the old files are as they were and it may be tried again.
void copy_after_failed_sync(Disk& disk, const std::string& path, const ConnectionOptions& options);

/// Puts a complete database file in the place of `path`, which need not exist. Nobody has either open.
void replace_database(Disk& disk, const std::string& copy, const std::string& path);

std::string log_of(const std::string& path);
std::string copy_of(const std::string& path);
std::string replacement_of(const std::string& path);

}  // namespace interlock::store::sqlite
