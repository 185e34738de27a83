// SPDX-License-Identifier: Apache-2.0
// Clients, subscribers, readers and the network between them and the server.
#include <algorithm>

#include "testing/sim_run.h"

namespace interlock::testing {

namespace {

constexpr Duration ask_again_min = milliseconds(150);
constexpr Duration ask_again_spread = milliseconds(250);
constexpr Duration usual_delay_max = milliseconds(2);
constexpr Duration long_delay_max = milliseconds(120);
constexpr Duration client_pause_max = milliseconds(4);
constexpr int sends_max = 12;

/// 401 and 403 are no final answers of a key, but the client has its answer.
bool is_answer(int status) { return status < 500; }

}  // namespace

/// Asked for until it is answered: a planned crash may come in the middle.
void SimRun::set_up(Tenant& tenant) {
  for (const auto& submission : tenant.workload->set_up()) {
    const auto status = std::make_shared<int>(0);
    auto asked = Duration{0};
    const auto is_done = [&] {
      if (image_) return false;
      if (*status < 300 && *status > 0) return true;
      if (clock_.monotonic() - asked > ask_again_min) {
        asked = clock_.monotonic();
        server_->submit(submission, [status](const engine::Answer& answer) { *status = answer.status; });
      }
      return false;
    };
    run_until(is_done, "the set-up");
  }
  tenant.set_up_seq = tenant.acknowledged_seq = server_->lane(tenant.workload->tenant()).committed_seq();
}

void SimRun::client_turn(Tenant& tenant) {
  if (settling_) return;
  const auto count = chance(10) ? 1 + random_.below(30) : 1;  // sometimes all at once
  for (std::uint64_t i = 0; i < count && operations_left_ > 0; ++i) {
    tenant.intents.push_back(tenant.workload->next());
    operations_left_ -= static_cast<int>(tenant.intents.back().submission.steps.size());
    report_.operations += static_cast<std::int64_t>(tenant.intents.back().submission.steps.size());
    send(tenant, tenant.intents.back());
  }
  later(chance(5) ? milliseconds(100) : up_to(client_pause_max), [this, &tenant] { client_turn(tenant); });
}

/// One request through the network: dropped, delayed or doubled; and again if no answer comes.
void SimRun::send(Tenant& tenant, Intent& intent) {
  if (intent.known || settling_) return;
  const auto copies = chance(plan_.drop) ? 0 : chance(plan_.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i)
    later(up_to(chance(plan_.delay) ? long_delay_max : usual_delay_max),
          [this, &tenant, &intent] { arrive(tenant, intent); });
  if (++intent.sent < sends_max && !intent.abandons)
    later(ask_again_min + up_to(ask_again_spread), [this, &tenant, &intent] {
      if (options_.defects.retry_with_other_key && !intent.known) retry_with_other_key(tenant, intent);
      send(tenant, intent);
    });
}

/// The defect of a client that makes a new key for every try.
void SimRun::retry_with_other_key(Tenant& tenant, Intent& intent) {
  auto other = intent.submission;
  if (other.mode != engine::Mode::single || other.key.empty()) return;
  other.key += "-again";
  server_->submit(std::move(other),
                  [this, &tenant, &intent](const engine::Answer& answer) { emitted(tenant, intent, answer); });
}

void SimRun::arrive(Tenant& tenant, Intent& intent) {
  if (server_ == nullptr || server_->is_ghost()) return;
  trace_.event("request " + intent.submission.request_id);
  server_->submit(intent.submission,
                  [this, &tenant, &intent](const engine::Answer& answer) { emitted(tenant, intent, answer); });
}

/// An answer has left the server: from here on it counts, whether anybody hears it or not.
void SimRun::emitted(Tenant& tenant, Intent& intent, const engine::Answer& answer) {
  trace_.event("answer " + intent.submission.request_id + " " + std::to_string(answer.status) + " " + answer.body);
  ++report_.answers;
  report_.replays += answer.replayed;
  report_.unknown_commits += answer.body.find("\"commit_unknown\"") != std::string::npos;
  report_.full_disks += answer.body.find("\"disk_full\"") != std::string::npos;
  tenant.acknowledged_seq = std::max(tenant.acknowledged_seq, answer.seq);
  if (intent.submission.mode != engine::Mode::each) {
    intent.units.front().answers.push_back({answer.status, answer.body, answer.replayed, answer.seq});
  } else if (answer.status == 200) {
    const auto body = parse_json(answer.body);
    const auto& results = *body.find("results")->if_array();
    for (std::size_t i = 0; i < results.size(); ++i)
      intent.units[i].answers.push_back({static_cast<int>(*results[i].find("status")->if_integer()),
                                         json_text(*results[i].find("body")), results[i].find("replayed") != nullptr,
                                         -1});
  }
  const auto copies = chance(plan_.drop) && !settling_ ? 0 : chance(plan_.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i)
    later(up_to(chance(plan_.delay) ? long_delay_max : usual_delay_max),
          [this, &tenant, &intent, answer] { heard(tenant, intent, answer); });
}

void SimRun::heard(Tenant& tenant, Intent& intent, const engine::Answer& answer) {
  if (!is_answer(answer.status)) return;
  // A batch of mode each is known when every step is.
  const bool each = intent.submission.mode == engine::Mode::each;
  intent.known = intent.known || !each || answer.body.find("{\"status\":5") == std::string::npos;
  if (answer.status < 300) tenant.workload->learn(answer.body);
}

void SimRun::make_subscribers(Tenant& tenant) {
  const auto count = 1 + random_.below(3);
  for (std::uint64_t i = 0; i < count; ++i) {
    SubscriberOptions options;
    options.tenant = tenant.workload->tenant();
    options.caller = tenant.workload->users().front();
    if (chance(80)) options.collections = {"customers"};
    if (options.collections.empty() || chance(50)) options.collections.emplace_back("comments");
    if (options.collections == std::vector<std::string>{"customers"} && chance(40))
      options.status = chance(50) ? "new" : "contacted";
    options.since = chance(50) ? 0 : tenant.acknowledged_seq;
    options.queue_messages_max = chance(30) ? 8 : 200;
    options.skips_one = options_.defects.resume_skips_one;
    tenant.subscribers.push_back(std::make_unique<SimSubscriber>(options));
    later(up_to(milliseconds(20)), [this, raw = tenant.subscribers.back().get()] { subscriber_turn(*raw); });
  }
}

void SimRun::subscriber_turn(SimSubscriber& subscriber) {
  later(up_to(milliseconds(chance(10) ? 60 : 6)), [this, &subscriber] { subscriber_turn(subscriber); });
  if (image_ || subscriber.is_connecting()) return;
  if (!subscriber.is_connected()) {
    subscriber.consume(1'000);  // what had come before it was cut off
    in_fiber("subscribe", [&subscriber](SimServer& server) {
      if (subscriber.is_connecting() || subscriber.is_connected()) return;
      subscriber.disconnect();
      subscriber.connect(server);
    });
    return;
  }
  const auto before = subscriber.last();
  subscriber.consume(1 + random_.below(20));
  report_.messages += subscriber.last() != before;
  if (!settling_ && chance(4))
    in_fiber("unsubscribe", [&subscriber](SimServer&) {
      if (!subscriber.is_connecting()) subscriber.disconnect();
    });
}

void SimRun::reader_turn() {
  if (settling_) return;
  later(up_to(milliseconds(8)), [this] { reader_turn(); });
  if (image_) return;
  auto& tenant = any_tenant();
  in_fiber("read", [this, &tenant](SimServer& server) {
    try {
      read(server, tenant);
    } catch (const Refusal& refusal) {
      trace_.event(std::string("read refused: ") + refusal.what());
    } catch (const store::StoreError& error) {
      trace_.event(std::string("read failed: ") + error.what());
    }
  });
}

/// A view shows whole groups, all that was acknowledged before it was opened, and stays as it is.
void SimRun::read(SimServer& server, Tenant& tenant) {
  const auto acknowledged = tenant.acknowledged_seq;
  const auto view = server.open_view(tenant.workload->tenant(), tenant.workload->users().front());
  const auto seq = view->seq();
  if (server.is_ghost()) return;
  trace_.event("read at " + std::to_string(seq));
  if (seq < acknowledged)
    throw Violation("a view shows sequence " + std::to_string(seq) + " after " + std::to_string(acknowledged) +
                    " was acknowledged");
  constexpr std::int64_t tail = 8;
  for (int times = 0; times < 3; ++times) {
    const auto changes = view->snapshot().changes_after(std::max<std::int64_t>(0, seq - tail), 2 * tail);
    if (!changes.empty() && changes.back().seq != seq)
      throw Violation("a view's log does not end at the view's sequence");
    for (const auto& change : changes) {
      const auto& type = *schema_.by_number(change.type);
      RecordBox record(type);
      if (!view->reader().load(type, change.id, record.get()))
        throw Violation("a view has a change without its record");
      if (record.header().last_seq > seq) throw Violation("a view shows a record of its future");
      if (record.header().last_seq == change.seq && record.header().version != change.version)
        throw Violation("a view's record and its newest change differ");
    }
    fibers_.sleep(up_to(milliseconds(3)));
  }
}

/// The lane asks to be brought back, each time later than before.
void SimRun::plan_wake(Tenant& tenant) {
  if (settling_) return;
  later(milliseconds(20) + up_to(milliseconds(100)), [this, &tenant] { plan_wake(tenant); });
  if (image_) return;
  const auto at = std::max(clock_.now() + hours(1), tenant.wake_asked.value_or(Time{0}) + seconds(1));
  tenant.wake_asked = at;
  server_->run_in_lane(
      tenant.workload->tenant(), "sim/plan", [at](engine::UnitOfWork& work, store::Writer&) { work.replace_wake(at); },
      [&tenant](const engine::Answer& answer) { tenant.wake_promised |= answer.status == 200; });
}

}  // namespace interlock::testing
