// SPDX-License-Identifier: Apache-2.0
// One io thread: an edge-triggered epoll loop, its mailbox and its connections. A connection stays on its thread for
// life, so that nothing of it is locked. Each round takes the mailbox, then the sockets that are ready, then writes
// what both have brought: answers that leave together wake a client once, where each alone would wake it and be
// interrupted by it. Every limits::connection_tick all connections look at their time limits, which costs less than a
// timer per request.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "http/channel.h"
#include "http/connection.h"
#include "http/mailbox.h"
#include "http/message.h"
#include "http/server.h"

namespace interlock::http {

/// What all io threads of a server share. Counters are only for reading outside.
struct ServerShared {
  ServerOptions options;
  Handler& handler;
  const Clock& clock;
  Random& random;
  std::unique_ptr<TlsContext> tls;
  std::atomic<std::int64_t> open_connections = 0;
  std::atomic<std::int64_t> open_streams = 0;
  std::atomic<std::int64_t> accepted_connections = 0;
  std::atomic<std::int64_t> refused_connections = 0;
  std::atomic<std::int64_t> requests = 0;
  std::atomic<std::int64_t> malformed_requests = 0;
  std::atomic<std::int64_t> cut_streams = 0;
  /// Tells the listener that a connection from that address has gone.
  std::function<void(const std::string& address)> connection_gone;
  TimeHistogram feed_lag{};  ///< of stream payloads with a time of commit
};

/// What is left to write of an answer.
struct Outgoing {
  std::string head;
  Response response;
  std::size_t written = 0;    ///< of head and content
  std::string piece;          ///< of a content that is read while it is sent: what was read last
  std::size_t piece_end = 0;  ///< where it ends in the content
};

class IoThread {
 public:
  explicit IoThread(ServerShared& shared);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  /// Serves until the mailbox says stop. `listen_fd` (or -1) is watched; `accept` is called when it is readable and
  /// says whether to go on watching it; after a no it is asked again at the next tick.
  void run(int listen_fd, const std::function<bool()>& accept);
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

  // For connections, on this thread.

  ServerShared& shared() { return shared_; }
  /// Steady time of this round.
  Duration now() const { return now_; }
  std::string_view date() const { return date_; }
  bool draining() const { return draining_; }
  /// Room for one read, shared by all connections of the thread.
  std::span<char> read_room() { return {read_room_.get(), read_room_bytes}; }
  std::string next_request_id();
  /// Asks for Connection::on_flush() once this round has looked at all sockets, or has taken
  /// limits::answers_held_time_max.
  void want_flush(std::uint64_t id, Connection& connection);
  /// An empty answer to fill, whose memory was used before if possible.
  std::unique_ptr<Outgoing> take_outgoing();
  void give_back(std::unique_ptr<Outgoing> outgoing);

 private:
  static constexpr std::size_t read_room_bytes = 64 * 1024;

  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;
    std::string address;
  };

  void watch(int fd, std::uint64_t id, std::uint32_t events);
  void take_mail();
  void adopt(AcceptedSocket&& socket);
  void begin_drain();
  void flush();
  void round(int timeout_ms);
  void listener_ready();
  void tick();
  void refresh_time();
  Slot* find(std::uint64_t id);
  /// After each call of a connection: removes it, or puts its successor in its place.
  void settle(std::uint64_t id, Slot& slot);

  ServerShared& shared_;
  const std::shared_ptr<Mailbox> mailbox_;
  const int epoll_fd_;
  int listen_fd_ = -1;
  bool listening_ = false;
  std::function<bool()> accept_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::uint64_t> to_flush_;
  std::vector<std::uint64_t> flush_next_;  ///< asked for while flushing
  bool flushing_ = false;
  Mail mail_;
  Duration now_;
  Duration next_tick_;
  std::int64_t date_second_ = 0;
  std::string date_;
  bool draining_ = false;
  bool stopped_ = false;
  std::unique_ptr<char[]> read_room_;
  std::vector<std::unique_ptr<Outgoing>> spare_outgoing_;
  std::uint32_t id_prefix_;
  std::uint32_t next_id_ = 0;
};

}  // namespace interlock::http
