// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/lane_store.h"

#include <chrono>
#include <utility>

#include "base/check.h"

namespace interlock::store::sqlite {
namespace {

constexpr auto wait_max = std::chrono::microseconds(limits::reader_age_max.us);

void end_view(SnapshotReader& reader) {
  reader.generation = -1;
  if (!reader.connection.is_autocommit()) reader.connection.statement("rollback").run_result();
}

/// Reads past its age fail, so that its user gives it back: a reader that stays pins the log.
class SqliteSnapshot final : public Reading<Snapshot> {
 public:
  SqliteSnapshot(SqliteLane& lane, std::unique_ptr<SnapshotReader> reader, Duration end)
      : Reading(reader->core), lane_(lane), reader_(std::move(reader)), end_(end) {
    core_.set_deadline(end_);
    try {
      view();
    } catch (...) {
      reader_->generation = -1;
      give_back();
      throw;
    }
  }
  SqliteSnapshot(const SqliteSnapshot&) = delete;
  SqliteSnapshot& operator=(const SqliteSnapshot&) = delete;
  ~SqliteSnapshot() override { give_back(); }

  std::int64_t last_seq() override { return reader_->seq; }
  void each_record(const RecordType& type, const std::function<void(const void* record)>& take) override {
    core_.each_record(type, take);
  }
  void each_key(const std::function<void(const StoredKey&)>& take) override { core_.each_key(take); }
  void each_fact(const std::function<void(std::string_view, std::string_view)>& take) override {
    core_.each_fact(take);
  }
  void set_deadline(std::optional<Duration> monotonic) override {
    core_.set_deadline(monotonic ? std::min(*monotonic, end_) : end_);
  }

 private:
  /// Begins a view, unless the reader still holds the newest one. The number is read first: a commit in between makes
  /// the view newer than it says, and the next snapshot begins anew.
  void view() {
    const auto generation = lane_.sqlite_writer().generation();
    if (reader_->generation == generation) return;
    end_view(*reader_);
    reader_->connection.statement("begin").run();
    reader_->seq = core_.newest_seq();
    reader_->generation = generation;
  }

  void give_back() {
    if (reader_->generation < 0 || reader_->connection.is_autocommit()) end_view(*reader_);
    lane_.give_back(std::move(reader_));
  }

  SqliteLane& lane_;
  std::unique_ptr<SnapshotReader> reader_;
  Duration end_;
};

}  // namespace

SqliteLane::SqliteLane(std::unique_ptr<Connection> writer, std::string path, const ConnectionOptions& reader_options,
                       CacheBudget& cache, const Clock& clock, std::function<void(bool unknown)> closed)
    : path_(std::move(path)),
      reader_options_(reader_options),
      cache_(cache),
      clock_(clock),
      closed_(std::move(closed)),
      connection_(std::move(writer)),
      core_(std::make_unique<ReadCore>(*connection_, clock)),
      writer_(std::make_unique<SqliteWriter>(*core_, cache)) {
  cache_.lane_opened();
  writer_->before_checkpoint([this] { end_idle_views(); });
}

void SqliteLane::end_idle_views() {
  const std::lock_guard lock(mutex_);
  for (auto& reader : idle_) end_view(*reader);
}

SqliteLane::~SqliteLane() {
  {
    std::unique_lock lock(mutex_);
    INVARIANT(given_back_.wait_for(lock, wait_max, [this] { return in_use_ == 0; }));
  }
  idle_.clear();
  const bool unknown = writer_->is_unknown();
  writer_.reset();
  core_.reset();
  connection_.reset();
  cache_.lane_closed();
  closed_(unknown);
}

void SqliteLane::give_back(std::unique_ptr<SnapshotReader> reader) {
  const std::lock_guard lock(mutex_);
  --in_use_;
  // One that could not even be rolled back is of no use to anybody.
  if (reader && (reader->generation >= 0 || reader->connection.is_autocommit())) idle_.push_back(std::move(reader));
  given_back_.notify_all();
}

std::unique_ptr<Snapshot> SqliteLane::snapshot() {
  std::unique_lock lock(mutex_);
  if (!is_reader_free() && !given_back_.wait_for(lock, wait_max, [this] { return is_reader_free(); }))
    throw StoreError("all readers of the tenant are in use");
  return take_snapshot(std::move(lock));
}

std::unique_ptr<Snapshot> SqliteLane::snapshot_if_free() {
  std::unique_lock lock(mutex_);
  return is_reader_free() ? take_snapshot(std::move(lock)) : nullptr;
}

std::unique_ptr<Snapshot> SqliteLane::take_snapshot(std::unique_lock<std::mutex> lock) {
  ++in_use_;
  std::unique_ptr<SnapshotReader> reader;
  if (!idle_.empty()) {
    reader = std::move(idle_.back());
    idle_.pop_back();
  }
  lock.unlock();
  if (!reader) {
    try {
      reader = std::make_unique<SnapshotReader>(path_, reader_options_, clock_);
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }
  return std::make_unique<SqliteSnapshot>(*this, std::move(reader), clock_.monotonic() + limits::reader_age_max);
}

}  // namespace interlock::store::sqlite
