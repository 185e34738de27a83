// SPDX-License-Identifier: Apache-2.0
// Streams: what a connection becomes after a WebSocket upgrade or a server-sent-events answer. Outgoing payloads are
// wire bytes, encoded once and shared by all who get them; what is pending for a connection leaves in one system call.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace interlock::http {

class Mailbox;

/// Encoded bytes as they go over the wire: see websocket_text and server_sent_event.
using Payload = std::shared_ptr<const std::string>;

enum class StreamKind : std::uint8_t { websocket, server_sent_events };

/// The sending end of one stream, shared and thread-safe. Stays valid after the connection has gone.
class Stream {
 public:
  Stream(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, StreamKind kind, std::size_t queue_bytes_max);

  /// Queues the payload. `committed`: the steady time of the commit that it tells of, for ServerStats::feed_lag; zero:
  /// it tells of none, or of one long ago. False if the stream has ended, or if more than `queue_bytes_max` would wait:
  /// then the consumer is too slow and the connection is cut off.
  bool send(Payload payload, Duration committed = {});
  /// Sends what is queued, then closes; `code` is the WebSocket close code.
  void close(std::uint16_t code = 1000);
  bool is_open() const { return !ended_.load(std::memory_order_acquire); }
  /// It ended because too much waited for the consumer, and not because the consumer went.
  bool is_cut_off() const { return cut_off_.load(std::memory_order_acquire); }
  StreamKind kind() const { return kind_; }
  std::size_t queued_bytes() const { return queued_bytes_.load(std::memory_order_relaxed); }

  /// One payload to many; takes each io thread's mailbox once.
  static void send_to_all(std::span<const std::shared_ptr<Stream>> streams, const Payload& payload);

  // For the transport.
  void written(std::size_t bytes) { queued_bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  void count_own(std::size_t bytes) { queued_bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  void end() { ended_.store(true, std::memory_order_release); }

 private:
  /// Counts the bytes; on overflow marks the stream as ended and asks for the cut.
  bool admit(std::size_t bytes);

  const std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t connection_;
  const std::size_t queue_bytes_max_;
  const StreamKind kind_;
  std::atomic<bool> ended_ = false, cut_off_ = false;
  std::atomic<std::size_t> queued_bytes_ = 0;
};

/// The receiving end. All calls come from the connection's io thread, on_open first, on_close last and exactly once.
/// An exception from on_text ends the stream.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  virtual void on_open(std::shared_ptr<Stream> stream) = 0;
  /// One complete text message, valid UTF-8, within the size bound.
  virtual void on_text(std::string_view text) = 0;
  /// Every limits::feed_heartbeat_interval: the time to say that nothing happened.
  virtual void on_beat() {}
  /// Everything that was queued has been taken by the socket.
  virtual void on_drained() {}
  virtual void on_close() = 0;
};

/// Asks the transport to turn the connection of an answer into a stream. For a WebSocket the answer must be the one of
/// websocket_accept().
struct StreamStart {
  StreamKind kind = StreamKind::websocket;
  std::unique_ptr<StreamHandler> handler;
  std::size_t message_bytes_max = 0;  ///< of incoming messages; larger ones end the stream with 1009
  std::size_t queue_bytes_max = 0;    ///< of outgoing payloads not yet taken by the peer
};

}  // namespace interlock::http
