// SPDX-License-Identifier: Apache-2.0
// Blobs as files of the data directory:
//
//   DIRECTORY/drafts/HEX         being written: see spool.h
//   DIRECTORY/TENANT/XX/NAME     a tenant's blob; XX: the name's first two digits, so that no folder grows large
//
// A draft becomes a blob by fsync, rename, and fsync of the folder. A file's time of modification is when it was kept.
#pragma once

#include <atomic>
#include <mutex>

#include "base/random.h"
#include "store/blobs.h"
#include "store/spool.h"

namespace interlock::store {

class DiskBlobs final : public Blobs {
 public:
  /// `directory` belongs to this process alone; it is made at the first write.
  DiskBlobs(std::string directory, const Clock& clock, Random& random);

  std::unique_ptr<BlobDraft> begin() override;
  std::string keep(TenantId tenant, BlobDraft& draft) override;
  std::unique_ptr<Blob> open(TenantId tenant, std::string_view name) override;
  std::vector<std::string> names(TenantId tenant, std::string_view after) override;
  std::vector<TenantId> tenants() override;
  bool remove_if_older(TenantId tenant, std::string_view name, Time time) override;
  std::shared_ptr<void> hold() override;

 private:
  std::string folder_of(TenantId tenant, std::string_view shard) const;
  std::string path_of(TenantId tenant, std::string_view name) const;

  const std::string directory_;
  const Clock& clock_;
  Spool spool_;
  std::mutex mutex_;  ///< between keeping and removing
  std::shared_ptr<std::atomic<int>> holders_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace interlock::store
