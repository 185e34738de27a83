// SPDX-License-Identifier: Apache-2.0
#include "testing/sim_server.h"

#include "testing/sim_vfs.h"

namespace interlock::testing {

namespace {

constexpr Duration slow_operation = hours(1);
constexpr Duration rest_time_max = milliseconds(20);
constexpr std::size_t step_bytes = 512;
constexpr std::int64_t cache_bytes_max = 1024 * 1024;

store::sqlite::SqliteStoreOptions store_options(const Schema& schema, const Clock& clock, SimDisk& disk) {
  store::sqlite::SqliteStoreOptions options;
  options.directory = "data";
  options.schema = &schema;
  options.clock = &clock;
  options.disk = &disk;
  options.vfs = SimVfs::checked_name;
  options.lock = false;
  options.writer_cache_bytes_max = cache_bytes_max;
  options.reader_cache_bytes_max = cache_bytes_max;
  return options;
}

class SimView final : public engine::ReadView {
 public:
  SimView(engine::Lane& lane, const Schema& schema, const Caller& caller)
      : lane_(lane),
        schema_(schema),
        store_(lane.store()),
        snapshot_(store_->snapshot()),
        reader_(*snapshot_),
        actor_(lane.reader_actor(*snapshot_, reader_, caller)) {}
  ~SimView() override {
    snapshot_.reset();
    store_.reset();
    lane_.reader_done();
  }
  Reader& reader() override { return reader_; }
  store::Snapshot& snapshot() override { return *snapshot_; }
  const Actor& actor() const override { return *actor_; }
  std::int64_t seq() override { return snapshot_->last_seq(); }
  const Schema& schema() const override { return schema_; }

 private:
  engine::Lane& lane_;
  const Schema& schema_;
  std::shared_ptr<store::LaneStore> store_;
  std::unique_ptr<store::Snapshot> snapshot_;
  engine::StoreReader reader_;
  std::shared_ptr<const Actor> actor_;
};

}  // namespace

SimServer::Slot::Slot(engine::LaneEnvironment& environment, TenantId tenant, engine::FeedMetrics& metrics)
    : lane(environment, tenant),
      hub(std::make_shared<engine::FeedHub>(environment.schema, environment.clock, metrics)) {}

SimServer::SimServer(const Schema& schema, const ManualClock& clock, Random& random, SimDisk& disk, Fibers& fibers,
                     Trace& trace, const std::vector<TenantId>& tenants)
    : random_(random),
      fibers_(fibers),
      trace_(trace),
      clock_(clock),
      store_(store_options(schema, clock_, disk)),
      environment_{schema,
                   store_,
                   clock_,
                   random,
                   lane_metrics_,
                   slow_operation,
                   limits::key_retention,
                   [this](engine::Published& published, Reader& reader) { publish(published, reader); }} {
  for (const auto& tenant : tenants) {
    auto& slot = slots_[tenant] = std::make_unique<Slot>(environment_, tenant, feed_metrics_);
    slot->fiber = fibers_.spawn("lane", [this, raw = slot.get()] { work(*raw); });
  }
}

SimServer::~SimServer() {
  for (auto& [tenant, slot] : slots_) slot->lane.close();
}

void SimServer::work(Slot& slot) {
  auto& lane = slot.lane;
  while (!ghost_) {
    if (!lane.has_work()) {
      if (draining_) return;
      rest(slot);
      continue;
    }
    lane.run_group();
    fibers_.yield();
    try {
      lane.maintain(false);
    } catch (const store::StoreError& error) {
      trace_.event(std::string("maintenance failed: ") + error.what());
    }
  }
}

/// What the pool does with a lane that has nothing to do: sometimes a checkpoint, sometimes it closes the lane.
void SimServer::rest(Slot& slot) {
  const auto chosen = random_.below(10);
  try {
    if (chosen == 0) slot.lane.maintain(true);
    if (chosen == 1 && slot.lane.is_open() && !slot.hub->is_used()) slot.lane.close();
  } catch (const store::StoreError& error) {
    trace_.event(std::string("maintenance failed: ") + error.what());
  }
  if (!slot.lane.has_work() && !ghost_ && !draining_)
    fibers_.sleep(microseconds(static_cast<std::int64_t>(1 + random_.below(rest_time_max.us))));
}

engine::AnswerCallback SimServer::unless_ghost(engine::AnswerCallback callback) {
  return [this, callback = std::move(callback)](engine::Answer answer) {
    if (!ghost_ && callback) callback(std::move(answer));
  };
}

void SimServer::submit(engine::Submission submission, engine::AnswerCallback callback) {
  auto& slot = *slots_.at(submission.tenant);
  const auto bytes = step_bytes * submission.steps.size();
  auto item = engine::make_item(environment_.schema, std::move(submission), bytes, unless_ghost(std::move(callback)));
  if (!slot.lane.enqueue(item)) {
    item->callback(
        engine::problem_answer(Refusal(ErrorCode::overloaded, "the queue is full"), slot.lane.committed_seq()));
    return;
  }
  if (random_.below(2) == 0) fibers_.wake(slot.fiber);
}

void SimServer::run_in_lane(TenantId tenant, std::string name, engine::InternalWork work,
                            engine::AnswerCallback callback) {
  auto& slot = *slots_.at(tenant);
  auto item = engine::make_internal(std::move(name), std::move(work), unless_ghost(std::move(callback)));
  slot.lane.enqueue(item);
}

std::unique_ptr<engine::ReadView> SimServer::open_view(TenantId tenant, const Caller& caller) {
  return std::make_unique<SimView>(slots_.at(tenant)->lane, environment_.schema, caller);
}

std::unique_ptr<engine::Subscription> SimServer::subscribe(TenantId tenant, const Caller& caller,
                                                           engine::SubscribeRequest request,
                                                           std::shared_ptr<engine::FeedSink> sink) {
  return slots_.at(tenant)->hub->subscribe(caller, std::move(request), std::move(sink), [this, tenant, caller] {
    auto view = open_view(tenant, caller);
    fibers_.yield();
    return view;
  });
}

void SimServer::publish(engine::Published& published, Reader& reader) {
  if (ghost_) return;
  slots_.at(published.tenant)->hub->publish(published, reader, published.tenant);
}

void SimServer::leave() {
  ghost_ = true;
  for (auto& [tenant, slot] : slots_) fibers_.wake(slot->fiber);
}

void SimServer::drain() {
  draining_ = true;
  for (auto& [tenant, slot] : slots_) fibers_.wake(slot->fiber);
}

}  // namespace interlock::testing
