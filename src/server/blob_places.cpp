// SPDX-License-Identifier: Apache-2.0
#include "server/blob_places.h"

#include "base/random.h"
#include "providers/s3_blobs.h"
#include "server/errors.h"
#include "store/disk_blobs.h"
#include "store/postgres/postgres_blobs.h"
#include "store/postgres/postgres_store.h"

namespace interlock::server {
namespace {

store::postgres::ConnectionOptions database_of(const Config& config) {
  return {config.store, store::postgres::default_schema_name};
}

std::unique_ptr<store::Blobs> open_bucket(const Config& config, const std::string& spool) {
  auto options = providers::parse_s3_url(config.files);
  options.access_key = config.files_access_key;
  options.secret_key = config.files_secret_key;
  std::unique_ptr<store::BlobGuard> guard;
  if (config.store.empty())
    guard = store::make_local_guard();
  else
    guard = std::make_unique<store::postgres::PostgresGuard>(database_of(config));
  auto bucket = std::make_unique<providers::S3Blobs>(std::move(options), spool, std::move(guard), system_random());
  try {
    bucket->require_bucket();
  } catch (const store::StoreError& error) {
    throw CommandError(error.what());
  }
  return bucket;
}

}  // namespace

std::unique_ptr<store::Blobs> open_blobs(const Config& config, const std::string& directory, const Clock& clock) {
  const auto blobs = directory + "/blobs", spool = blobs + "/drafts";
  if (!config.files.empty()) return open_bucket(config, spool);
  if (config.store.empty()) return std::make_unique<store::DiskBlobs>(blobs, clock, system_random());
  return std::make_unique<store::postgres::PostgresBlobs>(database_of(config), spool, clock, system_random());
}

}  // namespace interlock::server
