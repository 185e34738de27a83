// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/postgres_blobs.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/limits.h"

namespace interlock::store::postgres {
namespace {

constexpr std::int64_t piece_bytes = limits::postgres_blob_piece_bytes_max;
/// Each schema of a database has its own.
std::string guard(const char* function) {
  return fmt::format("select {}(hashtextextended('interlock blobs ' || current_schema(), 0))", function);
}

/// `work` leaves the same when it runs twice: a kept connection may have died while nobody used it.
template <class Work>
auto with_connection(Pool& pool, Work work) {
  for (int left = limits::postgres_begin_tries_max;; --left) {
    try {
      const auto connection = pool.borrow();
      return work(*connection);
    } catch (const ConnectionLost& lost) {
      if (left <= 1) throw BlobsUnavailable(lost.what());
    }
  }
}

Result ask(Pool& pool, std::string_view sql, const Parameters& parameters) {
  return with_connection(pool, [&](Connection& connection) { return connection.ask(sql, parameters); });
}

Parameters blob_parameters(TenantId tenant, std::string_view name) {
  Parameters parameters;
  parameters.id(tenant.uuid).text(name);
  return parameters;
}

class PostgresBlob final : public FetchedBlob {
 public:
  PostgresBlob(Pool& pool, Spool& spool, TenantId tenant, std::string_view name, std::int64_t size)
      : FetchedBlob(spool, size), pool_(pool), tenant_(tenant), name_(name) {}

 protected:
  void bring(std::int64_t offset, std::int64_t bytes, const std::function<void(std::string_view)>& take) override {
    const auto end = offset + bytes;
    for (auto piece = offset / piece_bytes; piece * piece_bytes < end; ++piece) {
      const auto rows = ask(pool_, "select content from blob_pieces where lane = $1 and name = $2 and piece = $3",
                            blob_parameters(tenant_, name_).integer(piece));
      if (rows.rows() == 0) throw StoreError("the content " + name_ + " is missing a piece, or was removed");
      auto content = rows.bytes(0, 0);
      const auto begins = piece * piece_bytes;
      content = content.substr(0, static_cast<std::size_t>(end - begins));
      if (offset > begins) content.remove_prefix(std::min(content.size(), static_cast<std::size_t>(offset - begins)));
      take(content);
    }
  }

