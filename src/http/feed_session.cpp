// SPDX-License-Identifier: Apache-2.0
#include "http/feed_session.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "base/log.h"
#include "engine/presence.h"
#include "http/server_sent_events.h"
#include "http/websocket.h"

namespace interlock::http {
namespace {

Payload encode(const engine::FeedMessage& message, StreamKind kind) {
  if (kind == StreamKind::websocket) return websocket_text(*message.text);
  return server_sent_event(message.seq > 0 ? std::optional(message.seq) : std::nullopt, {}, *message.text);
}

/// The last message that this thread encoded, by kind: the hub gives one message to all subscribers before the next.
Payload encoded_once(const engine::FeedMessage& message, StreamKind kind) {
  struct Last {
    std::shared_ptr<const std::string> text;
    std::int64_t seq = 0;
    Payload payload;
  };
  thread_local Last last[2];
  auto& slot = last[kind == StreamKind::websocket ? 0 : 1];
  if (slot.text != message.text || slot.seq != message.seq) slot = {message.text, message.seq, encode(message, kind)};
  return slot.payload;
}

Payload encode_text(const std::string& text, StreamKind kind) {
  return kind == StreamKind::websocket ? websocket_text(text) : server_sent_event({}, {}, text);
}

std::vector<std::string> text_list(const Json& json, std::string_view name) {
  const auto* items = json.if_array();
  auto malformed =
      Refusal(ErrorCode::wrong_type, std::string(name) + " is a list of texts").at_field(std::string(name));
  if (!items) throw malformed;
  std::vector<std::string> texts;
  for (const auto& item : *items) {
    if (!item.if_text()) throw malformed;
    texts.push_back(*item.if_text());
  }
  return texts;
}

/// The name that a subscription has, or is meant by; empty without one.
std::string name_in(const Json& message) {
  const auto* name = message.find("name");
  if (!name || name->is_null()) return {};
  if (!name->if_text() || name->if_text()->empty()) {
    throw Refusal(ErrorCode::wrong_type, "name is a text, if it is given").at_field("name");
  }
  if (name->if_text()->size() > limits::subscription_name_bytes_max) {
    throw Refusal(ErrorCode::too_long, "name is too long")
        .at_field("name")
        .with_limit(static_cast<std::int64_t>(limits::subscription_name_bytes_max));
  }
  return *name->if_text();
}

const std::string& text_member(const Json& message, std::string_view name) {
  const auto* member = message.find(name);
  if (!member || !member->if_text()) {
    throw Refusal(ErrorCode::wrong_type, std::string(name) + " must be a text").at_field(std::string(name));
  }
  return *member->if_text();
}

}  // namespace

FeedOutlet::FeedOutlet(std::shared_ptr<Stream> stream, std::string name)
    : stream_(std::move(stream)), name_(std::move(name)) {
  if (name_.empty()) return;
  JsonWriter(begin_).begin_object().member("subscription", name_).end_object();
  begin_.back() = ',';
}

/// A message with a name is made for this one subscriber; without, for all of a kind.
Payload FeedOutlet::encode(const engine::FeedMessage& message) const {
  if (name_.empty()) return encoded_once(message, stream_->kind());
  return http::encode({message.seq, std::make_shared<const std::string>(begin_ + message.text->substr(1)), {}},
                      stream_->kind());
}

bool FeedOutlet::deliver(const engine::FeedMessage& message) {
  auto payload = encode(message);
  std::lock_guard lock(mutex_);
  seq_ = std::max(seq_, message.seq);
  // Whoever went away was not too slow; the end of the connection ends the subscription.
  return stream_->send(std::move(payload), message.committed) || !stream_->is_cut_off();
}

bool FeedOutlet::has_room() {
  return stream_->is_open() && stream_->queued_bytes() <= limits::subscriber_queue_bytes_max / 2;
}

void FeedOutlet::beat(std::int64_t at_least) {
  std::lock_guard lock(mutex_);
  seq_ = std::max(seq_, at_least);
  const auto begin = begin_.empty() ? std::string("{") : begin_;
  stream_->send(encode_text(begin + R"("type":"heartbeat","seq":)" + std::to_string(seq_) + "}", stream_->kind()));
}

engine::SubscribeRequest read_subscribe(const Json& message) {
  engine::SubscribeRequest request;
  for (const auto& [name, value] : *message.if_object()) {
    if (name == "type" || name == "name") continue;
    if (name == "collections") {
      request.collections = text_list(value, name);
    } else if (name == "presence") {
      request.presence = text_list(value, name);
    } else if (name == "filter") {
      request.filter = value;
    } else if (name == "since") {
      if (value.is_null()) continue;
      if (!value.if_integer() || *value.if_integer() < 0) {
        throw Refusal(ErrorCode::wrong_type, "since is a sequence").at_field("since");
      }
      request.since = *value.if_integer();
    } else {
      throw Refusal(ErrorCode::unknown_field, "There is no field " + name).at_field(name);
    }
  }
  return request;
}

FeedSession::FeedSession(ApiContext& api, Login login, std::string token)
    : api_(api),
      login_(std::move(login)),
      token_(std::move(token)),
      connection_(api.next_connection.fetch_add(1)),
      place_(api.sessions.take_stream_place(login_)) {}

void FeedSession::open(std::shared_ptr<Stream> stream) {
  api_.metrics.feeds_opened.fetch_add(1, std::memory_order_relaxed);
  api_.sessions.attach(login_.session, stream);
  api_.sessions.attach(login_.identity, stream);
  std::lock_guard lock(mutex_);
  stream_ = std::move(stream);
}

void FeedSession::take(std::string message) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  if (waiting_.size() >= limits::feed_messages_waiting_max) return stream_->close(close_code::policy_violation);
  waiting_.push_back(std::move(message));
  if (!start_work()) stream_->close(close_code::try_again_later);
}

