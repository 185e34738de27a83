// SPDX-License-Identifier: Apache-2.0
// The contents of files, beside the records that name them. A blob is kept under the SHA-256 of its bytes, within one
// tenant: the same content is kept once there, and never shared between tenants.
//
// The order that keeps records and blobs together: a blob is durable before the record that names it is written, and is
// removed only after nothing names it. A crash in between leaves a blob that nobody needs; remove_if_older() takes it
// away once it is old enough that no upload in progress can be about to name it.
// docs/decisions/0031-files-beside-records.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "store/store.h"

namespace interlock::store {

/// What keeps the contents does not answer; it may later.
class BlobsUnavailable : public StoreError {
 public:
  using StoreError::StoreError;
};

/// Content that is being written. One thread at a time. Destroyed without Blobs::keep(), it leaves nothing.
class BlobDraft {
 public:
  virtual ~BlobDraft() = default;
  /// Throws DiskFull, StoreError. Waits no longer than a write into the system's own memory.
  virtual void write(std::string_view bytes) = 0;
  virtual std::int64_t size() const = 0;
};

/// An opened blob. What was fetched stays readable until it is destroyed, also after it was removed. Thread-safe but
/// for fetch().
class Blob {
 public:
  virtual ~Blob() = default;
  virtual std::int64_t size() const = 0;
  /// Brings a part of it, which must lie within, to this machine's disk: read() is asked for that part only, and waits
  /// for nothing else. Throws DiskFull, StoreError: it was removed meanwhile, or what keeps it does not answer.
  virtual void fetch(std::int64_t offset, std::int64_t bytes) = 0;
  /// Fills at most `bytes` from `offset`; fewer at the end. Throws StoreError.
  virtual std::size_t read(std::int64_t offset, char* to, std::size_t bytes) const = 0;
};

/// Thread-safe. Failures throw DiskFull, BlobsUnavailable or StoreError.
class Blobs {
 public:
  virtual ~Blobs() = default;

  virtual std::unique_ptr<BlobDraft> begin() = 0;
  /// Makes the draft, which must be one of begin(), the tenant's; durable when it returns. Answers its name: 64
  /// hexadecimal digits. Content that is there already counts as new: its age begins anew.
  virtual std::string keep(TenantId tenant, BlobDraft& draft) = 0;
  /// nullptr if there is none of that name.
  virtual std::unique_ptr<Blob> open(TenantId tenant, std::string_view name) = 0;
  /// Names of a tenant after `after`, in order, not more than limits::copy_rows_max; none: there are no further ones.
  virtual std::vector<std::string> names(TenantId tenant, std::string_view after) = 0;
  /// Tenants that have blobs.
  virtual std::vector<TenantId> tenants() = 0;
  /// True if it was kept before `time` and is gone now. Nothing is removed while somebody holds.
  virtual bool remove_if_older(TenantId tenant, std::string_view name, Time time) = 0;
  /// No blob is removed while what is returned lives: for backups.
  virtual std::shared_ptr<void> hold() = 0;
};

/// Calls back with every name of a tenant, in order.
template <class Take>
void each_blob(Blobs& blobs, TenantId tenant, Take take) {
  for (auto page = blobs.names(tenant, ""); !page.empty();) {
    for (const auto& name : page) take(name);
    const auto last = std::move(page.back());
    page = blobs.names(tenant, last);
  }
}

/// SHA-256 of the blob's bytes as they are now. Throws as fetch() and read().
std::string content_name(Blob& blob);

}  // namespace interlock::store
