// SPDX-License-Identifier: Apache-2.0
#include "engine/feed.h"

#include <algorithm>

#include "base/log.h"
#include "engine/conditions.h"
#include "engine/queries.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

FeedMessage message(std::int64_t seq, std::string text) {
  return {seq, std::make_shared<const std::string>(std::move(text)), {}};
}

std::string_view name_of(Dependants dependants) { return dependants == Dependants::gone ? "gone" : "back"; }

std::string change_text(const FeedEntry& entry, bool with_key, Dependants dependants) {
  const auto& c = entry.change.change;
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("type", "change").member("seq", c.seq).member("op_seq", c.op_seq);
  json.member("collection", entry.change.type->collection).member("id", type_id_text(entry.change.type->name, c.id));
  json.member("operation", c.operation).member("version", c.version).key("record").raw(c.state);
  json.key("actor").raw(entry.actor_json).member("at", rfc3339(c.at));
  if (dependants != Dependants::unmoved) json.member("dependants", name_of(dependants));
  if (with_key) json.member("key", c.key);
  json.end_object();
  return text;
}

/// `gone` or `back`: which record, and nothing of it.
std::string bare_text(const FeedEntry& entry, std::string_view type, Dependants dependants) {
  const auto& c = entry.change.change;
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("type", type).member("seq", c.seq).member("op_seq", c.op_seq);
  json.member("collection", entry.change.type->collection).member("id", type_id_text(entry.change.type->name, c.id));
  if (dependants != Dependants::unmoved) json.member("dependants", name_of(dependants));
  json.end_object();
  return text;
}

std::string message_text(const FeedEntry& entry, MessageKind kind, Dependants dependants) {
  switch (kind) {
    case MessageKind::change:
    case MessageKind::change_with_key:
      return change_text(entry, kind == MessageKind::change_with_key, dependants);
    case MessageKind::gone:
      return bare_text(entry, "gone", dependants);
    case MessageKind::back:
      return bare_text(entry, "back", dependants);
  }
  return {};
}

bool in_sight(const Actor& actor, const RecordType& type, const std::shared_ptr<const RecordBox>& record,
              const Visibility& visibility) {
  return record != nullptr && !record->header().deleted_at && actor.sees(type, visibility);
}

bool passes(const CollectionFilter& filter, const RecordBox& record) {
  return std::all_of(filter.conditions.begin(), filter.conditions.end(),
                     [&](const auto& c) { return matches(c, record.get()); });
}

/// Whether what this value names is itself seen through another record, which then decides.
bool is_seen_through_another(const FieldInfo& through, const Value& value) {
  const auto* type = through.kind == FieldKind::reference
                         ? &through.refers_to()
                         : record_type_by_number(subject_from_bytes(std::get<std::string>(value)).type);
  return type != nullptr && !type->options.visible_through.empty();
}

/// Whether records of the filter may hang on this one, at once or by way of others.
bool hangs_on(const CollectionFilter& filter, const Subject& subject) {
  const auto& type = *filter.type;
  if (!filter.permitted || type.options.visible_through.empty()) return false;
  const auto& through = *type.find_field(type.options.visible_through);
  if (through.kind == FieldKind::reference && through.refers_to().number != subject.type &&
      through.refers_to().options.visible_through.empty())
    return false;
  const Value wanted = through.kind == FieldKind::subject ? Value{subject_bytes(subject)} : Value{subject.id};
  return std::none_of(filter.conditions.begin(), filter.conditions.end(), [&](const auto& c) {
    return c.field == &through && c.comparison == Comparison::equal && c.values.front() != wanted &&
           !is_seen_through_another(through, c.values.front());
  });
}

/// A change as the log keeps it, made ready to be judged. Visibility is that of today: rights are never older than now.
FeedEntry entry_from_log(ReadView& view, store::Change change) {
  FeedEntry entry;
  auto& c = entry.change;
  c.type = record_type_by_number(change.type);
  c.change = std::move(change);
  if (c.type == nullptr) return entry;
  const auto read = [&](const std::string& state) {
    auto box = std::make_shared<RecordBox>(*c.type);
    read_record_json(*c.type, parse_json(state), box->get());
    return box;
  };
  c.after = read(c.change.state);
  c.visibility_after = view.reader().visibility(*c.type, c.after->get());
  if (const auto previous = view.snapshot().change(c.change.prev_seq)) {
    c.before = read(previous->state);
    c.visibility_before = view.reader().visibility(*c.type, c.before->get());
  }
  entry.actor_json = actor_json(view.schema(), view.reader(), c.change.actor);
  return entry;
}