void FeedSession::drained() {
  std::lock_guard lock(mutex_);
  // If the pool is full, the next heartbeat tries again.
  if (!closed_ && !paused_.empty()) static_cast<void>(start_work());
}

bool FeedSession::start_work() {
  if (!working_) working_ = api_.feeds.try_submit([self = shared_from_this()] { self->work(); });
  return working_;
}

std::function<void()> FeedSession::next_work() {
  if (closed_) return {};
  if (!paused_.empty() && paused_.front().outlet->has_room()) {
    auto paused = std::move(paused_.front());
    paused_.erase(paused_.begin());
    return [this, paused = std::move(paused)] { subscribe(paused); };
  }
  if (waiting_.empty()) return {};
  auto message = std::move(waiting_.front());
  waiting_.pop_front();
  return [this, message = std::move(message)] { answer(message); };
}

void FeedSession::work() {
  for (;;) {
    std::function<void()> next;
    {
      std::lock_guard lock(mutex_);
      next = next_work();
      if (!next) {
        working_ = false;
        return;
      }
    }
    try {
      next();
    } catch (const Refusal& refusal) {
      send_error(refusal);
    } catch (const std::exception& error) {
      interlock::log(LogLevel::error, "feed_failed", {{"reason", error.what()}});
      stream_->close(close_code::internal_error);
    }
  }
}

void FeedSession::answer(const std::string& text) {
  auto message = parse_json(text);
  if (!message.if_object()) throw Refusal(ErrorCode::wrong_type, "A message is a JSON object");
  const auto& type = text_member(message, "type");
  if (type == "subscribe") {
    const auto name = name_in(message);
    try {
      require_room(name);
      subscribe({std::make_shared<FeedOutlet>(stream_, name), read_subscribe(message)});
    } catch (const Refusal& refusal) {
      send_error(refusal, name);
    }
  } else if (type == "unsubscribe") {
    unsubscribe(name_in(message));
  } else if (type == "presence") {
    set_presence(message);
  } else {
    throw Refusal(ErrorCode::invalid_value, "Messages are subscribe, unsubscribe and presence").at_field("type");
  }
}

/// The one of that name, or all without one.
void FeedSession::unsubscribe(const std::string& name) {
  const auto meant = [&](const auto& one) { return name.empty() || one.outlet->name() == name; };
  std::vector<Held> ended;  // they end without the mutex, which their last delivery may want
  std::lock_guard lock(mutex_);
  const auto first = std::stable_partition(held_.begin(), held_.end(), [&](const auto& one) { return !meant(one); });
  std::move(first, held_.end(), std::back_inserter(ended));
  held_.erase(first, held_.end());
  std::erase_if(paused_, meant);
}

