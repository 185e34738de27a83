// SPDX-License-Identifier: Apache-2.0
// All tenants of one installation in one PostgreSQL database, shared by any number of nodes. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "model/schema.h"
#include "store/postgres/hints.h"
#include "store/postgres/pool.h"
#include "store/store.h"

namespace interlock::store::postgres {

inline constexpr const char* default_schema_name = "interlock";

struct PostgresStoreOptions {
  std::string url;                                ///< postgresql://…, may hold a password: never shown
  std::string schema_name = default_schema_name;  ///< lower-case letters, digits and underscores
  const Schema* schema = nullptr;                 ///< whose tables are brought up to date; nullptr: none
  const Clock* clock = &system_clock();
  /// Opens a store of files in a directory, in whose format a tenant's backup is kept: it can be restored to either.
  std::function<std::unique_ptr<Store>(const std::string& directory)> archive;
};

class PostgresStore final : public Store {
 public:
  /// Connects, and brings the database to this program's format. Throws StoreError with a text for whoever started it.
  explicit PostgresStore(const PostgresStoreOptions& options);

  bool exists(TenantId tenant) override;
  void create(TenantId tenant) override;
  std::unique_ptr<LaneStore> open(TenantId tenant, bool after_unknown_commit) override;
  std::vector<TenantId> tenants() override;
  void remove(TenantId tenant) override;
  void backup(TenantId tenant, LaneStore* lane, const std::string& path, const std::function<void()>& step) override;
  void restore(TenantId tenant, const std::string& path) override;
  CheckReport check(TenantId tenant, LaneStore* lane) override;
  void put_wake(TenantId tenant, std::optional<Time> at) override;
  std::vector<std::pair<TenantId, Time>> wakes() override;
  bool is_shared() const override { return true; }
  void watch(Watcher watcher) override { hints_.watch(std::move(watcher)); }
  void stop_watching() override { hints_.stop(); }
  void tell(std::string text) override { hints_.tell(std::move(text)); }
  std::vector<TenantId> claim_wakes(Time now, Time again_at, std::size_t limit) override;

 private:
  class Archive;
  const std::vector<const RecordType*>& types(TenantId tenant) const;
  Result ask(std::string_view sql, const Parameters& parameters = {});

  const PostgresStoreOptions options_;
  Pool own_;  ///< for the store's own short statements, which lanes make in the middle of a group
  Pool writers_;
  Pool readers_;
  Hints hints_;
};

}  // namespace interlock::store::postgres
