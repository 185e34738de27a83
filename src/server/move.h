// SPDX-License-Identifier: Apache-2.0
// All records and contents of files from a data directory into a PostgreSQL database, while nobody uses either.
//
// Tenant by tenant: what the source has is summed up, copied in one transaction, read back and summed up again. A
// tenant whose sums agree is entered in the database's table `moves` (move_log.h); a move that is run again passes it
// by as long as the source still has the same sum, and begins any other one anew. At the end the table goes, and the
// data directory says in a file where its records are, so that no server serves the old ones by mistake.
#pragma once

#include <string>

#include "server/config.h"

namespace interlock::server {

/// DIRECTORY/moved: what a server without `store` refuses to start on.
inline constexpr const char* moved_mark = "/moved";

/// What `move` says at its end.
struct MoveTotals {
  std::int64_t lanes = 0, passed_by = 0, records = 0, changes = 0, files = 0;
};

/// `config` says where contents of files go. Progress is told on standard error. Throws CommandError.
MoveTotals move_to_database(const Config& config, const std::string& directory, const std::string& url);

}  // namespace interlock::server
