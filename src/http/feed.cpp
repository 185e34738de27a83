// SPDX-License-Identifier: Apache-2.0
// The ways into the feed: WebSocket and server-sent events.
#include "base/limits.h"
#include "http/call.h"
#include "http/endpoints.h"
#include "http/feed_session.h"
#include "http/server_sent_events.h"
#include "http/text.h"
#include "http/websocket.h"

namespace interlock::http {
namespace {

std::shared_ptr<FeedSession> make_session(const CallPtr& call) {
  bool by_cookie = false;
  return std::make_shared<FeedSession>(call->api, call->who(), std::string(token_of(call->request, by_cookie)));
}

StreamStart stream_start(std::unique_ptr<StreamHandler> handler) {
  StreamStart start;
  start.handler = std::move(handler);
  start.message_bytes_max = limits::websocket_message_bytes_max;
  start.queue_bytes_max = limits::subscriber_queue_bytes_max;
  return start;
}

Json comma_list(std::string_view text) {
  JsonArray items;
  while (!text.empty()) {
    auto comma = text.find(',');
    if (auto item = trim(text.substr(0, comma)); !item.empty()) items.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return items;
}

Json sequence(std::string_view text, std::string_view field) {
  auto seq = parse_digits(text);
  if (!seq) throw Refusal(ErrorCode::wrong_type, std::string(field) + " is a sequence").at_field(std::string(field));
  return *seq;
}

/// The query of an event stream as the message that a WebSocket client would send.
Json events_message(const Request& request) {
  JsonObject message{{"type", "subscribe"}};
  for (std::size_t i = 0; i < request.param_count(); ++i) {
    auto [name, value] = request.param_at(i);
    if (name == "collections" || name == "presence") {
      message.emplace_back(std::string(name), comma_list(value));
    } else if (name == "filter") {
      message.emplace_back("filter", parse_json(value));
    } else if (name != "since") {
      throw Refusal(ErrorCode::unknown_field, "There is no parameter " + std::string(name)).at_field(std::string(name));
    }
  }
  auto last_id = request.header("last-event-id");
  auto since = request.param("since");
  // A browser that reconnects repeats the query it began with; what it has seen since stands in the header.
  if (last_id && !last_id->empty()) {
    message.emplace_back("since", sequence(*last_id, "Last-Event-ID"));
  } else if (since) {
    message.emplace_back("since", sequence(*since, "since"));
  }
  return message;
}

/// What can be told before the stream begins, with a status of its own.
void check_collections(const CallPtr& call, const engine::SubscribeRequest& wanted) {
  if (wanted.collections.empty() && wanted.presence.empty()) {
    throw Refusal(ErrorCode::required, "Name the collections to follow").at_field("collections");
  }
  auto view = call->api.engine.read(call->who().tenant, call->who().caller);
  engine::require_followable(call->api.schema, view->actor(), wanted.collections);
}

/// A stream has no answer that HEAD could ask about.
void require_get(const CallPtr& call) {
  if (call->request.method != Method::get) throw Refusal(ErrorCode::method_not_allowed, "GET");
}

}  // namespace

void feed(const CallPtr& call) {
  require_get(call);
  call->answer(websocket_accept(call->request, stream_start(std::make_unique<FeedConnection>(make_session(call)))));
}

void events(const CallPtr& call) {
  require_get(call);
  auto message = events_message(call->request);
  check_collections(call, read_subscribe(message));
  auto handler = std::make_unique<FeedConnection>(make_session(call), json_text(message));
  call->answer(server_sent_events_accept(call->request, stream_start(std::move(handler))));
}

}  // namespace interlock::http
