// SPDX-License-Identifier: Apache-2.0
#include "http/stream_connection.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "http/io_thread.h"
#include "http/server_sent_events.h"
#include "http/websocket.h"

namespace interlock::http {
namespace {

class StreamConnection final : public Connection {
 public:
  StreamConnection(IoThread& io, std::uint64_t id, Channel channel, StreamStart start, std::string pending);
  ~StreamConnection() override;

  void on_ready(Readiness ready) override;
  void on_tick(Duration now) override;
  void on_drain() override { say_goodbye(close_code::going_away); }
  void on_stream_mail(StreamMail&& mail) override;
  void on_flush() override { flush(); }

 private:
  bool is_websocket() const { return decoder_.has_value(); }
  void read();
  void take(std::string_view bytes);
  /// False when the stream is over.
  bool take_event(FrameDecoder::Event event);
  /// A control frame of our own, under the same bound as payloads.
  void enqueue_own(Payload payload);
  void enqueue(Payload payload, Duration committed);
  void say_goodbye(std::uint16_t code);
  void flush();
  void written(std::size_t bytes);
  void measure_lag(std::size_t first);
  void cut();

  IoThread& io_;
  Channel channel_;
  const std::shared_ptr<Stream> stream_;
  const std::size_t queue_bytes_max_;
  std::unique_ptr<StreamHandler> handler_;
  std::optional<FrameDecoder> decoder_;
  struct Queued {
    Payload payload;
    Duration committed;
  };
  std::vector<Queued> queue_;
  std::size_t queue_head_ = 0;  ///< first payload not fully written
  std::size_t front_written_ = 0;
  bool opened_ = false;
  bool readable_ = true;  ///< the edge may have been seen by the HTTP connection
  bool peer_closed_ = false;
  bool closing_ = false;  ///< the farewell is queued: nothing is accepted after it
  bool ping_open_ = false;
  Duration next_ping_;
  Duration next_beat_;
  Duration deadline_;  ///< of progress in writing, while something is queued; after the farewell, of the end
  Duration message_deadline_;
  std::string pending_;
};

StreamConnection::StreamConnection(IoThread& io, std::uint64_t id, Channel channel, StreamStart start,
                                   std::string pending)
    : io_(io),
      channel_(std::move(channel)),
      stream_(std::make_shared<Stream>(io.mailbox(), id, start.kind, start.queue_bytes_max)),
      queue_bytes_max_(start.queue_bytes_max),
      handler_(std::move(start.handler)),
      next_ping_(io.now() + io.shared().options.ping_interval),
      next_beat_(io.now() + limits::feed_heartbeat_interval),
      pending_(std::move(pending)) {
  if (start.kind == StreamKind::websocket) decoder_.emplace(start.message_bytes_max, limits::websocket_fragments_max);
  io_.shared().open_connections.fetch_add(1, std::memory_order_relaxed);
  io_.shared().open_streams.fetch_add(1, std::memory_order_relaxed);
}

StreamConnection::~StreamConnection() {
  stream_->end();
  io_.shared().open_connections.fetch_sub(1, std::memory_order_relaxed);
  io_.shared().open_streams.fetch_sub(1, std::memory_order_relaxed);
  if (opened_) handler_->on_close();
}

void StreamConnection::on_ready(Readiness ready) {
  if (ready.broken) return cut();
  readable_ |= ready.readable || (ready.writable && channel_.secure());
  peer_closed_ |= ready.peer_closed;
  if (!std::exchange(opened_, true)) {
    try {
      handler_->on_open(stream_);
    } catch (const std::exception& error) {
      log(LogLevel::error, "stream_failed", {{"reason", error.what()}});
      say_goodbye(close_code::internal_error);
    }
    if (io_.draining()) on_drain();
    std::string first;
    first.swap(pending_);
    take(first);
  }
  if (ready.writable) flush();
  read();
  flush();
}

void StreamConnection::read() {
  auto room = io_.read_room();
  while (readable_ && !finished_) {
    auto result = channel_.read(room.data(), room.size());
    if (result.status == IoStatus::closed) return cut();
    if (result.drained && (!peer_closed_ || result.status == IoStatus::would_block)) readable_ = false;
    if (result.bytes) take({room.data(), result.bytes});
  }
}

void StreamConnection::take(std::string_view bytes) {
  // After the farewell, and from a reader of events, input is read only to see the end.
  if (!is_websocket() || closing_) return;
  bool was_in_message = decoder_->in_message();
  while (take_event(decoder_->next(bytes))) was_in_message = false;
  if (closing_) return;
  if (!decoder_->in_message()) return decoder_->release();
  if (!was_in_message) message_deadline_ = io_.now() + limits::websocket_message_time_max;
}

bool StreamConnection::take_event(FrameDecoder::Event event) {
  switch (event) {
    case FrameDecoder::Event::need_more:
      return false;
    case FrameDecoder::Event::text:
      try {
        handler_->on_text(decoder_->payload());
      } catch (const std::exception& error) {
        log(LogLevel::error, "stream_failed", {{"reason", error.what()}});
        say_goodbye(close_code::internal_error);
      }
      return !closing_;
    case FrameDecoder::Event::ping:
      enqueue_own(websocket_pong(decoder_->payload()));
      return !finished_;
    case FrameDecoder::Event::pong:
      ping_open_ = false;
      return true;
    case FrameDecoder::Event::close:
      say_goodbye(decoder_->code() == 1005 ? close_code::normal : decoder_->code());
      return false;
    case FrameDecoder::Event::fault:
      say_goodbye(decoder_->code());
      return false;
  }
  return false;
}

void StreamConnection::enqueue_own(Payload payload) {
  if (queue_.size() - queue_head_ > 0 && stream_->queued_bytes() + payload->size() > queue_bytes_max_) return cut();
  stream_->count_own(payload->size());
  enqueue(std::move(payload), {});
}

void StreamConnection::on_stream_mail(StreamMail&& mail) {
  if (closing_ || finished_) return;
  if (!mail.payload) return mail.code ? say_goodbye(mail.code) : cut();
  enqueue(std::move(mail.payload), mail.committed);
}

void StreamConnection::enqueue(Payload payload, Duration committed) {
  if (closing_ || finished_) return;
  if (queue_head_ == queue_.size()) deadline_ = io_.now() + io_.shared().options.write_stall_max;
  queue_.push_back({std::move(payload), committed});
}

void StreamConnection::say_goodbye(std::uint16_t code) {
  if (closing_ || finished_) return;
  auto farewell = is_websocket() ? websocket_close(code) : server_sent_end();
  stream_->count_own(farewell->size());
  enqueue(std::move(farewell), {});
  stream_->end();
  closing_ = true;
  deadline_ = io_.now() + limits::linger_time_max;
  flush();
}

void StreamConnection::flush() {
  while (!finished_ && queue_head_ < queue_.size()) {
    std::array<iovec, limits::payloads_per_write_max> parts;
    auto count = std::min(queue_.size() - queue_head_, parts.size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto& payload = *queue_[queue_head_ + i].payload;
      auto skip = i == 0 ? front_written_ : 0;
      parts[i] = {const_cast<char*>(payload.data()) + skip, payload.size() - skip};
    }
    auto result = channel_.write({parts.data(), count});
    if (result.status == IoStatus::closed) return cut();
    if (result.status == IoStatus::would_block) return;
    written(result.bytes);
  }
}

void StreamConnection::written(std::size_t bytes) {
  stream_->written(bytes);
  if (!closing_) deadline_ = io_.now() + io_.shared().options.write_stall_max;
  bytes += front_written_;
  const auto first = queue_head_;
  while (queue_head_ < queue_.size() && bytes >= queue_[queue_head_].payload->size()) {
    bytes -= queue_[queue_head_].payload->size();
    queue_[queue_head_++].payload.reset();
  }
  front_written_ = bytes;
  measure_lag(first);
  if (queue_head_ < queue_.size()) {
    // A queue that never runs empty must not grow at its front.
    if (queue_head_ >= 1'024) {
      queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(queue_head_));
      queue_head_ = 0;
    }
    return;
  }
  queue_.clear();
  queue_head_ = 0;
  if (queue_.capacity() > 16) queue_ = {};
  if (closing_) return channel_.shutdown_write();
  handler_->on_drained();
}

/// Of what was written just now, from `first` on: the clock is read once for all of it.
void StreamConnection::measure_lag(std::size_t first) {
  Duration now;
  for (auto i = first; i < queue_head_; ++i) {
    const auto committed = queue_[i].committed;
    if (committed.us == 0) continue;
    if (now.us == 0) now = io_.shared().clock.monotonic();
    io_.shared().feed_lag.count(std::max(Duration{}, now - committed));
  }
}

void StreamConnection::cut() {
  if (!finished_ && !closing_) io_.shared().cut_streams.fetch_add(!peer_closed_, std::memory_order_relaxed);
  finished_ = true;
  stream_->end();
}

void StreamConnection::on_tick(Duration now) {
  bool stalled = (closing_ || queue_head_ < queue_.size()) && now >= deadline_;
  if (stalled) return cut();
  if (!closing_ && now >= next_beat_) {
    next_beat_ = now + limits::feed_heartbeat_interval;
    handler_->on_beat();
  }
  if (!is_websocket() || closing_) return;
  if (decoder_->in_message() && now >= message_deadline_) return say_goodbye(close_code::policy_violation);
  if (now < next_ping_) return;
  if (ping_open_) return cut();
  ping_open_ = true;
  next_ping_ = now + io_.shared().options.ping_interval;
  enqueue_own(websocket_ping());
  flush();
}

}  // namespace

std::unique_ptr<Connection> make_stream_connection(IoThread& io, std::uint64_t id, Channel channel, StreamStart start,
                                                   std::string pending) {
  return std::make_unique<StreamConnection>(io, id, std::move(channel), std::move(start), std::move(pending));
}

}  // namespace interlock::http