 private:
  Pool& pool_;
  const TenantId tenant_;
  const std::string name_;
};

void write_pieces(Connection& connection, TenantId tenant, const std::string& name, SpooledDraft& draft) {
  std::string piece(piece_bytes, '\0');
  for (std::int64_t offset = 0, number = 0; offset < draft.size(); ++number) {
    std::size_t filled = 0;
    while (filled < piece.size()) {
      const auto got = draft.file().read(offset, piece.data() + filled, piece.size() - filled);
      if (got == 0) break;
      filled += got;
      offset += static_cast<std::int64_t>(got);
    }
    if (filled == 0) throw StoreError("a draft became shorter");
    connection.ask("insert into blob_pieces (lane, name, piece, content) values ($1, $2, $3, $4)",
                   blob_parameters(tenant, name).integer(number).bytes({piece.data(), filled}));
  }
}

}  // namespace

/// A connection with the lock. That is given back by a statement: a server sees the end of a connection later.
class PostgresGuard::Locked {
 public:
  Locked(const ConnectionOptions& options, const char* lock, const char* unlock)
      : connection_(options), unlock_(unlock), has_lock_(!is_false(connection_.ask_once(guard(lock)))) {}
  ~Locked() {
    if (!has_lock_) return;
    try {
      connection_.ask_once(guard(unlock_));
    } catch (const StoreError&) {  // then the connection has gone, and the lock with it
    }
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  bool is_good() { return has_lock_ && connection_.is_alive(); }

 private:
  /// pg_advisory_lock_shared() has no value.
  static bool is_false(const Result& result) { return result.bytes(0, 0).size() == 1 && !result.boolean(0, 0); }

  Connection connection_;
  const char* unlock_;
  const bool has_lock_;
};

std::shared_ptr<void> PostgresGuard::hold() {
  const std::lock_guard lock(mutex_);
  if (auto held = held_.lock(); held && held->is_good()) return held;
  auto held = std::make_shared<Locked>(options_, "pg_advisory_lock_shared", "pg_advisory_unlock_shared");
  held_ = held;
  return held;
}

std::shared_ptr<void> PostgresGuard::try_remove() {
  auto locked = std::make_shared<Locked>(options_, "pg_try_advisory_lock", "pg_advisory_unlock");
  if (!locked->is_good()) return nullptr;
  return locked;
}

PostgresBlobs::PostgresBlobs(const ConnectionOptions& options, std::string spool_directory, const Clock& clock,
                             Random& random)
    : pool_(options, limits::postgres_blob_connections_max),
      guard_(options),
      spool_(std::move(spool_directory), random),
      clock_(clock) {}

std::unique_ptr<BlobDraft> PostgresBlobs::begin() { return spool_.begin(); }

std::string PostgresBlobs::keep(TenantId tenant, BlobDraft& any_draft) {
  auto& draft = dynamic_cast<SpooledDraft&>(any_draft);
  const auto name = draft.finish();
  with_connection(pool_, [&](Connection& connection) {
    // What is there already is replaced by the same bytes: that begins its age anew, and mends what was damaged. The
    // row's lock keeps apart who keeps the same content at the same time, and who removes it.
    connection.send("begin");
    connection.send(
        "insert into blobs (lane, name, size, kept_at) values ($1, $2, $3, $4) on conflict (lane, name) do update set "
        "size = excluded.size, kept_at = excluded.kept_at",
        blob_parameters(tenant, name).integer(draft.size()).time(clock_.now()));
    connection.send("delete from blob_pieces where lane = $1 and name = $2", blob_parameters(tenant, name));
    connection.finish();
    write_pieces(connection, tenant, name, draft);
    connection.take_warnings();
    connection.ask("commit");
    // A wait for a synchronous standby that was cut short: nobody knows whether it would survive.
    if (connection.take_warnings() > 0) throw ConnectionLost("the database did not confirm that a content is safe");
    return true;
  });
  return name;
}

std::unique_ptr<Blob> PostgresBlobs::open(TenantId tenant, std::string_view name) {
  if (!is_sha256(name)) return nullptr;
  const auto rows = ask(pool_, "select size from blobs where lane = $1 and name = $2", blob_parameters(tenant, name));
  if (rows.rows() == 0) return nullptr;
  return std::make_unique<PostgresBlob>(pool_, spool_, tenant, name, rows.integer(0, 0));
}

std::vector<std::string> PostgresBlobs::names(TenantId tenant, std::string_view after) {
  const auto rows = ask(pool_, "select name from blobs where lane = $1 and name > $2 order by name limit $3",
                        blob_parameters(tenant, after).integer(limits::copy_rows_max));
  std::vector<std::string> found;
  for (int row = 0; row < rows.rows(); ++row) found.emplace_back(rows.text(row, 0));
  return found;
}

std::vector<TenantId> PostgresBlobs::tenants() {
  const auto rows = ask(pool_, "select distinct lane from blobs", {});
  std::vector<TenantId> found;
  for (int row = 0; row < rows.rows(); ++row) found.push_back({rows.id(row, 0)});
  return found;
}

bool PostgresBlobs::remove_if_older(TenantId tenant, std::string_view name, Time time) {
  INVARIANT(is_sha256(name));
  return with_connection(pool_, [&](Connection& connection) {
    connection.send("begin");
    connection.send(guard("pg_try_advisory_xact_lock"));
    const auto locked = connection.finish();
    if (!locked.back().boolean(0, 0)) return false;  // the lease gives the transaction up
    connection.send("delete from blobs where lane = $1 and name = $2 and kept_at < $3",
                    blob_parameters(tenant, name).time(time));
    // Not in the statement above: its pieces may have been written anew while that waited for the row.
    connection.send(
        "delete from blob_pieces where lane = $1 and name = $2 and not exists "
        "(select 1 from blobs where lane = $1 and name = $2)",
        blob_parameters(tenant, name));
    connection.send("commit");
    const auto results = connection.finish();
    return results[0].affected() == 1;
  });
}

}  // namespace interlock::store::postgres