/// Whether the caller may know who looks at it: a collection that they read, or a record that they see.
bool may_watch(const Schema& schema, Reader& reader, const Actor& actor, const std::string& name) {
  if (const auto subject = parse_subject(name)) return may_see(reader, actor, *subject);
  const auto* type = schema.by_collection(name);
  return type != nullptr && actor.may_read(*type);
}

}  // namespace

FeedSubscription::FeedSubscription(std::shared_ptr<FeedHub> hub, Caller caller, SubscribeRequest request,
                                   std::shared_ptr<FeedSink> sink)
    : hub_(std::move(hub)),
      caller_(std::move(caller)),
      request_(std::move(request)),
      sink_(std::move(sink)),
      owner_(caller_.key_owner()),
      presence_(request_.presence.begin(), request_.presence.end()) {
  hub_->metrics_.subscriptions.fetch_add(1);
}

FeedSubscription::~FeedSubscription() {
  hub_->end(this);
  hub_->metrics_.subscriptions.fetch_sub(1);
}

void FeedHub::end(FeedSubscription* subscription) {
  std::lock_guard lock(mutex_);
  std::erase(subscribers_, subscription);
}

bool FeedHub::is_used() const {
  std::lock_guard lock(mutex_);
  return !subscribers_.empty() || catching_up_ > 0;
}

void FeedHub::clear_ring(std::int64_t seq) {
  ring_.clear();
  ring_bytes_ = 0;
  ring_from_ = seq;
}

void FeedHub::keep(std::shared_ptr<FeedEntry> entry) {
  ring_bytes_ += entry->change.change.state.size();
  ring_.push_back(std::move(entry));
  while (ring_.size() > limits::feed_ring_changes_max || ring_bytes_ > limits::feed_ring_bytes_max) {
    ring_from_ = ring_.front()->change.change.seq;
    ring_bytes_ -= ring_.front()->change.change.state.size();
    ring_.pop_front();
  }
}

void FeedHub::publish(Published& published, Reader& reader, TenantId tenant) {
  std::lock_guard lock(mutex_);
  const auto before = published.changes.empty() ? published.last_seq : published.changes.front().change.seq - 1;
  last_seq_ = published.last_seq;
  rights_version_ += published.rights_changed;
  if (subscribers_.empty() && catching_up_ == 0) return clear_ring(published.last_seq);
  if (ring_from_ < 0) ring_from_ = before;
  if (published.redacted) {
    clear_ring(published.last_seq);
    for (auto* subscriber : subscribers_) reset(*subscriber, published.last_seq, "redacted");
  } else {
    for (std::size_t i = 0; i < published.changes.size(); ++i) {
      auto entry = std::make_shared<FeedEntry>();
      entry->change = std::move(published.changes[i]);
      entry->owner = published.change_owners[i];
      entry->actor_json = actor_json(schema_, reader, entry->change.change.actor);
      for (auto* subscriber : subscribers_) judge(*subscriber, *entry, published.committed);
      keep(std::move(entry));
    }
  }
  if (published.rights_changed)
    for (auto* subscriber : subscribers_) renew_rights(*subscriber, reader, tenant, published.last_seq);
  std::erase_if(subscribers_, [](const auto* s) { return s->ended_; });
}

void FeedHub::renew_rights(FeedSubscription& subscriber, Reader& reader, TenantId tenant, std::int64_t seq) {
  const auto old = subscriber.actor_;
  try {
    subscriber.actor_ = schema_.hooks.actor_of(reader, subscriber.caller_, tenant, clock_.now());
  } catch (const Refusal&) {
    deliver(subscriber, message(seq, R"({"type":"closed","code":"unauthenticated"})"));
    subscriber.ended_ = true;
    return;
  }
  if (old.permissions == subscriber.actor_.permissions && old.scopes == subscriber.actor_.scopes) return;
  set_filters(subscriber);
  keep_what_is_seen(subscriber, reader);
  reset(subscriber, seq, "rights_changed");
}

void FeedHub::reset(FeedSubscription& subscriber, std::int64_t seq, const char* reason) {
  std::string text;
  JsonWriter(text).begin_object().member("type", "reset").member("seq", seq).member("reason", reason).end_object();
  deliver(subscriber, message(seq, std::move(text)));
}

void FeedHub::set_filters(FeedSubscription& subscriber) {
  subscriber.filters_.clear();
  for (const auto& name : subscriber.request_.collections) {
    CollectionFilter filter;
    filter.type = schema_.by_collection(name);
    filter.permitted = subscriber.actor_.may_read(*filter.type);
    filter.conditions = parse_conditions(*filter.type, subscriber.request_.filter, subscriber.actor_.id);
    subscriber.filters_.push_back(std::move(filter));
  }
}

