// SPDX-License-Identifier: Apache-2.0
// The store that a test runs on: PostgreSQL where the environment names one (INTERLOCK_TEST_POSTGRES), else SQLite.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <string>

#include "store/disk_blobs.h"
#include "store/postgres/postgres_blobs.h"
#include "store/postgres/postgres_store.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::store {

/// The URL of the PostgreSQL to be tested on; null: none.
inline const char* test_postgres() { return std::getenv("INTERLOCK_TEST_POSTGRES"); }

inline std::unique_ptr<Store> open_test_files(const std::string& directory, const Schema& schema) {
  sqlite::SqliteStoreOptions options;
  options.directory = directory;
  options.schema = &schema;
  return std::make_unique<sqlite::SqliteStore>(options);
}

/// `directory` is the test's own: its name becomes the PostgreSQL schema that holds the tables, so that the same
/// directory is the same data on either store.
inline postgres::PostgresStoreOptions test_postgres_options(const std::string& directory, const Schema& schema) {
  postgres::PostgresStoreOptions options;
  options.url = test_postgres();
  options.schema_name.clear();
  for (const char c : directory)
    options.schema_name += std::isalnum(static_cast<unsigned char>(c)) != 0
                               ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                               : '_';
  options.schema = &schema;
  options.archive = [&schema](const std::string& at) { return open_test_files(at, schema); };
  return options;
}

inline std::unique_ptr<Store> open_test_store(const std::string& directory, const Schema& schema) {
  if (test_postgres() == nullptr) return open_test_files(directory, schema);
  return std::make_unique<postgres::PostgresStore>(test_postgres_options(directory, schema));
}

/// Contents of files where open_test_store() of the same directory has, or had, the records; more than one is more
/// than one node.
inline std::unique_ptr<Blobs> open_test_blobs(const std::string& directory, const Clock& clock) {
  const auto files = directory + "/blobs";
  if (test_postgres() == nullptr) return std::make_unique<DiskBlobs>(files, clock, system_random());
  const auto options = test_postgres_options(directory, Schema{});
  return std::make_unique<postgres::PostgresBlobs>(postgres::ConnectionOptions{options.url, options.schema_name},
                                                   files + "/drafts", clock, system_random());
}

/// What a test leaves in PostgreSQL; a directory goes with its TestDirectory.
inline void drop_test_store(const std::string& directory) {
  if (test_postgres() == nullptr) return;
  const auto options = test_postgres_options(directory, Schema{});
  postgres::Connection connection({options.url, options.schema_name});
  connection.run_script("set client_min_messages = error; drop schema if exists " + options.schema_name + " cascade");
}

}  // namespace interlock::store
