// SPDX-License-Identifier: Apache-2.0
#include "server/move.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "base/limits.h"
#include "base/random.h"
#include "domains/platform/account_records.h"
#include "domains/schema.h"
#include "server/blob_places.h"
#include "server/control.h"
#include "store/checksum.h"
#include "store/disk_blobs.h"
#include "store/postgres/move_log.h"
#include "store/postgres/postgres_store.h"
#include "store/spool.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::server {
namespace {

namespace fs = std::filesystem;

/// A line for each tenant, and on a terminal how far the present one is.
class MoveProgress {
 public:
  explicit MoveProgress(std::size_t total) : total_(total), terminal_(isatty(STDERR_FILENO) != 0) {}

  void begin(const std::string& name) {
    name_ = name;
    ++number_;
  }
  void phase(const char* doing) {
    doing_ = doing;
    steps_ = 0;
    show();
  }
  void step() {
    ++steps_;
    show();
  }
  void end(const std::string& result) {
    fmt::print(stderr, "{}[{}/{}] {}: {}\n", terminal_ ? "\r\033[K" : "", number_, total_, name_, result);
    std::fflush(stderr);
  }

 private:
  void show() const {
    if (!terminal_) return;
    fmt::print(stderr, "\r\033[K[{}/{}] {}: {}, {} rows", number_, total_, name_, doing_,
               steps_ * limits::copy_rows_max);
    std::fflush(stderr);
  }

  const std::size_t total_;
  const bool terminal_;
  std::size_t number_ = 0;
  std::string name_;
  const char* doing_ = "";
  std::int64_t steps_ = 0;
};

store::sqlite::SqliteStoreOptions files_options(const std::string& directory, const Schema& schema,
                                                const Clock& clock) {
  if (!fs::exists(directory + "/platform.db"))
    throw CommandError(fmt::format("{} is no data directory with records in it", directory), ExitCode::usage);
  store::sqlite::SqliteStoreOptions options;
  options.directory = directory;
  options.schema = &schema;
  options.clock = &clock;
  return options;
}

store::postgres::PostgresStoreOptions database_options(const std::string& url, const Schema& schema,
                                                       const Clock& clock) {
  store::postgres::PostgresStoreOptions options;
  options.url = url;
  options.schema = &schema;
  options.clock = &clock;
  return options;
}

class Move {
 public:
  Move(const Config& config, const std::string& directory, const std::string& url)
      : directory_(directory),
        from_(files_options(directory, schema_, clock_)),
        log_({url, store::postgres::default_schema_name}),
        to_(database_options(url, schema_, clock_)),
        from_blobs_(directory + "/blobs", clock_, system_random()),
        to_blobs_(open_blobs(config, directory, clock_)) {
    if (!config.files.empty() && from_blobs_.tenants().empty()) to_blobs_.reset();  // they are in the bucket already
  }

  MoveTotals run() {
    require_target();
    log_.begin();
    auto tenants = from_.tenants();
    std::erase(tenants, store::platform_tenant());
    tenants.insert(tenants.begin(), store::platform_tenant());
    MoveProgress progress(tenants.size());
    MoveTotals totals;
    for (const auto tenant : tenants) move_tenant(tenant, progress, totals);
    for (const auto& [tenant, at] : from_.wakes()) to_.put_wake(tenant, at);
    mark_source();
    log_.end();
    totals.lanes = std::ssize(tenants);
    return totals;
  }

 private:
  void require_target() {
    if (log_.is_begun()) return;
    if (fs::exists(directory_ + moved_mark))
      throw CommandError(
          fmt::format("the records of {0} were moved before: {0}{1} says where they are", directory_, moved_mark));
    if (!to_.tenants().empty())
      throw CommandError(
          "the database holds records already: a move needs an empty one, or one of a move that was "
          "interrupted");
  }

  std::string name_of(TenantId tenant) {
    if (tenant == store::platform_tenant()) return "platform";
    const auto lane = from_.open(store::platform_tenant(), false);
    domains::Tenant record;
    return lane->writer().load(type_of<domains::Tenant>(), tenant.uuid, &record) ? record.slug
                                                                                 : type_id_text("tenant", tenant.uuid);
  }