/// Of the presence that was asked for; what the caller does not see is left out silently, as if nobody were there.
void FeedHub::keep_what_is_seen(FeedSubscription& subscriber, Reader& reader) {
  std::erase_if(subscriber.presence_,
                [&](const auto& name) { return !may_watch(schema_, reader, subscriber.actor_, name); });
}

void FeedHub::judge(FeedSubscription& subscriber, FeedEntry& entry, Duration committed) {
  if (subscriber.ended_) return;
  const auto& change = entry.change;
  const auto seq = change.change.seq;
  if (seq <= subscriber.seq_) return;
  const auto& filters = subscriber.filters_;
  const auto filter =
      std::find_if(filters.begin(), filters.end(), [&](const auto& f) { return f.type == change.type; });
  const bool concerned = filter != filters.end() && filter->permitted;
  const auto& actor = subscriber.actor_;
  const bool seen = in_sight(actor, *change.type, change.after, change.visibility_after);
  const bool was_seen = in_sight(actor, *change.type, change.before, change.visibility_before);
  const auto moved = seen == was_seen || change.before == nullptr ? Dependants::unmoved
                     : seen                                       ? Dependants::back
                                                                  : Dependants::gone;
  const bool follows = moved != Dependants::unmoved && actor.may_read(*change.type) &&
                       std::any_of(filters.begin(), filters.end(), [&](const auto& f) {
                         return hangs_on(f, {change.change.type, change.change.id});
                       });
  if (concerned && seen && passes(*filter, *change.after)) {
    const bool own = !change.change.key.empty() && entry.owner == subscriber.owner_;
    send(subscriber, entry, own ? MessageKind::change_with_key : MessageKind::change, moved, committed);
  } else if ((concerned && was_seen && passes(*filter, *change.before)) || (follows && moved == Dependants::gone)) {
    send(subscriber, entry, MessageKind::gone, moved, committed);
  } else if (follows && moved == Dependants::back) {
    send(subscriber, entry, MessageKind::back, moved, committed);
  }
  subscriber.seq_ = seq;
}

void FeedHub::send(FeedSubscription& subscriber, FeedEntry& entry, MessageKind kind, Dependants dependants,
                   Duration committed) {
  auto& slot = entry.messages[{kind, dependants}];
  if (!slot.text) slot = message(entry.change.change.seq, message_text(entry, kind, dependants));
  slot.committed = committed;
  deliver(subscriber, slot);
}

void FeedHub::deliver(FeedSubscription& subscriber, const FeedMessage& msg) {
  if (subscriber.ended_) return;
  metrics_.deliveries.fetch_add(1);
  if (subscriber.sink_->deliver(msg)) return;
  subscriber.ended_ = true;
  metrics_.cut_off.fetch_add(1);
}

void FeedHub::restart(std::int64_t seq) {
  std::lock_guard lock(mutex_);
  last_seq_ = seq;
  clear_ring(seq);
  for (auto* subscriber : subscribers_) {
    subscriber->seq_ = seq;
    reset(*subscriber, seq, "restored");
  }
}

void FeedHub::send_presence(const Subject& subject, const std::string& text) {
  std::lock_guard lock(mutex_);
  const auto* type = record_type_by_number(subject.type);
  if (type == nullptr) return;
  const auto id = subject_text(subject);
  const auto shared = message(0, text);
  for (auto* subscriber : subscribers_)
    if (subscriber->presence_.contains(id) ||
        (subscriber->presence_.contains(type->collection) && subscriber->actor_.scope(type->collection) == Scope::all))
      deliver(*subscriber, shared);
}

void FeedHub::tell_presence(FeedSubscription& subscription, const Subject& subject, const std::string& text) {
  std::lock_guard lock(mutex_);
  if (!subscription.ended_ && subscription.presence_.contains(subject_text(subject)))
    deliver(subscription, message(0, text));
}

void require_followable(const Schema& schema, const Actor& actor, const std::vector<std::string>& collections) {
  for (const auto& name : collections) {
    const auto* type = schema.by_collection(name);
    const bool is_followable = type != nullptr && type->options.readable && type->options.logged &&
                               schema.lane_of(*type) != LaneKind::platform;
    if (!is_followable) {
      throw Refusal(ErrorCode::not_found, "The feed tells of no collection " + name).at_field("collections");
    }
    if (!actor.may_read(*type)) {
      throw Refusal(ErrorCode::forbidden, "This needs the permission " + std::string(type->permission()) + ".read");
    }
  }
}

