// SPDX-License-Identifier: Apache-2.0
// All tenants of a server as SQLite files in one data directory:
//
//   DIRECTORY/lock                       held by this process (data_lock.h)
//   DIRECTORY/platform.db                the platform's lane
//   DIRECTORY/tenants/XX/UUID.db         a tenant's lane; XX: the id's last two digits, so that no folder grows large
//   DIRECTORY/wakes.db                   when closed lanes must come back
//   DIRECTORY/backups/UUID-MAJOR.MINOR.db  taken before a migration of a file of that format
//
// beside each .db SQLite's -wal while it is open. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "model/schema.h"
#include "store/data_lock.h"
#include "store/sqlite/disk.h"
#include "store/sqlite/format.h"
#include "store/sqlite/lane_store.h"
#include "store/store.h"

namespace interlock::store::sqlite {

inline constexpr int backup_pages_a_step = 1'024;

struct SqliteStoreOptions {
  std::string directory;
  const Schema* schema = nullptr;  ///< whose tables are brought up to date at open; nullptr: none
  const Clock* clock = &system_clock();
  Disk* disk = &system_disk();
  const char* vfs = "interlock";                            ///< registered by register_checksum_vfs
  bool lock = true;                                         ///< false for the simulator, which has no second process
  std::int64_t writer_cache_bytes_max = 256 * 1024 * 1024;  ///< of one lane
  std::int64_t cache_bytes_total = 1024 * 1024 * 1024;      ///< of all open lanes' writers together
  std::int64_t reader_cache_bytes_max = 8 * 1024 * 1024;
  Format format = program_format;  ///< another one in tests of upgrades only
  std::span<const Migration> migrations;
};

class SqliteStore final : public Store {
 public:
  /// Makes the directory if needed and holds it. Throws DataDirectoryHeld, StoreError.
  explicit SqliteStore(const SqliteStoreOptions& options);
  ~SqliteStore() override;

  bool exists(TenantId tenant) override;
  void create(TenantId tenant) override;
  std::unique_ptr<LaneStore> open(TenantId tenant, bool after_unknown_commit) override;
  std::vector<TenantId> tenants() override;
  void remove(TenantId tenant) override;
  void backup(TenantId tenant, LaneStore* lane, const std::string& path, const std::function<void()>& step) override;
  void restore(TenantId tenant, const std::string& path) override;
  CheckReport check(TenantId tenant, LaneStore* lane) override;
  void put_wake(TenantId tenant, std::optional<Time> at) override;
  std::vector<std::pair<TenantId, Time>> wakes() override;

  /// Where the tenant's file lies.
  std::string path_of(TenantId tenant) const;

 private:
  ConnectionOptions writing(Mode mode = Mode::write) const;
  ConnectionOptions reading() const;
  class Holding;
  void let_go(TenantId tenant);
  bool is_unknown(TenantId tenant);
  void set_unknown(TenantId tenant, bool unknown);
  std::unique_ptr<Connection> open_file(TenantId tenant, bool after_unknown_commit);
  void upgrade(TenantId tenant, Connection& connection);
  void create_file(const std::string& path, const std::function<void(Connection&)>& fill);
  Connection& wakes_file();

  SqliteStoreOptions options_;
  std::unique_ptr<DataLock> lock_;
  CacheBudget cache_;
  std::mutex create_mutex_;  ///< two who make one lane at once would write into one unfinished file
  std::mutex open_mutex_;
  std::set<Uuid> open_;
  std::set<Uuid> unknown_;  ///< closed ones whose last sync failed: opened by way of a safe copy only, whoever asks
  std::mutex wakes_mutex_;
  std::unique_ptr<Connection> wakes_file_;
  std::map<Uuid, Time> wakes_;
  bool wakes_unknown_ = false;  ///< a sync of the file failed: it is opened by way of a safe copy only
};

/// Problems of one database, from a connection of its own: damaged pages, broken structure, gaps in the log's sequence.
CheckReport check_database(const std::string& path, const ConnectionOptions& options);
/// Copies the database behind `source` to a new file at `path`, synced.
void copy_database(Connection& source, const std::string& path, Disk& disk, const ConnectionOptions& options,
                   const std::function<void()>& step);

}  // namespace interlock::store::sqlite
