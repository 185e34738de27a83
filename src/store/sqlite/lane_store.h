// SPDX-License-Identifier: Apache-2.0
// One opened tenant: the writer's connection, and a bounded number of readers that are opened when they are needed and
// kept. Thread-safe but for writer().
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/limits.h"
#include "store/sqlite/writer.h"

namespace interlock::store::sqlite {

/// A reader's connection with its prepared statements.
struct SnapshotReader {
  SnapshotReader(const std::string& path, const ConnectionOptions& options, const Clock& clock)
      : connection(path, options), core(connection, clock) {}
  Connection connection;
  ReadCore core;
  // The view that it holds, also while it is idle: as long as nothing is committed, the next snapshot is the same.
  std::int64_t generation = -1;
  std::int64_t seq = 0;
};

class SqliteLane final : public LaneStore {
 public:
  /// `writer` is opened and in the program's format. `closed` is called at the end of the destructor; it is
  /// told whether a sync failed, so that the file must be opened by way of a safe copy.
  SqliteLane(std::unique_ptr<Connection> writer, std::string path, const ConnectionOptions& reader_options,
             CacheBudget& cache, const Clock& clock, std::function<void(bool unknown)> closed);
  /// Waits for the snapshots that are still out.
  ~SqliteLane() override;

  Writer& writer() override { return *writer_; }
  std::unique_ptr<Snapshot> snapshot() override;
  std::unique_ptr<Snapshot> snapshot_if_free() override;

  SqliteWriter& sqlite_writer() { return *writer_; }
  const std::string& path() const { return path_; }
  /// Gives a reader back; the snapshot's destructor calls it.
  void give_back(std::unique_ptr<SnapshotReader> reader);

 private:
  bool is_reader_free() const { return in_use_ < limits::lane_readers_max; }
  std::unique_ptr<Snapshot> take_snapshot(std::unique_lock<std::mutex> lock);
  void end_idle_views();

  std::string path_;
  ConnectionOptions reader_options_;
  CacheBudget& cache_;
  const Clock& clock_;
  std::function<void(bool unknown)> closed_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<ReadCore> core_;
  std::unique_ptr<SqliteWriter> writer_;

  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<SnapshotReader>> idle_;
  std::size_t in_use_ = 0;
};

}  // namespace interlock::store::sqlite
