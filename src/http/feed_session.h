// SPDX-License-Identifier: Apache-2.0
// One subscriber's connection to the feed: reads what the client asks for, hands on what the engine delivers.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "http/context.h"
#include "http/stream.h"

namespace interlock::http {

/// Where one subscription delivers: encodes each message once for all subscribers of a kind that get it one after the
/// other, and remembers how far the subscriber has come.
class FeedOutlet final : public engine::FeedSink {
 public:
  /// `name` stands in every message as `subscription`; empty: there is none.
  explicit FeedOutlet(std::shared_ptr<Stream> stream, std::string name = {});
  const std::string& name() const { return name_; }
  bool deliver(const engine::FeedMessage& message) override;
  bool has_room() override;
  /// Sends {"type":"heartbeat"} with the sequence up to which this subscriber has been given everything.
  void beat(std::int64_t at_least);

 private:
  Payload encode(const engine::FeedMessage& message) const;
  const std::shared_ptr<Stream> stream_;
  const std::string name_;
  std::string begin_;  ///< of a message with the name: `{"subscription":"a",`
  std::mutex mutex_;   ///< a heartbeat must not overtake a change, nor be overtaken by one
  std::int64_t seq_ = 0;
};

/// Shared by the connection and the work it started; thread-safe. Messages of one client are worked on one after the
/// other, on ApiContext::feeds, since catching up may take a while.
class FeedSession : public std::enable_shared_from_this<FeedSession> {
 public:
  /// Throws Refusal too_many if the session or token has too many streams.
  FeedSession(ApiContext& api, Login login, std::string token);

  void open(std::shared_ptr<Stream> stream);
  /// Takes one message of the client. Closes the stream when too many wait.
  void take(std::string message);
  /// Heartbeat, and a look whether the session is still good.
  void beat();
  /// There is room again: goes on with catching up.
  void drained();
  void close();

 private:
  struct Held {
    std::shared_ptr<FeedOutlet> outlet;
    std::unique_ptr<engine::Subscription> subscription;
  };
  /// A catch-up that waits for room.
  struct Paused {
    std::shared_ptr<FeedOutlet> outlet;
    engine::SubscribeRequest request;
  };

  /// Has work() run if it does not already; false if the pool is full. The mutex is held.
  bool start_work();
  void work();
  /// The next thing to do, under the mutex; nothing when there is none.
  std::function<void()> next_work();
  void subscribe(Paused wanted);
  void unsubscribe(const std::string& name);
  void require_room(const std::string& name);
  void answer(const std::string& message);
  void set_presence(const Json& message);
  void send_error(const Refusal& refusal, const std::string& name = {});
  void check_session();

  ApiContext& api_;
  const Login login_;
  const std::string token_;
  const std::uint64_t connection_;
  std::shared_ptr<void> place_;  ///< among the session's streams
  std::shared_ptr<Stream> stream_;
  std::mutex mutex_;
  std::deque<std::string> waiting_;
  bool working_ = false;
  bool closed_ = false;
  bool present_ = false;
  std::vector<Held> held_;
  std::vector<Paused> paused_;
};

/// Ties a session to its connection. A first message that was not sent by the client (events: the query) may be given.
class FeedConnection final : public StreamHandler {
 public:
  FeedConnection(std::shared_ptr<FeedSession> session, std::string first = {})
      : session_(std::move(session)), first_(std::move(first)) {}
  void on_open(std::shared_ptr<Stream> stream) override;
  void on_text(std::string_view text) override { session_->take(std::string(text)); }
  void on_beat() override { session_->beat(); }
  void on_drained() override { session_->drained(); }
  void on_close() override { session_->close(); }

 private:
  const std::shared_ptr<FeedSession> session_;
  std::string first_;
};

/// Reads {"type":"subscribe",…}, but for its name. Throws Refusal.
engine::SubscribeRequest read_subscribe(const Json& message);

}  // namespace interlock::http
