// SPDX-License-Identifier: Apache-2.0
#include "server/blob_sweeper.h"

#include "base/limits.h"
#include "base/log.h"
#include "domains/files/files.h"

namespace interlock::server {

std::size_t sweep_blobs(engine::Engine& engine, store::Blobs& blobs, TenantId tenant) {
  const auto before = engine.clock().now() - limits::blob_age_min;
  std::size_t removed = 0;
  for (auto names = blobs.names(tenant, ""); !names.empty();) {
    {  // a view for each page: none is held for long
      const auto view = engine.read(tenant, engine::system_caller());
      for (const auto& name : names)
        if (!domains::keeps_blob(view->reader(), name) && blobs.remove_if_older(tenant, name, before)) ++removed;
    }
    const auto last = std::move(names.back());
    names = blobs.names(tenant, last);
  }
  return removed;
}

BlobSweeper::BlobSweeper(engine::Engine& engine, store::Blobs& blobs)
    : engine_(engine), blobs_(blobs), thread_([this] { run(); }) {}

BlobSweeper::~BlobSweeper() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool BlobSweeper::is_ending() {
  const std::lock_guard lock(mutex_);
  return ending_;
}

void BlobSweeper::run() {
  while (true) {
    sweep_all();
    std::unique_lock lock(mutex_);
    const auto pause = std::chrono::microseconds(limits::blob_sweep_interval.us);
    if (changed_.wait_for(lock, pause, [this] { return ending_; })) return;
  }
}

void BlobSweeper::sweep_all() {
  try {
    for (const auto tenant : blobs_.tenants()) {
      if (is_ending()) return;
      const auto tenant_text = type_id_text("tenant", tenant.uuid);
      try {
        if (const auto removed = sweep_blobs(engine_, blobs_, tenant))
          log(LogLevel::info, "blobs_swept", {{"tenant", tenant_text}, {"removed", removed}});
      } catch (const std::exception& error) {
        log(LogLevel::warning, "blobs_not_swept", {{"tenant", tenant_text}, {"reason", error.what()}});
      }
    }
  } catch (const std::exception& error) {
    log(LogLevel::warning, "blobs_not_swept", {{"reason", error.what()}});
  }
}

}  // namespace interlock::server
