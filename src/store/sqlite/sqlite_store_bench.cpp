// SPDX-License-Identifier: Apache-2.0
// What one update costs in the store alone: key absent, record read, written, logged, key kept; groups of 64, a sync
// each. Argument: records in the tenant. Random keys, records at random.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "base/random.h"
#include "model/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::store::sqlite {
namespace {

constexpr int group_operations = 64;

struct Client : RecordHeader {
  std::string name;
  std::string email;
  std::string phone;
  std::string status;
  std::optional<Id<Client>> assigned_to;
  std::vector<std::string> tags;
  std::string address;
};

constexpr auto client_fields = fields<Client>(
    field<&Client::name>(searchable), field<&Client::email>(searchable), field<&Client::phone>(searchable),
    field<&Client::status>(indexed), field<&Client::assigned_to>(), field<&Client::tags>(), field<&Client::address>());

const RecordType& record_type_of(const Client*) {
  static const RecordType type = make_record_type<Client>(7003, "benchclient", "bench-clients", client_fields, {});
  return type;
}

Client client(std::int64_t n, Random& random) {
  Client made;
  made.id = make_uuid(Time{1'700'000'000'000'000 + n * 1'000}, random);
  made.version = 1;
  made.created_at = made.updated_at = Time{1'700'000'000'000'000 + n * 1'000};
  made.name = "Person Number " + std::to_string(n);
  made.email = "person" + std::to_string(n) + "@example.com";
  made.phone = "+34 600 " + std::to_string(100'000 + n);
  made.status = "new";
  made.tags = {"vip", "north"};
  made.address = std::to_string(n) + " Long Street";
  return made;
}

/// A tenant with that many records, in a directory of its own.
struct Tenant {
  explicit Tenant(std::int64_t records) {
    char name[] = "./interlock-bench-XXXXXX";
    directory = ::mkdtemp(name);
    options.directory = directory;
    store = std::make_unique<SqliteStore>(options);
    store->create(id);
    lane = store->open(id, false);
    auto& writer = lane->writer();
    for (std::int64_t n = 0; n < records;) {
      writer.begin();
      for (int i = 0; i < 2'000 && n < records; ++i, ++n) {
        auto one = client(n, random);
        ids.push_back(one.id);
        writer.put(type_of<Client>(), &one, nullptr);
      }
      writer.commit();
      writer.maintain(false);
    }
  }
  ~Tenant() {
    lane.reset();
    store.reset();
    std::filesystem::remove_all(directory);
  }
  std::string directory;
  SqliteStoreOptions options;
  SeededRandom random{1};
  TenantId id{make_uuid(Time{1}, random)};
  std::vector<Uuid> ids;
  std::unique_ptr<SqliteStore> store;
  std::unique_ptr<LaneStore> lane;
};

void update(Writer& writer, const Uuid& id, Random& random, const std::string& operation, std::int64_t n) {
  writer.savepoint();
  StoredKey key;
  key.digest = key_digest(random_hex(random, 16), {});
  key.form = AnswerForm::record;
  key.status = 200;
  benchmark::DoNotOptimize(writer.find_key(key.digest));
  Client before;
  writer.load(type_of<Client>(), id, &before);
  Client after = before;
  after.address = std::to_string(n) + " Long Street";
  ++after.version;
  after.updated_at = Time{1'800'000'000'000'000 + n};
  Change change;
  change.seq = change.op_seq = after.last_seq = writer.last_seq() + 1;
  change.prev_seq = before.last_seq;
  change.type = type_of<Client>().number;
  change.id = id;
  change.version = after.version;
  change.operation = operation;
  change.at = after.updated_at;
  change.key = key.key;
  change.state = R"({"id":"customer_01jx0g0000000000000000000","version":2,"name":")" + after.name + R"(","email":")" +
                 after.email + R"(","phone":")" + after.phone + R"(","status":"new","address":")" + after.address +
                 "\"}";
  writer.put(type_of<Client>(), &after, &before);
  writer.append(change);
  key.at = change.at;
  key.seq = key.op_seq = change.seq;
  writer.put_key(key);
  writer.release_savepoint();
}

void groups_of_updates(benchmark::State& state) {
  Tenant tenant(state.range(0));
  auto& writer = tenant.lane->writer();
  const std::string operation = "customers/update";
  std::int64_t n = 0;
  const auto seeded = writer.log_bytes_written();
  for (auto _ : state) {
    writer.begin();
    for (int i = 0; i < group_operations; ++i) {
      update(writer, tenant.ids[tenant.random.below(tenant.ids.size())], tenant.random, operation, ++n);
    }
    writer.commit();
    writer.maintain(false);
  }
  state.SetItemsProcessed(n);
  state.counters["log_bytes_per_operation"] =
      static_cast<double>(writer.log_bytes_written() - seeded) / static_cast<double>(n);
}
BENCHMARK(groups_of_updates)
    ->Arg(10'000)
    ->Arg(300'000)
    ->Iterations(1'000)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

void read_by_id(benchmark::State& state) {
  Tenant tenant(state.range(0));
  const auto snapshot = tenant.lane->snapshot();
  snapshot->set_deadline(std::nullopt);
  Client one;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        snapshot->load(type_of<Client>(), tenant.ids[tenant.random.below(tenant.ids.size())], &one));
  }
}
BENCHMARK(read_by_id)->Arg(10'000)->Unit(benchmark::kMicrosecond);

/// Pages of 50, newest first: all, those with a common status, those whose words begin with what was typed.
void list(benchmark::State& state, const std::string& status, const std::string& search) {
  Tenant tenant(state.range(0));
  const auto snapshot = tenant.lane->snapshot();
  auto query = Query{}.order_by(header_field::updated_at(), true).at_most(50);
  query.search = search;
  if (!status.empty()) query.conditions.push_back({&field_of(&Client::status), Comparison::equal, {status}});
  std::size_t rows = 0;
  for (auto _ : state) rows = snapshot->select(type_of<Client>(), query).size();
  state.counters["rows"] = static_cast<double>(rows);
}
BENCHMARK_CAPTURE(list, all, "", "")->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, common_status, "new", "")->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, rare_word, "", "number 1234")->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(list, common_word, "", "per num")->Arg(10'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace interlock::store::sqlite
