// SPDX-License-Identifier: Apache-2.0
// The lane's queue, groups and commits. What happens to one operation is in lane_unit.cpp.
#include "engine/lane.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/lane_group.h"
#include "engine/outbox_facts.h"
#include "engine/store_reader.h"

namespace interlock::engine {

Lane::Lane(LaneEnvironment& environment, TenantId tenant)
    : env_(environment),
      tenant_(tenant),
      kind_(tenant == store::platform_tenant() ? LaneKind::platform : LaneKind::tenant) {
  env_.random.fill(random_key_.bytes);
}

Lane::~Lane() = default;

bool Lane::enqueue(std::unique_ptr<LaneItem>& item) {
  const auto operations = std::max<std::size_t>(1, item->submission.steps.size());
  std::lock_guard lock(queue_mutex_);
  const bool fits = queue_operations_ + operations <= limits::lane_queue_operations_max &&
                    queue_bytes_ + item->bytes <= limits::lane_queue_bytes_max;
  // The lane's own work is bounded by its senders and must not be lost to a flood of clients.
  if (!fits && !item->internal) return false;
  queue_operations_ += operations;
  queue_bytes_ += item->bytes;
  queue_.push_back(std::move(item));
  last_used_us_ = env_.clock.monotonic().us;
  return true;
}

bool Lane::has_work() const {
  std::lock_guard lock(queue_mutex_);
  return !queue_.empty();
}

std::size_t Lane::queued() const {
  std::lock_guard lock(queue_mutex_);
  return queue_.size();
}

bool Lane::is_open() const {
  std::lock_guard lock(store_mutex_);
  return store_ != nullptr;
}

std::vector<std::unique_ptr<LaneItem>> Lane::take_group() {
  std::lock_guard lock(queue_mutex_);
  std::vector<std::unique_ptr<LaneItem>> group;
  std::size_t operations = 0;
  std::size_t bytes = 0;
  while (!queue_.empty()) {
    const auto next = std::max<std::size_t>(1, queue_.front()->submission.steps.size());
    const bool full =
        operations + next > limits::group_operations_max || bytes + queue_.front()->bytes > limits::group_bytes_max;
    const bool alone = queue_.front()->submission.trial || (!group.empty() && group.front()->submission.trial);
    if ((full || alone) && !group.empty()) break;
    operations += next;
    bytes += queue_.front()->bytes;
    queue_operations_ -= next;
    queue_bytes_ -= queue_.front()->bytes;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

/// A store that was closed stays open as long as readers hold it, and the same tenant must not be opened beside it.
/// Returns when that is over, or when somebody else has opened the tenant meanwhile.
void Lane::wait_for_readers(std::unique_lock<std::mutex>& lock) {
  const auto is_free = [this] { return store_ != nullptr || !store_exists_; };
  if (is_free()) return;
  const auto wait_max = std::chrono::microseconds(limits::reader_age_max.us);
  ++waiting_for_readers_;
  const bool freed = store_free_.wait_for(lock, wait_max, is_free);
  --waiting_for_readers_;
  if (!freed) throw store::StoreError("readers do not let go of the tenant");
}

void Lane::reader_done() {
  // Either the one who waits sees that the store has gone, or this sees that somebody waits.
  if (waiting_for_readers_ == 0) return;
  // Locked, so that whoever looked just before is waiting already.
  { const std::lock_guard lock(store_mutex_); }
  store_free_.notify_all();
}

void Lane::ensure_open(std::unique_lock<std::mutex>& lock) {
  wait_for_readers(lock);
  if (store_ != nullptr) return;
  if (out_of_service_) throw Refusal(ErrorCode::out_of_service);
  if (!env_.store.exists(tenant_)) throw Refusal(ErrorCode::not_found, "there is no such tenant");
  try {
    store_ = {env_.store.open(tenant_, commit_unknown_).release(), [this](store::LaneStore* gone) {
                delete gone;
                store_exists_ = false;
              }};
    store_exists_ = true;
  } catch (const store::Corrupt& error) {
    stop(error.what());
    throw Refusal(ErrorCode::out_of_service);
  } catch (const store::FormatTooNew&) {
    throw Refusal(ErrorCode::out_of_service, "a newer release has written this tenant's data");
  }
  commit_unknown_ = false;
  try {
    // What was committed while it was closed: by an unknown commit, or by another node.
    const auto published = seq_known_ ? std::optional(committed_seq_.load()) : std::nullopt;
    read_counters();
    if (unpublished_after_ || published) publish_found(unpublished_after_.value_or(*published), true);
    unpublished_after_.reset();
  } catch (...) {
    store_.reset();  // the next one tries again
    throw;
  }
}

/// What the lane knows of its store, as of now.
void Lane::read_counters() {
  auto& writer = store_->writer();
  counters_.seq = writer.last_seq();
  const auto number = writer.fact(outbox_number_fact);
  counters_.outbox_number = number.empty() ? 0 : std::stoll(number);
  if (const auto last = writer.change(counters_.seq)) last_time_ = std::max(last_time_, last->at);
  persisted_wake_.reset();  // the first group that asks writes it again
  committed_seq_ = counters_.seq;
  seq_known_ = true;
  log_bytes_seen_ = writer.log_bytes_written();
  round_trips_seen_ = writer.round_trips();
  rights_.clear();
  const std::lock_guard lock(reader_actors_mutex_);
  reader_actors_.clear();
  ++rights_version_;
}

void Lane::stop(const std::string& why) {
  out_of_service_ = true;
  log(LogLevel::error, "lane_stopped", {{"tenant", uuid_text(tenant_.uuid)}, {"reason", why}});
}

std::shared_ptr<store::LaneStore> Lane::store() {
  std::unique_lock lock(store_mutex_);
  last_used_us_ = env_.clock.monotonic().us;
  ensure_open(lock);
  return store_;
}

std::shared_ptr<store::LaneStore> Lane::store_if_open() {
  const std::unique_lock lock(store_mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return nullptr;
  last_used_us_ = env_.clock.monotonic().us;
  return store_;
}

void Lane::close() {
  std::lock_guard lock(store_mutex_);
  store_.reset();
}

void Lane::while_closed(const std::function<void()>& work) {
  std::unique_lock lock(store_mutex_);
  for (int tries = 0; store_ != nullptr || store_exists_; ++tries) {
    if (tries == limits::closing_tries_max) throw store::StoreError("readers open the tenant again and again");
    store_.reset();
    wait_for_readers(lock);
  }
  work();
  out_of_service_ = false;  // an unknown commit stays one: whatever is there now is opened safely
  seq_known_ = false;
  persisted_wake_.reset();
}

void Lane::maintain(bool idle) {
  std::shared_ptr<store::LaneStore> open;
  {
    std::lock_guard lock(store_mutex_);
    open = store_;
  }
  if (!open) return;
  try {
    open->writer().maintain(idle);
  } catch (const store::CommitUnknown&) {
    // A sync failed: as at a commit, the store is opened again safely. The writer would refuse everything.
    commit_unknown_ = true;
    open.reset();
    close();
    throw;
  }
}

Time Lane::operation_time() {
  last_time_ = std::max(last_time_, env_.clock.now());
  return last_time_;
}

const Actor& Lane::actor_of(const Caller& caller) {
  const auto now = env_.clock.monotonic();
  if (now - rights_.since > limits::actor_cache_age_max || rights_.actors.size() > limits::actor_cache_entries_max) {
    rights_.clear();
    rights_.since = now;
  }
  if (const auto at = rights_.actors.find(caller); at != rights_.actors.end()) return at->second;
  StoreReader reader(store_->writer());
  auto actor = env_.schema.hooks.actor_of(reader, caller, tenant_, last_time_);
  return rights_.actors.emplace(caller, std::move(actor)).first->second;
}

bool Lane::module_on(Reader& reader, std::string_view module) {
  if (module == "core" || env_.schema.hooks.module_on == nullptr) return true;
  const auto at = rights_.modules_on.find(module);
  if (at != rights_.modules_on.end()) return at->second;
  return rights_.modules_on[module] = env_.schema.hooks.module_on(reader, module);
}

bool Lane::lease_binds(Reader& reader, const RecordType& type) {
  if (env_.schema.hooks.lease_binds == nullptr) return false;
  const auto at = rights_.leases_bind.find(type.number);
  if (at != rights_.leases_bind.end()) return at->second;
  return rights_.leases_bind[type.number] = env_.schema.hooks.lease_binds(reader, type);
}

std::shared_ptr<const Actor> Lane::reader_actor(store::Snapshot& snapshot, Reader& reader, const Caller& caller) {
  const auto look_up = [&] {
    return std::make_shared<const Actor>(env_.schema.hooks.actor_of(reader, caller, tenant_, env_.clock.now()));
  };
  // The view may show what another node has done to rights before this one heard of it.
  if (env_.store.is_shared() && snapshot.last_seq() != committed_seq_) return look_up();
  std::uint64_t version = 0;
  {
    std::lock_guard lock(reader_actors_mutex_);
    const auto now = env_.clock.monotonic();
    if (now - reader_actors_since_ > limits::actor_cache_age_max ||
        reader_actors_.size() > limits::actor_cache_entries_max) {
      reader_actors_.clear();
      reader_actors_since_ = now;
    }
    if (const auto at = reader_actors_.find(caller); at != reader_actors_.end()) return at->second;
    version = rights_version_;
  }
  auto actor = look_up();
  std::lock_guard lock(reader_actors_mutex_);
  // The view may be older than a change of rights that was published meanwhile: then it serves this read only.
  if (version == rights_version_) reader_actors_.emplace(caller, actor);
  return actor;
}

void Lane::run_group() {
  GroupState group;
  group.items = take_group();
  if (group.items.empty()) return;
  try {
    {
      std::unique_lock lock(store_mutex_);
      ensure_open(lock);
    }
    execute_group(group);
  } catch (const Refusal& refusal) {
    fail_group(group, refusal.code, refusal.detail);
  } catch (const store::Corrupt& error) {
    stop(error.what());
    rights_.clear();
    fail_group(group, ErrorCode::out_of_service, "");
    close();
  } catch (const std::exception& error) {
    log(LogLevel::error, "group_failed", {{"tenant", uuid_text(tenant_.uuid)}, {"error", error.what()}});
    if (const auto open = store_) open->writer().rollback();
    rights_.clear();
    fail_group(group, ErrorCode::overloaded, "the store failed; try again");
  }
  finish_group(group);
}

void Lane::execute_group(GroupState& group) {
  for (int run = 0; run < limits::group_reruns_max; ++run) {
    group.reset(counters_);
    if (try_group(group)) {
      if (group.items.front()->submission.trial) return give_up(group);
      if (commit(group)) return;
    }
    rights_.clear();  // what was rolled back may have changed them
    env_.metrics.group_reruns.fetch_add(1);
  }
  fail_group(group, ErrorCode::overloaded, "the group failed too often; try again");
}

/// One run over all items. False: a culprit was set aside, the group was rolled back and must run again.
bool Lane::try_group(GroupState& group) {
  auto& writer = store_->writer();
  writer.begin(writer.reads_ahead() ? ahead_of(group.items) : store::Ahead{});
  if (const auto by = writer.take_overtaken(); by != store::Overtaken::no) catch_up(group, by);
  if (writer.keeps_wake()) persisted_wake_ = writer.wake();
  const auto start = env_.clock.monotonic();
  for (std::size_t i = 0; i < group.items.size(); ++i) {
    group.current = i;
    try {
      execute_item(group, *group.items[i]);
    } catch (const store::CommitUnknown&) {
      throw;
    } catch (const store::GroupLost&) {
      writer.rollback();
      return false;
    } catch (const store::Corrupt&) {
      throw;
    } catch (const store::DiskFull& error) {
      writer.rollback();
      rights_.clear();
      fail_group(group, ErrorCode::disk_full, "");
      return true;
    } catch (const std::exception& error) {
      writer.rollback();
      group.set_aside_culprit(error.what());
      env_.metrics.failures.fetch_add(1);
      return false;
    }
    const bool is_long = writer.is_full() || env_.clock.monotonic() - start > limits::group_time_max;
    if (is_long && i + 1 < group.items.size()) {
      give_back(group, i + 1);
      break;
    }
  }
  return true;
}

void Lane::give_back(GroupState& group, std::size_t from) {
  std::lock_guard lock(queue_mutex_);
  while (group.items.size() > from) {
    auto& item = group.items.back();
    queue_operations_ += std::max<std::size_t>(1, item->submission.steps.size());
    queue_bytes_ += item->bytes;
    queue_.push_front(std::move(item));
    group.items.pop_back();
  }
  group.answers.resize(from);
}

/// An earlier wake is written before the commit that needs it, a later one after the commit that makes it right: early
/// is allowed, late is not.
void Lane::ensure_wake(GroupState& group, bool committed) {
  const bool earlier = group.wake && (!persisted_wake_ || *group.wake < *persisted_wake_);
  const bool later = group.replaces_wake && group.wake != persisted_wake_ && !earlier;
  auto& writer = store_->writer();
  if (writer.keeps_wake()) {  // it is part of the commit, neither early nor late
    if (committed || !(earlier || later)) return;
    writer.put_wake(group.wake);
  } else {
    if (committed ? !later : !earlier) return;
    env_.store.put_wake(tenant_, group.wake);
  }
  persisted_wake_ = group.wake;
  group.published.wake = group.wake;
}

/// A trial ends as if it had never been.
void Lane::give_up(GroupState& group) {
  store_->writer().rollback();
  rights_.clear();
  for (auto& answer : group.answers) answer.seq = committed_seq_;
}

/// Another node was here: its changes go to this node's feed before ours, and nothing that was known counts.
void Lane::catch_up(GroupState& group, store::Overtaken by) {
  const auto seen = committed_seq_.load();
  read_counters();
  if (by == store::Overtaken::by_restore)
    publish_replaced();
  else
    publish_found(seen, false);
  group.reset(counters_);
}

/// False: the store lost the group, which must run again.
bool Lane::commit(GroupState& group) {
  if (group.failed) return true;
  auto& writer = store_->writer();
  const auto start = env_.clock.monotonic();
  try {
    ensure_wake(group, false);
    writer.commit();
  } catch (const store::DiskFull&) {
    writer.rollback();
    rights_.clear();
    fail_group(group, ErrorCode::disk_full, "");
    return true;
  } catch (const store::GroupLost&) {
    writer.rollback();
    return false;
  } catch (const store::CommitUnknown& error) {
    log(LogLevel::error, "commit_unknown", {{"tenant", uuid_text(tenant_.uuid)}, {"error", error.what()}});
    commit_unknown_ = true;
    unpublished_after_ = committed_seq_;
    rights_.clear();  // before others may open it and read them anew
    close();
    fail_group(group, ErrorCode::commit_unknown, "");
    return true;
  }
  group.published.committed = env_.clock.monotonic();
  env_.metrics.commit_us_sum.fetch_add((group.published.committed - start).us);
  env_.metrics.groups.fetch_add(1);
  env_.metrics.changes.fetch_add(static_cast<std::int64_t>(group.published.changes.size()));
  const auto bytes = writer.log_bytes_written();
  env_.metrics.log_bytes.fetch_add(bytes - std::exchange(log_bytes_seen_, bytes));
  const auto trips = writer.round_trips();
  env_.metrics.round_trips.fetch_add(trips - std::exchange(round_trips_seen_, trips));
  counters_ = group.counters;
  group.committed = true;
  try {
    ensure_wake(group, true);
  } catch (const store::StoreError& error) {
    // The old wake is earlier: the lane comes back too soon, which is allowed, and plans again.
    log(LogLevel::warning, "wake_not_moved", {{"tenant", uuid_text(tenant_.uuid)}, {"error", error.what()}});
  }
  return true;
}

void Lane::fail_group(GroupState& group, ErrorCode code, const std::string& detail) {
  group.failed = true;
  const auto answer = problem_answer(Refusal(code, detail), committed_seq_);
  group.answers.assign(group.items.size(), answer);
  env_.metrics.failures.fetch_add(static_cast<std::int64_t>(group.items.size()));
}

/// Answers go out after the commit only, and before the feed: a subscriber more costs the caller nothing.
void Lane::finish_group(GroupState& group) {
  if (group.committed) {
    committed_seq_ = counters_.seq;
    if (group.published.rights_changed) {
      std::lock_guard lock(reader_actors_mutex_);
      reader_actors_.clear();
      ++rights_version_;
    }
  }
  for (std::size_t i = 0; i < group.items.size(); ++i)
    if (group.items[i]->callback) group.items[i]->callback(std::move(group.answers[i]));
  if (!group.committed || !env_.publish) return;
  group.published.tenant = tenant_;
  group.published.last_seq = counters_.seq;
  StoreReader reader(store_->writer());
  env_.publish(group.published, reader);
}

}  // namespace interlock::engine
