// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_store.h"

#include <sqlite3.h>

#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "store/sqlite/checksum_vfs.h"
#include "store/sqlite/configure.h"
#include "store/sqlite/log_check.h"
#include "store/sqlite/reopen.h"

namespace interlock::store::sqlite {
namespace {

constexpr std::string_view database_suffix = ".db";

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// Runs what writes by way of the connection. If that leaves open what is on the disk, the log is left as it is and
/// `note_unknown` is called before the exception goes on.
void watch_syncs(Connection& connection, const std::function<void()>& work, const std::function<void()>& note_unknown) {
  try {
    work();
  } catch (const SqliteError& error) {
    if (leaves_unknown(error.extended_code())) {
      connection.keep_log_at_close();
      note_unknown();
    }
    throw;
  }
}

}  // namespace

SqliteStore::SqliteStore(const SqliteStoreOptions& options)
    : options_(options), cache_(options.cache_bytes_total, options.writer_cache_bytes_max) {
  configure_sqlite();
  register_checksum_vfs();
  options_.disk->make_directory(options_.directory);
  if (options_.lock) lock_ = std::make_unique<DataLock>(options_.directory);
}

SqliteStore::~SqliteStore() { INVARIANT(open_.empty()); }

std::string SqliteStore::path_of(TenantId tenant) const {
  if (tenant == platform_tenant()) return options_.directory + "/platform.db";
  const std::string name = uuid_text(tenant.uuid);
  return options_.directory + "/tenants/" + name.substr(name.size() - 2) + "/" + name + std::string(database_suffix);
}

ConnectionOptions SqliteStore::writing(Mode mode) const {
  ConnectionOptions options;
  options.vfs = options_.vfs;
  options.mode = mode;
  options.cache_bytes_max = cache_.share();
  return options;
}

ConnectionOptions SqliteStore::reading() const {
  ConnectionOptions options = writing(Mode::read);
  options.cache_bytes_max = options_.reader_cache_bytes_max;
  return options;
}

/// A tenant's files in one pair of hands, for as long as this lives; an INVARIANT that nobody else holds them.
class SqliteStore::Holding {
 public:
  Holding(SqliteStore& store, TenantId tenant) : store_(&store), tenant_(tenant) {
    const std::lock_guard lock(store_->open_mutex_);
    INVARIANT(store_->open_.insert(tenant_.uuid).second);
  }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() {
    if (store_ != nullptr) store_->let_go(tenant_);
  }
  /// Somebody else calls let_go.
  void pass_on() { store_ = nullptr; }

