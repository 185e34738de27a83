// SPDX-License-Identifier: Apache-2.0
// What of a move into a database is done, kept in the database itself (table `moves`) until the move has ended. As long
// as it is there, the database is in the middle of a move, and no server may use it.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "store/postgres/connection.h"

namespace interlock::store::postgres {

class MoveLog {
 public:
  /// Holds the database against a second move. Throws StoreError: another one is under way, or a server is connected
  /// (waits limits::postgres_lock_time_max for its end).
  explicit MoveLog(const ConnectionOptions& options);

  /// The database has the table: a move was begun and has not ended.
  bool is_begun();
  void begin();
  /// What was said of a tenant that was moved and verified.
  std::optional<std::string> done(TenantId tenant);
  /// Durable when it returns.
  void set_done(TenantId tenant, const std::string& checksum);
  void end();

  /// For a server that starts.
  static bool is_unfinished(const ConnectionOptions& options);

 private:
  const std::string schema_;
  Connection connection_;
};

}  // namespace interlock::store::postgres
