// SPDX-License-Identifier: Apache-2.0
// Contents of files on their way into a backup and back, and the check that all are there.
//
// A backup's directory holds, beside a tenant's TENANT.db, TENANT.files/NAME for each blob; NAME is the SHA-256 of its
// bytes, so that nothing else need say what must be in it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "store/blobs.h"

namespace interlock::server {

struct BlobTotals {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

/// Where a backup keeps the files of a tenant whose database is at `database_path` (…/TENANT.db).
std::string files_directory_of(const std::string& database_path);

/// Writes it to a new file, synced. Throws StoreError.
void write_blob(store::Blob& blob, const std::string& path);

/// Copies all blobs of the tenant into the directory, made if there is any, each synced. The caller holds
/// (Blobs::hold) since before the tenant's records were copied. Throws StoreError.
BlobTotals copy_blobs(store::Blobs& blobs, TenantId tenant, const std::string& directory);

/// Counts a backup's files and compares each with its name. Throws CommandError.
BlobTotals verify_files(const std::string& directory);

/// Makes the files of a backup the tenant's, beside those that it has. Throws StoreError, CommandError.
void restore_blobs(store::Blobs& blobs, TenantId tenant, const std::string& directory);

/// What is wrong with the contents of the tenant's files, deleted ones that can come back included: a sentence for
/// each, at most limits::check_problems_max. `files` counts the records that were looked at.
std::vector<std::string> check_blobs(Reader& reader, store::Blobs& blobs, TenantId tenant, std::int64_t& files);

}  // namespace interlock::server
