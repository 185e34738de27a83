// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <future>
#include <set>

#include "base/log.h"
#include "engine/dispatcher.h"
#include "engine/jobs.h"
#include "engine/lane_pool.h"
#include "engine/nodes.h"
#include "engine/presence_table.h"
#include "engine/store_reader.h"

namespace interlock::engine {

namespace {

constexpr auto tick = std::chrono::milliseconds(100);
/// An item that came without a size: its JSON is in memory already, this is for the queue's bound only.
constexpr std::size_t step_bytes = 512;

/// A slot whose lane is told in the end that a reader let go of its store.
struct ReadSlot {
  std::shared_ptr<LaneSlot> slot;
  ~ReadSlot() { slot->lane.reader_done(); }
};

class View final : public ReadView {
 public:
  View(std::shared_ptr<LaneSlot> slot, const Schema& schema, std::shared_ptr<store::LaneStore> store,
       std::unique_ptr<store::Snapshot> snapshot, const Caller& caller)
      : read_{std::move(slot)},
        schema_(schema),
        store_(std::move(store)),
        snapshot_(std::move(snapshot)),
        reader_(*snapshot_),
        actor_(read_.slot->lane.reader_actor(*snapshot_, reader_, caller)) {}
  Reader& reader() override { return reader_; }
  store::Snapshot& snapshot() override { return *snapshot_; }
  const Actor& actor() const override { return *actor_; }
  std::int64_t seq() override { return snapshot_->last_seq(); }
  const Schema& schema() const override { return schema_; }

 private:
  ReadSlot read_;  ///< first, so that it goes last, also when the view cannot be made
  const Schema& schema_;
  std::shared_ptr<store::LaneStore> store_;
  std::unique_ptr<store::Snapshot> snapshot_;
  StoreReader reader_;
  std::shared_ptr<const Actor> actor_;
};

class EngineImpl final : public Engine {
 public:
  EngineImpl(const Schema& schema, store::Store& store, const Clock& clock, Random& random, Providers providers,
             EngineOptions options);
  ~EngineImpl() override { drain(); }

  void submit(Submission submission, AnswerCallback callback) override;
  std::unique_ptr<ReadView> read(TenantId tenant, const Caller& caller) override;
  std::unique_ptr<ReadView> read_if_open(TenantId tenant, const Caller& caller) override;
  std::int64_t seq(TenantId tenant) override;
  std::optional<std::int64_t> seq_if_known(TenantId tenant) override;
  void when_seq(TenantId tenant, std::int64_t seq, Duration timeout, std::function<void(bool)> callback) override;
  std::unique_ptr<Subscription> subscribe(TenantId tenant, const Caller& caller, SubscribeRequest request,
                                          std::shared_ptr<FeedSink> sink) override;
  Presence& presence() override { return presence_; }
  Nodes& nodes() override { return nodes_; }
  void create_lane(TenantId tenant) override;
  void with_lane(TenantId tenant, const std::function<void(store::LaneStore&)>& work) override;
  void with_closed_lane(TenantId tenant, const std::function<void()>& work) override;
  EngineMetrics metrics() override;
  const Schema& schema() const override { return schema_; }
  const Clock& clock() const override { return clock_; }
  store::Store& store() override { return store_; }
  void drain() override;

 private:
  void publish(Published& published, Reader& reader);
  void serve_waiters(LaneSlot& slot);
  void run_in_lane(TenantId tenant, std::string name, InternalWork work, AnswerCallback callback);
  void wake(TenantId tenant);
  void run_jobs(TenantId tenant, const std::vector<std::string>& names);
  void plan_wake(TenantId tenant);
  void keep_time();
  std::vector<TenantId> take_due_wakes();
  std::vector<TenantId> claim_wakes(bool some_are_due);
  void announce(TenantId tenant, const Subject& subject);
  std::string presence_text(const std::shared_ptr<LaneSlot>& slot, TenantId tenant, const Subject& subject);
  const std::vector<LaneJob>& jobs(TenantId tenant) const;
  enum class Wait { allowed, forbidden };
  std::unique_ptr<ReadView> open_view(const std::shared_ptr<LaneSlot>& slot, const Caller& caller,
                                      Wait wait = Wait::allowed);
  void learn_seq(const std::shared_ptr<LaneSlot>& slot);
  void listen_to_nodes();
  void follow(const std::shared_ptr<LaneSlot>& slot);
  static bool is_followed(LaneSlot& slot);