  void move_tenant(TenantId tenant, MoveProgress& progress, MoveTotals& totals) {
    const auto name = name_of(tenant);
    progress.begin(name);
    try {
      const auto lane = from_.open(tenant, false);
      const auto from = lane->snapshot();
      progress.phase("summed up");
      const auto sum = checksum_tenant(*from, store::types_of(schema_, tenant), [&] { progress.step(); });
      std::int64_t files = 0;
      const auto checksum = fmt::format("{}, {}", sum.text(), sum_of_files(tenant, files));
      const auto contents = fmt::format("{} records, {} changes, {} keys, {} facts, {} files", sum.counts.records,
                                        sum.counts.changes, sum.counts.keys, sum.counts.facts, files);
      totals.records += sum.counts.records;
      totals.changes += sum.counts.changes;
      totals.files += files;
      if (log_.done(tenant) == checksum) {
        ++totals.passed_by;
        return progress.end(contents + ", were moved and verified before");
      }
      progress.phase("copied");
      copy_records(tenant, *from, progress);
      copy_files(tenant, progress);
      progress.phase("verified");
      verify(tenant, sum, progress);
      log_.set_done(tenant, checksum);
      progress.end(contents + ", moved and verified");
    } catch (const store::StoreError& error) {
      throw CommandError(
          fmt::format("{} could not be moved: {}; run the same command again to go on with it", name, error.what()));
    }
  }

  /// Of their names, which are sums of what is in them.
  std::string sum_of_files(TenantId tenant, std::int64_t& files) {
    store::ItemSum names;
    store::each_blob(from_blobs_, tenant, [&](const std::string& name) {
      names.add(name);
      ++files;
    });
    return fmt::format("{} files {}", files, names.hex());
  }

  void copy_records(TenantId tenant, store::Snapshot& from, MoveProgress& progress) {
    to_.remove(tenant);
    to_.create(tenant);
    const auto lane = to_.open(tenant, false);
    for (int left = 2;; --left) {
      try {
        lane->writer().begin();
        copy_tenant(from, lane->writer(), store::types_of(schema_, tenant), [&] { progress.step(); });
        return lane->writer().commit();
      } catch (const store::GroupLost&) {  // another try says more of what was wrong, or there was nothing wrong
        lane->writer().rollback();
        if (left <= 1) throw;
      }
    }
  }

  void copy_files(TenantId tenant, MoveProgress& progress) {
    if (!to_blobs_) return;
    std::string piece(limits::file_piece_bytes_max, '\0');
    store::each_blob(from_blobs_, tenant, [&](const std::string& name) {
      const auto blob = from_blobs_.open(tenant, name);
      if (!blob) throw store::StoreError("the content " + name + " has gone");
      blob->fetch(0, blob->size());
      const auto draft = to_blobs_->begin();
      for (std::int64_t offset = 0; offset < blob->size();) {
        const auto got = blob->read(offset, piece.data(), piece.size());
        if (got == 0) break;
        draft->write({piece.data(), got});
        offset += static_cast<std::int64_t>(got);
      }
      if (to_blobs_->keep(tenant, *draft) != name)
        throw store::StoreError(
            fmt::format("the content {} is damaged in {}: `interlock check` says which file it is", name, directory_));
      progress.step();
    });
  }

  void verify(TenantId tenant, const store::TenantChecksum& wanted, MoveProgress& progress) {
    const auto lane = to_.open(tenant, false);
    const auto found = checksum_tenant(*lane->snapshot(), store::types_of(schema_, tenant), [&] { progress.step(); });
    if (found != wanted)
      throw store::StoreError(
          fmt::format("what arrived is not what was sent: {} instead of {}", found.text(), wanted.text()));
    if (!to_blobs_) return;
    store::each_blob(from_blobs_, tenant, [&](const std::string& name) {
      const auto blob = to_blobs_->open(tenant, name);
      if (!blob || store::content_name(*blob) != name)
        throw store::StoreError("the content " + name + " did not arrive as it was");
      progress.step();
    });
  }

  void mark_source() {
    const auto path = directory_ + moved_mark;
    store::LocalFile file(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open()) store::fail_at("make", path, errno);
    file.write(
        fmt::format("The records were moved to a PostgreSQL database at {}. Without this file, what is here would "
                    "be served as it was then.\n",
                    rfc3339(clock_.now())));
    file.sync();
    store::sync_folder(directory_);
  }

  const std::string directory_;
  const Schema schema_ = domains::make_schema();
  AnchoredClock clock_{system_clock()};
  store::sqlite::SqliteStore from_;
  store::postgres::MoveLog log_;
  store::postgres::PostgresStore to_;
  store::DiskBlobs from_blobs_;
  std::unique_ptr<store::Blobs> to_blobs_;
};

}  // namespace

MoveTotals move_to_database(const Config& config, const std::string& directory, const std::string& url) {
  try {
    auto with_database = config;
    with_database.store = url;
    return Move(with_database, directory, url).run();
  } catch (const store::DataDirectoryHeld& held) {
    throw CommandError(held.what(), ExitCode::held);
  } catch (const store::StoreError& error) {
    throw CommandError(error.what());
  }
}

}  // namespace interlock::server
