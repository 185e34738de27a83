// SPDX-License-Identifier: Apache-2.0
// Blobs in the database, so that every node serves every file:
//
//   blobs        (lane, name, size, kept_at)      one row a blob
//   blob_pieces  (lane, name, piece, content)     its bytes, limits::postgres_blob_piece_bytes_max each but for the
//   last
//
// An upload is spooled on the node's disk and then written piece by piece in one transaction: it is there whole or not
// at all. A download is spooled the same way. Nothing is removed while any node holds (an advisory lock).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "store/postgres/pool.h"
#include "store/spool.h"

namespace interlock::store::postgres {

/// Holds and removals of all nodes, by an advisory lock of the database.
class PostgresGuard final : public BlobGuard {
 public:
  explicit PostgresGuard(ConnectionOptions options) : options_(std::move(options)) {}

  std::shared_ptr<void> hold() override;
  std::shared_ptr<void> try_remove() override;

 private:
  class Locked;

  const ConnectionOptions options_;
  std::mutex mutex_;
  std::weak_ptr<Locked> held_;  ///< one connection for all who hold in this process
};

class PostgresBlobs final : public Blobs {
 public:
  /// The tables are there (prepare_database). `spool_directory` is the node's own.
  PostgresBlobs(const ConnectionOptions& options, std::string spool_directory, const Clock& clock, Random& random);

  std::unique_ptr<BlobDraft> begin() override;
  std::string keep(TenantId tenant, BlobDraft& draft) override;
  std::unique_ptr<Blob> open(TenantId tenant, std::string_view name) override;
  std::vector<std::string> names(TenantId tenant, std::string_view after) override;
  std::vector<TenantId> tenants() override;
  bool remove_if_older(TenantId tenant, std::string_view name, Time time) override;
  std::shared_ptr<void> hold() override { return guard_.hold(); }

 private:
  Pool pool_;
  PostgresGuard guard_;
  Spool spool_;
  const Clock& clock_;
};

}  // namespace interlock::store::postgres