  const Schema& schema_;
  store::Store& store_;
  AnchoredClock clock_;
  LaneMetrics lane_metrics_;
  FeedMetrics feed_metrics_;
  DispatcherMetrics dispatcher_metrics_;
  std::atomic<std::int64_t> reads_{0};
  LaneEnvironment environment_;
  std::vector<LaneJob> tenant_jobs_, platform_jobs_;
  Nodes nodes_;
  PresenceTable presence_;
  std::shared_ptr<void> leases_heard_;
  LanePool pool_;
  std::unique_ptr<Dispatcher> dispatcher_;

  std::mutex time_mutex_;
  std::condition_variable time_changed_;
  std::map<TenantId, Time> wakes_;
  bool stopping_ = false;
  std::atomic<bool> draining_{false};
  Duration wakes_claimed_{};  ///< the timekeeper's own
  std::thread timekeeper_;
};

EngineImpl::EngineImpl(const Schema& schema, store::Store& store, const Clock& clock, Random& random,
                       Providers providers, EngineOptions options)
    : schema_(schema),
      store_(store),
      clock_(clock),
      environment_{schema,
                   store,
                   clock_,
                   random,
                   lane_metrics_,
                   options.slow_operation,
                   options.key_retention,
                   [this](Published& published, Reader& reader) { publish(published, reader); }},
      tenant_jobs_(jobs_of(schema, LaneKind::tenant, options.key_retention)),
      platform_jobs_(jobs_of(schema, LaneKind::platform, options.key_retention)),
      nodes_(store),
      presence_(nodes_, clock_, [this](TenantId tenant, const Subject& subject) { announce(tenant, subject); }),
      pool_(environment_, feed_metrics_, options.workers, options.open_lanes_max) {
  store_.create(store::platform_tenant());
  if (!store_.is_shared())
    for (const auto& [tenant, at] : store_.wakes()) wakes_[tenant] = at;
  if (store_.is_shared()) store_.put_wake(store::platform_tenant(), clock_.now());
  wakes_.try_emplace(store::platform_tenant(), clock_.now());
  dispatcher_ = std::make_unique<Dispatcher>(
      DispatcherLinks{
          [this](TenantId tenant, std::string name, InternalWork work, AnswerCallback done) {
            run_in_lane(tenant, std::move(name), std::move(work), std::move(done));
          },
          [this](Submission submission, AnswerCallback done) { submit(std::move(submission), std::move(done)); },
          [this](TenantId tenant) {
            if (!store_.exists(tenant)) create_lane(tenant);
          },
          random_hex(random, 16), store_.is_shared()},
      providers, clock_, dispatcher_metrics_, options.delivery_time_max);
  timekeeper_ = std::thread([this] { keep_time(); });
  listen_to_nodes();
}

void EngineImpl::listen_to_nodes() {
  if (!store_.is_shared()) return;
  leases_heard_ = nodes_.hear("lease", [this](std::string_view, std::string_view text) {
    const auto middle = text.find(' ');
    const auto tenant = parse_uuid(text.substr(0, middle));
    const auto subject = middle == text.npos ? std::nullopt : parse_subject(text.substr(middle + 1));
    if (tenant && subject) announce({*tenant}, *subject);
  });
  store_.watch({.followed =
                    [this] {
                      std::vector<TenantId> followed;
                      for (const auto& slot : pool_.slots())
                        if (is_followed(*slot)) followed.push_back(slot->lane.tenant());
                      return followed;
                    },
                .moved =
                    [this](TenantId tenant) {
                      const auto slot = pool_.known(tenant);
                      if (slot && is_followed(*slot)) follow(slot);
                    },
                .heard = [this](std::string_view node, std::string_view text) { nodes_.take(node, text); },
                .listening = [this] { presence_.begin_to_listen(); }});
}

/// Whether somebody here would notice what another node commits to the tenant before asking for it.
bool EngineImpl::is_followed(LaneSlot& slot) {
  if (slot.lane.is_open() || slot.hub->is_used()) return true;
  std::lock_guard lock(slot.waiters_mutex);
  return !slot.waiters.empty();
}

/// A group without work: at its beginning the lane finds what another node has committed, and publishes it.
void EngineImpl::follow(const std::shared_ptr<LaneSlot>& slot) {
  if (draining_ || slot->follows.exchange(true)) return;
  run_in_lane(
      slot->lane.tenant(), "feed/follow", [slot](UnitOfWork&, store::Writer&) { slot->follows = false; },
      [slot](const Answer&) { slot->follows = false; });
}

void EngineImpl::submit(Submission submission, AnswerCallback callback) {
  if (draining_) return callback(problem_answer(Refusal(ErrorCode::draining), 0));
  auto slot = pool_.slot(submission.tenant);
  const auto bytes = step_bytes * submission.steps.size();
  auto item = make_item(schema_, std::move(submission), bytes, std::move(callback));
  if (!slot->lane.enqueue(item)) {
    item->callback(
        problem_answer(Refusal(ErrorCode::overloaded, "the tenant's queue is full"), slot->lane.committed_seq()));
    return;
  }
  pool_.schedule(slot);
}

void EngineImpl::run_in_lane(TenantId tenant, std::string name, InternalWork work, AnswerCallback callback) {
  auto slot = pool_.slot(tenant);
  auto item = make_internal(std::move(name), std::move(work), std::move(callback));
  slot->lane.enqueue(item);
  pool_.schedule(slot);
}

/// Null only where it would have had to wait and must not.
std::unique_ptr<ReadView> EngineImpl::open_view(const std::shared_ptr<LaneSlot>& slot, const Caller& caller,
                                                Wait wait) {
  const ReadSlot last{slot};
  try {
    auto store = wait == Wait::allowed ? slot->lane.store() : slot->lane.store_if_open();
    if (!store) return nullptr;
    auto snapshot = wait == Wait::allowed ? store->snapshot() : store->snapshot_if_free();
    if (!snapshot) return nullptr;
    reads_.fetch_add(1);
    return std::make_unique<View>(slot, schema_, std::move(store), std::move(snapshot), caller);
  } catch (const store::Corrupt&) {
    throw Refusal(ErrorCode::out_of_service);
  } catch (const store::FormatTooNew&) {
    throw Refusal(ErrorCode::out_of_service, "a newer release has written this tenant's data");
  } catch (const store::StoreError& error) {
    log(LogLevel::error, "read_failed", {{"tenant", uuid_text(slot->lane.tenant().uuid)}, {"error", error.what()}});
    throw Refusal(ErrorCode::overloaded, "the store is not available; try again");
  }
}

std::unique_ptr<ReadView> EngineImpl::read(TenantId tenant, const Caller& caller) {
  return open_view(pool_.slot(tenant), caller);
}

std::unique_ptr<ReadView> EngineImpl::read_if_open(TenantId tenant, const Caller& caller) {
  const auto slot = pool_.known(tenant);
  return slot ? open_view(slot, caller, Wait::forbidden) : nullptr;
}

void EngineImpl::learn_seq(const std::shared_ptr<LaneSlot>& slot) {
  if (slot->lane.knows_seq()) return;
  const ReadSlot last{slot};
  slot->lane.store();
}

std::int64_t EngineImpl::seq(TenantId tenant) {
  const auto slot = pool_.slot(tenant);
  learn_seq(slot);
  return slot->lane.committed_seq();
}

std::optional<std::int64_t> EngineImpl::seq_if_known(TenantId tenant) {
  const auto slot = pool_.known(tenant);
  return slot && slot->lane.knows_seq() ? std::optional(slot->lane.committed_seq()) : std::nullopt;
}

void EngineImpl::when_seq(TenantId tenant, std::int64_t seq, Duration timeout, std::function<void(bool)> callback) {
  auto slot = pool_.slot(tenant);
  learn_seq(slot);
  {
    std::lock_guard lock(slot->waiters_mutex);
    slot->waiters.push_back({seq, clock_.monotonic() + timeout, std::move(callback)});
  }
  serve_waiters(*slot);
  if (store_.is_shared() && slot->lane.committed_seq() < seq) follow(slot);
}

void EngineImpl::serve_waiters(LaneSlot& slot) {
  const auto now = clock_.monotonic();
  const auto reached = slot.lane.committed_seq();
  std::vector<std::pair<std::function<void(bool)>, bool>> ready;
  {
    std::lock_guard lock(slot.waiters_mutex);
    std::erase_if(slot.waiters, [&](auto& waiter) {
      if (waiter.seq > reached && waiter.until > now) return false;
      ready.emplace_back(std::move(waiter.callback), waiter.seq <= reached);
      return true;
    });
  }
  for (auto& [callback, shown] : ready) callback(shown);
}

void EngineImpl::publish(Published& published, Reader& reader) {
  auto slot = pool_.slot(published.tenant);
  if (published.wake) {
    std::lock_guard lock(time_mutex_);
    wakes_[published.tenant] = *published.wake;
    time_changed_.notify_one();
  }
  if (published.sent && dispatcher_) dispatcher_->kick(published.tenant);
  if (published.restarted) slot->hub->restart(published.last_seq);
  slot->hub->publish(published, reader, published.tenant);
  for (const auto& subject : published.leased) {
    const auto lease =
        schema_.hooks.lease_of == nullptr ? std::nullopt : schema_.hooks.lease_of(reader, subject, clock_.now());
    slot->hub->send_presence(subject, presence_json(subject, presence_.of(published.tenant, subject), lease));
    nodes_.tell("lease", uuid_text(published.tenant.uuid) + ' ' + subject_text(subject));
  }
  // Who waits may ask the lane anything, which would wait for its opening: they are served at the next tick.
  if (!published.while_opening) serve_waiters(*slot);
}

void EngineImpl::announce(TenantId tenant, const Subject& subject) {
  auto slot = pool_.known(tenant);
  if (!slot || !slot->hub->is_used()) return;
  slot->hub->send_presence(subject, presence_text(slot, tenant, subject));
}

std::string EngineImpl::presence_text(const std::shared_ptr<LaneSlot>& slot, TenantId tenant, const Subject& subject) {
  std::optional<LeaseHolder> lease;
  try {
    const auto view = open_view(slot, system_caller());
    if (schema_.hooks.lease_of != nullptr) lease = schema_.hooks.lease_of(view->reader(), subject, clock_.now());
  } catch (const Refusal& refusal) {
    log(LogLevel::warning, "presence_without_lease", {{"reason", refusal.what()}});
  }
  return presence_json(subject, presence_.of(tenant, subject), lease);
}

std::unique_ptr<Subscription> EngineImpl::subscribe(TenantId tenant, const Caller& caller, SubscribeRequest request,
                                                    std::shared_ptr<FeedSink> sink) {
  auto slot = pool_.slot(tenant);
  const auto watched = request.presence;
  auto subscription =
      slot->hub->subscribe(caller, std::move(request), std::move(sink), [&] { return open_view(slot, caller); });
  // Who is there already: from here on every change is told.
  for (const auto& name : watched)
    if (const auto subject = parse_subject(name); subject && subscription->is_live())
      slot->hub->tell_presence(*subscription, *subject, presence_text(slot, tenant, *subject));
  return subscription;
}

void EngineImpl::create_lane(TenantId tenant) {
  store_.create(tenant);
  const auto now = clock_.now();
  store_.put_wake(tenant, now + minutes(1));
  std::lock_guard lock(time_mutex_);
  wakes_.try_emplace(tenant, now + minutes(1));
}

void EngineImpl::with_lane(TenantId tenant, const std::function<void(store::LaneStore&)>& work) {
  auto slot = pool_.slot(tenant);
  pool_.run_exclusively(slot, [&] { work(*slot->lane.store()); });
}

void EngineImpl::with_closed_lane(TenantId tenant, const std::function<void()>& work) {
  auto slot = pool_.slot(tenant);
  pool_.run_exclusively(slot, [&] {
    slot->lane.while_closed(work);
    if (!store_.exists(tenant)) return;
    slot->lane.store();
    slot->hub->restart(slot->lane.committed_seq());
  });
}

const std::vector<LaneJob>& EngineImpl::jobs(TenantId tenant) const {
  return tenant == store::platform_tenant() ? platform_jobs_ : tenant_jobs_;
}

/// The lane's time has come: deliveries, then the jobs that are due, then the next wake.
void EngineImpl::wake(TenantId tenant) {
  dispatcher_->kick(tenant);
  auto due = std::make_shared<std::vector<std::string>>();
  run_in_lane(
      tenant, "jobs/look",
      [this, tenant, due](UnitOfWork& work, store::Writer& writer) { *due = due_jobs(jobs(tenant), work, writer); },
      [this, tenant, due](const Answer&) { run_jobs(tenant, *due); });
}

void EngineImpl::run_jobs(TenantId tenant, const std::vector<std::string>& names) {
  for (const auto& job : jobs(tenant)) {
    if (std::find(names.begin(), names.end(), job.name) == names.end()) continue;
    auto more = std::make_shared<bool>(false);
    run_in_lane(
        tenant, job.name, [&job, more](UnitOfWork& work, store::Writer& writer) { *more = run_job(job, work, writer); },
        [this, tenant, name = job.name, more](const Answer& answer) {
          if (answer.status == 200 && *more && !draining_) run_jobs(tenant, {name});
        });
  }
  plan_wake(tenant);
}

void EngineImpl::plan_wake(TenantId tenant) {
  run_in_lane(
      tenant, "jobs/plan",
      [this, tenant](UnitOfWork& work, store::Writer& writer) {
        // A job that failed just now is due again: not before a second has passed.
        work.replace_wake(std::max(next_wake(jobs(tenant), work, writer), work.now() + seconds(1)));
      },
      [this, tenant](const Answer& answer) {
        if (answer.status == 200) return;
        // Nothing is planned (the disk was full, say): retries and jobs would wait until the lane is used.
        std::lock_guard lock(time_mutex_);
        wakes_.try_emplace(tenant, clock_.now() + minutes(1));
      });
}

void EngineImpl::keep_time() {
  std::unique_lock lock(time_mutex_);
  auto tidied = clock_.monotonic();
  while (!stopping_) {
    time_changed_.wait_for(lock, tick);
    auto due = take_due_wakes();
    lock.unlock();
    try {
      if (store_.is_shared()) due = claim_wakes(!due.empty());
      for (const auto& tenant : due)
        if (!draining_ && store_.exists(tenant)) wake(tenant);
    } catch (const store::StoreError& error) {
      log(LogLevel::error, "wakes_not_read", {{"error", error.what()}});
      lock.lock();
      for (const auto& tenant : due) wakes_.try_emplace(tenant, clock_.now() + seconds(1));
      lock.unlock();
    }
    for (const auto& slot : pool_.slots()) serve_waiters(*slot);
    if (store_.is_shared()) presence_.keep_in_touch();
    if (clock_.monotonic() - tidied > seconds(1)) pool_.tidy_up(tidied = clock_.monotonic());
    lock.lock();
  }
}

/// Of the wakes that this process knows of. The mutex is held.
std::vector<TenantId> EngineImpl::take_due_wakes() {
  std::vector<TenantId> due;
  const auto now = clock_.now();
  for (const auto& [tenant, at] : wakes_)
    if (at <= now && due.size() < limits::jobs_at_once_max) due.push_back(tenant);
  for (const auto& tenant : due) wakes_.erase(tenant);
  return due;
}

/// Where nodes share the wakes, each one takes some; what this process knows only says when to look.
std::vector<TenantId> EngineImpl::claim_wakes(bool some_are_due) {
  const auto now = clock_.monotonic();
  if (!some_are_due && now - wakes_claimed_ < limits::follow_interval) return {};
  wakes_claimed_ = now;
  const auto time = clock_.now();
  return store_.claim_wakes(time, time + limits::wake_claim_time, limits::jobs_at_once_max);
}

EngineMetrics EngineImpl::metrics() {
  EngineMetrics m;
  m.operations = lane_metrics_.operations, m.refusals = lane_metrics_.refusals, m.replays = lane_metrics_.replays;
  m.failures = lane_metrics_.failures, m.groups = lane_metrics_.groups, m.group_reruns = lane_metrics_.group_reruns;
  m.reads = reads_, m.commit_us_sum = lane_metrics_.commit_us_sum, m.operation_us_sum = lane_metrics_.operation_us_sum;
  m.log_bytes = lane_metrics_.log_bytes, m.round_trips = lane_metrics_.round_trips, m.changes = lane_metrics_.changes;
  m.feed_deliveries = feed_metrics_.deliveries, m.feed_cut_off = feed_metrics_.cut_off;
  m.subscriptions = feed_metrics_.subscriptions;
  m.outbox_delivered = dispatcher_metrics_.delivered, m.outbox_failed = dispatcher_metrics_.failed;
  for (const auto& slot : pool_.slots()) {
    m.lanes_open += slot->lane.is_open();
    m.lanes_stopped += slot->lane.is_stopped();
    m.queued += static_cast<std::int64_t>(slot->lane.queued());
  }
  return m;
}

void EngineImpl::drain() {
  if (draining_.exchange(true)) return;
  store_.stop_watching();
  {
    std::lock_guard lock(time_mutex_);
    stopping_ = true;
  }
  time_changed_.notify_all();
  if (timekeeper_.joinable()) timekeeper_.join();
  if (!pool_.wait_until_idle(limits::drain_time_max)) log(LogLevel::warning, "drain_incomplete", {});
  dispatcher_->stop();
  pool_.wait_until_idle(limits::drain_time_max);
  pool_.stop();
  for (const auto& slot : pool_.slots()) slot->lane.close();
}

}  // namespace

Caller system_caller() {
  Caller caller;
  caller.kind = Caller::Kind::system;
  return caller;
}

std::unique_ptr<Engine> make_engine(const Schema& schema, store::Store& store, const Clock& clock, Random& random,
                                    Providers providers, EngineOptions options) {
  return std::make_unique<EngineImpl>(schema, store, clock, random, std::move(providers), options);
}

Answer submit_and_wait(Engine& engine, Submission submission) {
  auto promise = std::make_shared<std::promise<Answer>>();
  auto answer = promise->get_future();
  engine.submit(std::move(submission), [promise](Answer a) { promise->set_value(std::move(a)); });
  return answer.get();
}

}  // namespace interlock::engine
