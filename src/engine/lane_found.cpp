// SPDX-License-Identifier: Apache-2.0
// What a lane finds in its log that it has not published: after a commit whose outcome was unknown, or of another node.
#include <algorithm>

#include "engine/lane.h"
#include "engine/store_reader.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

std::shared_ptr<const RecordBox> box_of(const RecordType& type, const store::Change& change) {
  auto box = std::make_shared<RecordBox>(type);
  read_record_json(type, parse_json(change.state), box->get());
  box->header().last_seq = change.seq;
  return box;
}

std::string owner_of(const Uuid& actor) {
  Caller caller;
  caller.kind = actor.is_nil() ? Caller::Kind::system : Caller::Kind::user;
  caller.user = actor;
  return caller.key_owner();
}

RecordChange change_from_log(store::Writer& writer, const RecordType& type, store::Change change) {
  StoreReader reader(writer);
  RecordChange found;
  found.type = &type;
  found.after = box_of(type, change);
  found.visibility_after = reader.visibility(type, found.after->get());
  if (const auto previous = writer.change(change.prev_seq)) {
    found.before = box_of(type, *previous);
    found.visibility_before = reader.visibility(type, found.before->get());
  }
  found.change = std::move(change);
  return found;
}

}  // namespace

/// Subscribers are told as after any commit.
void Lane::publish_found(std::int64_t after, bool while_opening) {
  if (!env_.publish || counters_.seq == after) return;
  auto& writer = store_->writer();
  Published found;
  const auto from = writer.fact("feed_from_seq");
  found.redacted = !from.empty() && std::stoll(from) > after;
  for (auto last = after; last < counters_.seq;) {
    auto changes = writer.changes_after(last, limits::feed_page_changes_max);
    if (changes.empty()) break;
    last = changes.back().seq;
    for (auto& change : changes) {
      const auto* type = env_.schema.by_number(change.type);
      if (type == nullptr) continue;
      const auto& rights = env_.schema.hooks.rights_types;
      found.rights_changed |= std::find(rights.begin(), rights.end(), type) != rights.end();
      found.change_owners.push_back(owner_of(change.actor));
      found.changes.push_back(change_from_log(writer, *type, std::move(change)));
    }
  }
  found.tenant = tenant_;
  found.last_seq = counters_.seq;
  found.sent = while_opening;  // who has committed sends: only after an unknown commit that may have been this node
  found.while_opening = while_opening;
  StoreReader reader(writer);
  env_.publish(found, reader);
}

/// Another node has restored the tenant: its sequence may mean something else now.
void Lane::publish_replaced() {
  if (!env_.publish) return;
  Published replaced;
  replaced.tenant = tenant_;
  replaced.last_seq = counters_.seq;
  replaced.restarted = replaced.rights_changed = true;
  StoreReader reader(store_->writer());
  env_.publish(replaced, reader);
}

}  // namespace interlock::engine