 private:
  SqliteStore* store_;
  TenantId tenant_;
};

void SqliteStore::let_go(TenantId tenant) {
  const std::lock_guard lock(open_mutex_);
  open_.erase(tenant.uuid);
}

bool SqliteStore::is_unknown(TenantId tenant) {
  const std::lock_guard lock(open_mutex_);
  return unknown_.contains(tenant.uuid);
}

void SqliteStore::set_unknown(TenantId tenant, bool unknown) {
  const std::lock_guard lock(open_mutex_);
  if (unknown) {
    unknown_.insert(tenant.uuid);
  } else {
    unknown_.erase(tenant.uuid);
  }
}

bool SqliteStore::exists(TenantId tenant) {
  const auto path = path_of(tenant);
  return options_.disk->exists(path) || options_.disk->exists(replacement_of(path));
}

/// A file appears under its name only when it is complete.
void SqliteStore::create_file(const std::string& path, const std::function<void(Connection&)>& fill) {
  auto& disk = *options_.disk;
  disk.make_directory(folder_of(path));
  finish_replacement(disk, path);
  {
    auto unsynced = writing(Mode::create);
    unsynced.synced = false;
    Connection made(copy_of(path), unsynced);
    fill(made);
  }
  disk.sync(copy_of(path));
  if (disk.exists(log_of(path))) disk.remove(log_of(path));  // of a removed tenant
  disk.rename(copy_of(path), path);
}

void SqliteStore::create(TenantId tenant) {
  const std::lock_guard lock(create_mutex_);
  if (exists(tenant)) return;
  create_file(path_of(tenant), [this](Connection& made) { create_format(made, {options_.format, {}, {}}); });
}

std::unique_ptr<Connection> SqliteStore::open_file(TenantId tenant, bool after_unknown_commit) {
  auto& disk = *options_.disk;
  const auto path = path_of(tenant);
  finish_replacement(disk, path);
  if (!disk.exists(path)) throw StoreError("there is no file " + path);
  const auto verdict = check_log(disk, log_of(path));
  if (verdict.damaged) {
    throw Corrupt("the log of " + path + " is damaged after " + std::to_string(verdict.good_frames) +
                  " frames; groups behind the damage were acknowledged");
  }
  if (after_unknown_commit || is_unknown(tenant)) {
    set_unknown(tenant, true);  // also if the copy fails
    copy_after_failed_sync(disk, path, writing());
    set_unknown(tenant, false);
  }
  auto connection = std::make_unique<Connection>(path, writing());
  // Empties what a crash left in the log: check_log relies on it.
  const auto empty_log = [&] {
    if (!connection->checkpoint(true).complete) throw StoreError("the log of " + path + " cannot be emptied");
  };
  watch_syncs(*connection, empty_log, [&] { set_unknown(tenant, true); });
  return connection;
}

void SqliteStore::upgrade(TenantId tenant, Connection& connection) {
  FormatOptions format{options_.format, options_.migrations, {}};
  format.backup = [&] {
    const auto found = Format::of(connection.integer("pragma user_version"));
    const auto folder = options_.directory + "/backups";
    options_.disk->make_directory(folder);
    const auto path = folder + "/" + uuid_text(tenant.uuid) + "-" + std::to_string(found.major) + "." +
                      std::to_string(found.minor) + std::string(database_suffix);
    copy_database(connection, path, *options_.disk, writing(Mode::create), {});
  };
  const std::vector<const RecordType*> none;
  upgrade_format(connection, format, options_.schema == nullptr ? none : options_.schema->types());
}

std::unique_ptr<LaneStore> SqliteStore::open(TenantId tenant, bool after_unknown_commit) {
  Holding holding(*this, tenant);
  auto connection = open_file(tenant, after_unknown_commit);
  watch_syncs(
      *connection, [&] { upgrade(tenant, *connection); }, [&] { set_unknown(tenant, true); });
  auto lane = std::make_unique<SqliteLane>(std::move(connection), path_of(tenant), reading(), cache_, *options_.clock,
                                           [this, tenant](bool unknown) {
                                             if (unknown) set_unknown(tenant, true);
                                             let_go(tenant);
                                           });
  holding.pass_on();
  return lane;
}

std::vector<TenantId> SqliteStore::tenants() {
  std::set<Uuid> found;
  const auto folder = options_.directory + "/tenants";
  for (const auto& part : options_.disk->list(folder)) {
    for (const auto& name : options_.disk->list(folder + "/" + part)) {
      const auto id = parse_uuid(std::string_view(name).substr(0, name.find('.')));
      const auto rest = std::string_view(name).substr(std::min(name.find('.'), name.size()));
      if (id && (rest == database_suffix || rest == replacement_of(std::string(database_suffix)))) found.insert(*id);
    }
  }
  if (exists(platform_tenant())) found.insert(platform_tenant().uuid);
  std::vector<TenantId> tenants;
  for (const auto& id : found) tenants.push_back({id});
  return tenants;
}

void SqliteStore::remove(TenantId tenant) {
  const Holding holding(*this, tenant);
  const auto path = path_of(tenant);
  // The replacement goes first: it would bring the tenant back.
  for (const auto& file : {replacement_of(path), path, log_of(path), copy_of(path), log_of(copy_of(path))}) {
    if (options_.disk->exists(file)) options_.disk->remove(file);
  }
  set_unknown(tenant, false);
  put_wake(tenant, std::nullopt);
}

void SqliteStore::backup(TenantId tenant, LaneStore* lane, const std::string& path, const std::function<void()>& step) {
  if (lane != nullptr) {
    auto& writer = dynamic_cast<SqliteLane&>(*lane).sqlite_writer();
    INVARIANT(!writer.in_group());
    return copy_database(writer.connection(), path, *options_.disk, writing(Mode::create), step);
  }
  const Holding holding(*this, tenant);
  copy_database(*open_file(tenant, false), path, *options_.disk, writing(Mode::create), step);
}

void SqliteStore::restore(TenantId tenant, const std::string& path) {
  const Holding holding(*this, tenant);
  auto& disk = *options_.disk;
  const auto target = path_of(tenant);
  disk.make_directory(folder_of(target));
  finish_replacement(disk, target);
  disk.copy(path, copy_of(target));
  const auto report = check_database(copy_of(target), writing());
  if (!report.ok) throw Corrupt("the backup " + path + " is damaged: " + report.problems.front());
  replace_database(disk, copy_of(target), target);
  set_unknown(tenant, false);
}

CheckReport SqliteStore::check(TenantId tenant, LaneStore* lane) {
  if (lane != nullptr) return check_database(path_of(tenant), reading());
  const Holding holding(*this, tenant);
  CheckReport report;
  try {
    open_file(tenant, false);  // recovers and empties the log, after a failed sync in a safe copy
    report = check_database(path_of(tenant), writing());
  } catch (const StoreError& error) {
    report.ok = false;
    report.problems.emplace_back(error.what());
  }
  return report;
}

Connection& SqliteStore::wakes_file() {
  if (wakes_file_) return *wakes_file_;
  auto& disk = *options_.disk;
  const auto path = options_.directory + "/wakes.db";
  finish_replacement(disk, path);
  if (wakes_unknown_) copy_after_failed_sync(disk, path, writing());
  wakes_unknown_ = false;
  if (!disk.exists(path)) {
    create_file(path, [](Connection& made) {
      made.execute("create table wakes (tenant blob primary key, at integer not null) strict, without rowid");
    });
  }
  auto options = writing();
  options.cache_bytes_max = 1024 * 1024;
  auto file = std::make_unique<Connection>(path, options);
  watch_syncs(
      *file, [&] { file->checkpoint(true); }, [&] { wakes_unknown_ = true; });
  std::map<Uuid, Time> found;
  {
    auto rows = file->prepare("select tenant, at from wakes");
    while (rows.step()) found[uuid_from_bytes(rows.blob(0))] = Time{rows.integer(1)};
  }
  wakes_ = std::move(found);  // only now: a file that could not be read whole is opened again
  wakes_file_ = std::move(file);
  return *wakes_file_;
}

void SqliteStore::put_wake(TenantId tenant, std::optional<Time> at) {
  const std::lock_guard lock(wakes_mutex_);
  auto& file = wakes_file();
  const auto known = wakes_.find(tenant.uuid);
  if (at ? known != wakes_.end() && known->second == *at : known == wakes_.end()) return;
  const auto write_wake = [&] {
    auto& write =
        file.statement(at ? "insert or replace into wakes values (?1, ?2)" : "delete from wakes where tenant = ?1");
    write.bind_blob(1, tenant.uuid.view());
    if (at) write.bind(2, at->us);
    write.run();
    if (at) {
      wakes_[tenant.uuid] = *at;
    } else {
      wakes_.erase(tenant.uuid);
    }
    if (file.log_pages() > static_cast<int>(limits::wal_pages_max)) file.checkpoint(false);
  };
  try {
    watch_syncs(file, write_wake, [&] { wakes_unknown_ = true; });
  } catch (const StoreError&) {
    // The next call reads a copy of what is on the disk. Anything else left nothing behind: what is known stays true.
    if (wakes_unknown_) wakes_file_.reset();
    throw;
  }
}

std::vector<std::pair<TenantId, Time>> SqliteStore::wakes() {
  const std::lock_guard lock(wakes_mutex_);
  wakes_file();
  std::vector<std::pair<TenantId, Time>> all;
  for (const auto& [tenant, at] : wakes_) all.emplace_back(TenantId{tenant}, at);
  return all;
}

}  // namespace interlock::store::sqlite
