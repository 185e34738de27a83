// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/postgres_store.h"

#include <algorithm>
#include <filesystem>

#include "base/limits.h"
#include "store/copy.h"
#include "store/postgres/format.h"
#include "store/postgres/lane_store.h"
#include "store/postgres/table.h"

namespace interlock::store::postgres {
namespace {

const PostgresStoreOptions& checked(const PostgresStoreOptions& options) {
  const auto& name = options.schema_name;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty() || name.size() > 63 || !std::all_of(name.begin(), name.end(), fits))
    throw StoreError("the schema's name has 1 to 63 lower-case letters, digits and underscores");
  return options;
}

}  // namespace

PostgresStore::PostgresStore(const PostgresStoreOptions& options)
    : options_(checked(options)),
      own_({options.url, options.schema_name}, limits::postgres_own_connections_max),
      writers_({options.url, options.schema_name}, limits::postgres_writers_max),
      readers_({options.url, options.schema_name}, limits::postgres_readers_max),
      hints_({options.url, options.schema_name}, *options.clock) {
  Connection connection({options.url, options.schema_name});
  prepare_database(connection, options.schema_name, options.schema);
}

/// One statement, a transaction of its own.
Result PostgresStore::ask(std::string_view sql, const Parameters& parameters) {
  const auto connection = own_.borrow();
  return connection->ask(sql, parameters);
}

bool PostgresStore::exists(TenantId tenant) {
  return ask("select 1 from tenants where id = $1", Parameters().id(tenant.uuid)).rows() == 1;
}

void PostgresStore::create(TenantId tenant) {
  ask("insert into tenants (id) values ($1) on conflict do nothing", Parameters().id(tenant.uuid));
}

std::unique_ptr<LaneStore> PostgresStore::open(TenantId tenant, bool /*after_unknown_commit*/) {
  // Opening takes the tenant's lock, which a transaction holds until it is decided: that is what makes it safe after
  // an unknown commit too.
  return std::make_unique<PostgresLane>(writers_, readers_, tenant.uuid, *options_.clock,
                                        [this, tenant] { hints_.committed(tenant.uuid); });
}

std::vector<TenantId> PostgresStore::tenants() {
  const auto rows = ask("select id from tenants order by id");
  std::vector<TenantId> tenants;
  for (int row = 0; row < rows.rows(); ++row) tenants.push_back({rows.id(row, 0)});
  return tenants;
}

void PostgresStore::remove(TenantId tenant) {
  const auto connection = own_.borrow();
  const auto which = Parameters().id(tenant.uuid);
  connection->send("begin");
  connection->send("select 1 from tenants where id = $1 for update", which);
  for (const char* table : {"changes", "keys", "facts", "wakes"})
    connection->send(std::string("delete from ") + table + " where lane = $1", which);
  if (options_.schema != nullptr) {
    for (const auto* type : options_.schema->types()) {
      const auto& layout = layout_of(*type);
      connection->send("delete from " + layout.table + " where lane = $1", which);
      if (!layout.search.empty()) connection->send("delete from " + layout.search + " where lane = $1", which);
    }
  }
  connection->send("delete from tenants where id = $1", which);
  connection->send("commit");
  connection->finish();
}

CheckReport PostgresStore::check(TenantId tenant, LaneStore* /*lane*/) {
  const auto connection = readers_.borrow();
  const auto which = Parameters().id(tenant.uuid);
  connection->send("begin isolation level repeatable read read only");
  connection->send("select last_seq from tenants where id = $1", which);
  connection->send("select count(*), coalesce(min(seq), 0), coalesce(max(seq), 0) from changes where lane = $1", which);
  if (options_.schema != nullptr) {
    for (const auto* type : options_.schema->types())
      connection->send("select count(*) from " + layout_of(*type).table + " where lane = $1", which);
  }
  const auto results = connection->finish();
  CheckReport report;
  const auto problem = [&report](std::string text) {
    report.ok = false;
    report.problems.push_back(std::move(text));
  };
  if (results[1].rows() == 0) {
    problem("there is no such tenant in the database");
    return report;
  }
  report.changes = results[2].integer(0, 0);
  const auto first = results[2].integer(0, 1);
  const auto last = results[2].integer(0, 2);
  if (report.changes > 0 && report.changes != last - first + 1) problem("the change log has gaps");
  if (last != results[1].integer(0, 0) && report.changes > 0)
    problem("the change log does not end at the newest sequence");
  for (std::size_t i = 3; i < results.size(); ++i) report.records += results[i].integer(0, 0);
  return report;
}

