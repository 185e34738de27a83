// SPDX-License-Identifier: Apache-2.0
// One opened tenant: a writer, and snapshots on borrowed connections. Thread-safe but for writer().
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "store/postgres/pool.h"
#include "store/postgres/writer.h"

namespace interlock::store::postgres {

class PostgresLane final : public LaneStore {
 public:
  /// Throws StoreError.
  PostgresLane(Pool& writers, Pool& readers, const Uuid& tenant, const Clock& clock, std::function<void()> committed);

  Writer& writer() override { return writer_; }
  std::unique_ptr<Snapshot> snapshot() override;
  std::unique_ptr<Snapshot> snapshot_if_free() override;

 private:
  Pool& readers_;
  const Uuid tenant_;
  const Clock& clock_;
  PostgresWriter writer_;
};

}  // namespace interlock::store::postgres