void FeedSession::require_room(const std::string& name) {
  std::lock_guard lock(mutex_);
  if (held_.size() + paused_.size() >= limits::subscriptions_per_connection_max) {
    throw Refusal(ErrorCode::out_of_range, "There are too many subscriptions on this connection")
        .with_limit(static_cast<std::int64_t>(limits::subscriptions_per_connection_max));
  }
  const auto has_name = [&](const auto& one) { return !name.empty() && one.outlet->name() == name; };
  if (std::ranges::any_of(held_, has_name) || std::ranges::any_of(paused_, has_name)) {
    throw Refusal(ErrorCode::not_unique, "There is a subscription of this name").at_field("name");
  }
}

void FeedSession::subscribe(Paused wanted) {
  Held held{wanted.outlet, api_.engine.subscribe(login_.tenant, login_.caller, wanted.request, wanted.outlet)};
  if (!held.subscription->is_live()) {
    wanted.request.since = held.subscription->seq();
    std::lock_guard lock(mutex_);
    if (!closed_) paused_.push_back(std::move(wanted));
    return;
  }
  held.outlet->beat(held.subscription->seq());
  std::lock_guard lock(mutex_);
  // The connection may have gone meanwhile: then the subscription ends with this scope.
  if (!closed_) held_.push_back(std::move(held));
}

void FeedSession::set_presence(const Json& message) {
  auto subject = parse_subject(text_member(message, "subject"));
  const auto* state = message.find("state");
  engine::PresenceEntry entry;
  if (state && !state->is_null()) entry.state = text_member(message, "state");
  if (!entry.state.empty() && entry.state != "viewing" && entry.state != "editing") {
    throw Refusal(ErrorCode::invalid_value, "state is viewing, editing or empty").at_field("state");
  }
  if (!subject) throw Refusal(ErrorCode::not_found).at_field("subject");
  {
    auto view = api_.engine.read(login_.tenant, login_.caller);
    if (!may_see(view->reader(), view->actor(), *subject)) throw Refusal(ErrorCode::not_found).at_field("subject");
    entry.user = view->actor().id;
    entry.name = view->actor().name;
  }
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    present_ = true;
  }
  api_.engine.presence().set(login_.tenant, connection_, *subject, std::move(entry));
}

void FeedSession::send_error(const Refusal& refusal, const std::string& name) {
  std::string text;
  JsonWriter json(text);
  const auto& info = error_info(refusal.code);
  json.begin_object();
  if (!name.empty()) json.member("subscription", name);
  json.member("type", "error").member("code", info.name).member("status", info.http_status);
  json.member("detail", refusal.what());
  if (!refusal.field.empty()) json.member("field", refusal.field);
  json.end_object();
  stream_->send(encode_text(text, stream_->kind()));
  // Nobody can mend the query of an event stream that is open.
  if (stream_->kind() == StreamKind::server_sent_events) stream_->close();
}

void FeedSession::beat() {
  {
    std::lock_guard lock(mutex_);
    for (auto& held : held_) held.outlet->beat(held.subscription->seq());
    if (!closed_ && !paused_.empty()) static_cast<void>(start_work());
  }
  // When the server is too busy for it, the next heartbeat looks again.
  static_cast<void>(api_.feeds.try_submit([self = shared_from_this()] { self->check_session(); }));
}

void FeedSession::check_session() {
  try {
    if (!api_.sessions.find(token_)) stream_->close(close_code::policy_violation);
  } catch (const std::exception& error) {
    interlock::log(LogLevel::warning, "feed_check_failed", {{"reason", error.what()}});
  }
}

void FeedSession::close() {
  std::vector<Held> ended;
  bool present = false;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    place_.reset();
    ended.swap(held_);
    paused_.clear();
    present = present_;
  }
  if (present) api_.engine.presence().leave_all(login_.tenant, connection_);
}

void FeedConnection::on_open(std::shared_ptr<Stream> stream) {
  session_->open(std::move(stream));
  if (!first_.empty()) session_->take(std::move(first_));
}

}  // namespace interlock::http
