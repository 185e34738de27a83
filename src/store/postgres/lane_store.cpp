// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/lane_store.h"

#include "base/limits.h"

namespace interlock::store::postgres {
namespace {

class PostgresSnapshot final : public Snapshot {
 public:
  PostgresSnapshot(Pool::Lease connection, const Uuid& tenant, const Clock& clock)
      : connection_(std::move(connection)), reads_(*connection_, tenant, clock) {
    connection_->send("begin isolation level repeatable read read only");
    connection_->send("select last_seq from tenants where id = $1", Parameters().id(tenant));
    const auto results = connection_->finish();
    if (results[1].rows() == 0) throw StoreError("there is no such tenant in the database");
    seq_ = results[1].integer(0, 0);
  }

  bool load(const RecordType& type, const Uuid& id, void* record) override { return reads_.load(type, id, record); }
  std::vector<RecordBox> select(const RecordType& type, const Query& query) override {
    return reads_.select(type, query);
  }
  std::int64_t count(const RecordType& type, const Query& query) override { return reads_.count(type, query); }
  std::int64_t last_seq() override { return seq_; }
  std::optional<Change> change(std::int64_t seq) override { return reads_.change(seq); }
  std::vector<Change> changes_after(std::int64_t after, std::int64_t limit) override {
    return reads_.changes_after(after, limit);
  }
  std::optional<StoredKey> find_key(const Digest16& digest) override { return reads_.find_key(digest); }
  void each_record(const RecordType& type, const std::function<void(const void* record)>& take) override {
    reads_.each_record(type, take);
  }
  void each_key(const std::function<void(const StoredKey&)>& take) override { reads_.each_key(take); }
  void each_fact(const std::function<void(std::string_view, std::string_view)>& take) override {
    reads_.each_fact(take);
  }
  std::string fact(std::string_view name) override { return reads_.fact(name); }
  void set_deadline(std::optional<Duration> monotonic) override { reads_.set_deadline(monotonic); }

 private:
  Pool::Lease connection_;
  Reads reads_;
  std::int64_t seq_ = 0;
};

/// A kept connection may have died while nobody used it.
template <class Borrow>
std::unique_ptr<Snapshot> open_snapshot(const Uuid& tenant, const Clock& clock, Borrow borrow) {
  for (int left = limits::postgres_begin_tries_max;; --left) {
    auto connection = borrow();
    if (!connection) return nullptr;
    try {
      return std::make_unique<PostgresSnapshot>(std::move(connection), tenant, clock);
    } catch (const ConnectionLost&) {
      if (left <= 1) throw;
    }
  }
}

}  // namespace

PostgresLane::PostgresLane(Pool& writers, Pool& readers, const Uuid& tenant, const Clock& clock,
                           std::function<void()> committed)
    : readers_(readers), tenant_(tenant), clock_(clock), writer_(writers, tenant, clock, std::move(committed)) {}

std::unique_ptr<Snapshot> PostgresLane::snapshot() {
  return open_snapshot(tenant_, clock_, [this] { return readers_.borrow(); });
}

std::unique_ptr<Snapshot> PostgresLane::snapshot_if_free() {
  return open_snapshot(tenant_, clock_, [this] { return readers_.borrow_if_free(); });
}

}  // namespace interlock::store::postgres
