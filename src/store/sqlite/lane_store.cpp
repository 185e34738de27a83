// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/lane_store.h"

#include <chrono>
#include <utility>

#include "base/check.h"

namespace interlock::store::sqlite {
namespace {

constexpr auto wait_max = std::chrono::microseconds(limits::reader_age_max.us);

/// Reads past its age fail, so that its user gives it back: a reader that stays pins the log.
class SqliteSnapshot final : public Reading<Snapshot> {
 public:
  SqliteSnapshot(SqliteLane& lane, std::unique_ptr<SnapshotReader> reader, Duration end)
      : Reading(reader->core), lane_(lane), reader_(std::move(reader)), end_(end) {
    core_.set_deadline(end_);
    try {
      reader_->connection.statement("begin").run();
      seq_ = core_.newest_seq();
    } catch (...) {
      give_back();
      throw;
    }
  }
  SqliteSnapshot(const SqliteSnapshot&) = delete;
  SqliteSnapshot& operator=(const SqliteSnapshot&) = delete;
  ~SqliteSnapshot() override { give_back(); }

  std::int64_t last_seq() override { return seq_; }
  void set_deadline(std::optional<Duration> monotonic) override {
    core_.set_deadline(monotonic ? std::min(*monotonic, end_) : end_);
  }

 private:
  void give_back() {
    if (!reader_->connection.is_autocommit()) reader_->connection.statement("rollback").run_result();
    lane_.give_back(std::move(reader_));
  }

  SqliteLane& lane_;
  std::unique_ptr<SnapshotReader> reader_;
  Duration end_;
  std::int64_t seq_ = 0;
};

}  // namespace

SqliteLane::SqliteLane(std::unique_ptr<Connection> writer, std::string path, const ConnectionOptions& reader_options,
                       CacheBudget& cache, const Clock& clock, std::function<void()> closed)
    : path_(std::move(path)),
      reader_options_(reader_options),
      cache_(cache),
      clock_(clock),
      closed_(std::move(closed)),
      connection_(std::move(writer)),
      core_(std::make_unique<ReadCore>(*connection_, clock)),
      writer_(std::make_unique<SqliteWriter>(*core_, cache)) {
  cache_.lane_opened();
}

SqliteLane::~SqliteLane() {
  {
    std::unique_lock lock(mutex_);
    INVARIANT(given_back_.wait_for(lock, wait_max, [this] { return in_use_ == 0; }));
  }
  idle_.clear();
  writer_.reset();
  core_.reset();
  connection_.reset();
  cache_.lane_closed();
  closed_();
}

std::unique_ptr<SnapshotReader> SqliteLane::take_reader() {
  std::unique_lock lock(mutex_);
  const auto is_free = [this] { return in_use_ < limits::lane_readers_max; };
  if (!given_back_.wait_for(lock, wait_max, is_free)) throw StoreError("all readers of the tenant are in use");
  ++in_use_;
  if (idle_.empty()) return nullptr;
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void SqliteLane::give_back(std::unique_ptr<SnapshotReader> reader) {
  const std::lock_guard lock(mutex_);
  --in_use_;
  if (reader && reader->connection.is_autocommit()) idle_.push_back(std::move(reader));
  given_back_.notify_all();
}

std::unique_ptr<Snapshot> SqliteLane::snapshot() {
  auto reader = take_reader();
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