std::unique_ptr<FeedSubscription> FeedHub::subscribe(const Caller& caller, SubscribeRequest request,
                                                     std::shared_ptr<FeedSink> sink,
                                                     const std::function<std::unique_ptr<ReadView>()>& open_view) {
  auto subscription =
      std::make_unique<FeedSubscription>(shared_from_this(), caller, std::move(request), std::move(sink));
  {
    std::lock_guard lock(mutex_);
    ++catching_up_;
  }
  struct CatchingUp {
    FeedHub& hub;
    ~CatchingUp() {
      std::lock_guard lock(hub.mutex_);
      --hub.catching_up_;
    }
  } guard{*this};
  {
    const auto view = open_view();
    subscription->actor_ = view->actor();
    require_followable(schema_, subscription->actor_, subscription->request_.collections);
    set_filters(*subscription);
    keep_what_is_seen(*subscription, view->reader());
    const auto since = subscription->request_.since;
    const auto kept_from = view->snapshot().fact("feed_from_seq");
    const auto feed_from = kept_from.empty() ? 0 : std::stoll(kept_from);
    subscription->seq_ = since.value_or(view->seq());
    if (since &&
        (*since > view->seq() || *since < feed_from || view->seq() - *since > limits::feed_resume_changes_max)) {
      reset(*subscription, view->seq(), *since > view->seq() ? "from_the_future" : "past_retention");
      subscription->seq_ = view->seq();
    }
  }
  catch_up(*subscription, open_view);
  return subscription;
}

/// From the log until the ring continues it, then live: decided under the lock that publish holds.
void FeedHub::catch_up(FeedSubscription& subscriber, const std::function<std::unique_ptr<ReadView>()>& open_view) {
  auto budget = 2 * limits::feed_resume_changes_max;
  while (budget > 0 && !subscriber.ended_) {
    const auto rights = rights_version();
    const auto view = open_view();
    take_rights(subscriber, *view);
    budget -= std::max<std::int64_t>(1, read_log(subscriber, *view, budget));
    if (!subscriber.sink_->has_room()) return;
    std::lock_guard lock(mutex_);
    // Nothing was published since this hub exists: the log was read to its end, and the ring begins here.
    if (ring_from_ < 0) clear_ring(last_seq_ = subscriber.seq_.load());
    if (subscriber.seq_ < ring_from_ || rights != rights_version_) continue;
    for (const auto& entry : ring_) {
      if (!subscriber.sink_->has_room()) return;
      judge(subscriber, *entry, {});
    }
    return go_live(subscriber);
  }
  std::lock_guard lock(mutex_);
  reset(subscriber, last_seq_, "past_retention");
  subscriber.seq_ = std::max(subscriber.seq_.load(), last_seq_);
  go_live(subscriber);
}

std::uint64_t FeedHub::rights_version() const {
  std::lock_guard lock(mutex_);
  return rights_version_;
}

/// Rights that changed while the log was read: nobody else tells a subscriber that is not live yet.
void FeedHub::take_rights(FeedSubscription& subscriber, ReadView& view) {
  const auto& now = view.actor();
  if (now.permissions == subscriber.actor_.permissions && now.scopes == subscriber.actor_.scopes) return;
  subscriber.actor_ = now;
  set_filters(subscriber);
  keep_what_is_seen(subscriber, view.reader());
  reset(subscriber, subscriber.seq_, "rights_changed");
}

void FeedHub::go_live(FeedSubscription& subscriber) {
  subscriber.live_ = true;
  subscribers_.push_back(&subscriber);
}

std::int64_t FeedHub::read_log(FeedSubscription& subscriber, ReadView& view, std::int64_t budget) {
  std::int64_t read = 0;
  while (read < budget && subscriber.seq_ < view.seq() && !subscriber.ended_) {
    auto changes = view.snapshot().changes_after(subscriber.seq_, limits::feed_page_changes_max);
    if (changes.empty()) break;
    read += static_cast<std::int64_t>(changes.size());
    for (auto& change : changes) {
      if (!subscriber.sink_->has_room()) return read;
      auto entry = entry_from_log(view, std::move(change));
      if (entry.change.change.actor == subscriber.caller_.user && !subscriber.caller_.user.is_nil())
        entry.owner = subscriber.owner_;
      if (entry.change.type == nullptr) {
        subscriber.seq_ = entry.change.change.seq;
        continue;
      }
      judge(subscriber, entry, {});
    }
  }
  return read;
}

}  // namespace interlock::engine