/// A directory beside a backup, for as long as it is being made or read.
class PostgresStore::Archive {
 public:
  Archive(const PostgresStoreOptions& options, const std::string& path) : directory_(path + ".archive") {
    if (!options.archive) throw StoreError("this store was opened without a format for backups");
    std::filesystem::remove_all(directory_);
    store_ = options.archive(directory_);
  }
  ~Archive() {
    store_.reset();
    std::error_code ignored;  // what stays behind is removed by the next one
    std::filesystem::remove_all(directory_, ignored);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  Store& store() { return *store_; }

 private:
  const std::string directory_;
  std::unique_ptr<Store> store_;
};

const std::vector<const RecordType*>& PostgresStore::types(TenantId tenant) const {
  if (options_.schema == nullptr) throw StoreError("this store was opened without a schema");
  return types_of(*options_.schema, tenant);
}

void PostgresStore::backup(TenantId tenant, LaneStore* lane, const std::string& path,
                           const std::function<void()>& step) {
  Archive archive(options_, path);
  archive.store().create(tenant);
  {
    const auto opened = lane == nullptr ? open(tenant, false) : nullptr;
    const auto from = (lane == nullptr ? *opened : *lane).snapshot();
    const auto to = archive.store().open(tenant, false);
    to->writer().begin();
    copy_tenant(*from, to->writer(), types(tenant), step);
    to->writer().commit();
  }
  archive.store().backup(tenant, nullptr, path, step);
}

void PostgresStore::restore(TenantId tenant, const std::string& path) {
  Archive archive(options_, path);
  archive.store().restore(tenant, path);
  const auto lane = archive.store().open(tenant, false);
  const auto from = lane->snapshot();
  create(tenant);
  PostgresWriter to(writers_, tenant.uuid, *options_.clock, [this, tenant] { hints_.committed(tenant.uuid); });
  to.begin();
  to.clear(types(tenant));
  copy_tenant(*from, to, types(tenant), [] {});
  to.commit();
}

void PostgresStore::put_wake(TenantId tenant, std::optional<Time> at) {
  if (!at) {
    ask("delete from wakes where lane = $1", Parameters().id(tenant.uuid));
    return;
  }
  ask("insert into wakes (lane, at) values ($1, $2) on conflict (lane) do update set at = least(wakes.at, excluded.at)",
      Parameters().id(tenant.uuid).time(*at));
}

std::vector<TenantId> PostgresStore::claim_wakes(Time now, Time again_at, std::size_t limit) {
  const auto rows =
      ask("update wakes set at = $2 where lane in (select lane from wakes where at <= $1 order by at limit $3 "
          "for update skip locked) returning lane",
          Parameters().time(now).time(again_at).integer(static_cast<std::int64_t>(limit)));
  std::vector<TenantId> tenants;
  for (int row = 0; row < rows.rows(); ++row) tenants.push_back({rows.id(row, 0)});
  return tenants;
}

std::vector<std::pair<TenantId, Time>> PostgresStore::wakes() {
  const auto rows = ask("select lane, at from wakes");
  std::vector<std::pair<TenantId, Time>> wakes;
  for (int row = 0; row < rows.rows(); ++row) wakes.emplace_back(TenantId{rows.id(row, 0)}, rows.time(row, 1));
  return wakes;
}

}  // namespace interlock::store::postgres
