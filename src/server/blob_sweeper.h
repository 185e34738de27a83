// SPDX-License-Identifier: Apache-2.0
// Removes blobs that no file names any more: those of deleted files once these cannot come back, and what an upload
// left whose record was never made. What was kept within limits::blob_age_min stays: its record may be on its way.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/engine.h"
#include "store/blobs.h"

namespace interlock::server {

/// Sweeps one tenant, reading its records as they are committed; answers how many blobs went. A record that is made
/// meanwhile is safe: its upload has made its blob young. Throws what a read of the tenant throws.
std::size_t sweep_blobs(engine::Engine& engine, store::Blobs& blobs, TenantId tenant);

/// Sweeps all tenants at start and every limits::blob_sweep_interval, in a thread of its own. A tenant that cannot be
/// read is left alone and told in the log. `engine` and `blobs` must outlive it.
class BlobSweeper {
 public:
  BlobSweeper(engine::Engine& engine, store::Blobs& blobs);
  /// Ends after the tenant that is being swept.
  ~BlobSweeper();
  BlobSweeper(const BlobSweeper&) = delete;
  BlobSweeper& operator=(const BlobSweeper&) = delete;

 private:
  void run();
  void sweep_all();
  bool is_ending();

  engine::Engine& engine_;
  store::Blobs& blobs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace interlock::server
