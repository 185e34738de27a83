// SPDX-License-Identifier: Apache-2.0
#include "http/http_connection.h"

#include <algorithm>
#include <array>
#include <exception>

#include "base/limits.h"
#include "base/log.h"
#include "http/io_thread.h"
#include "http/problem.h"
#include "http/raw_header_check.h"
#include "http/response_writer.h"
#include "http/stream_connection.h"
#include "http/text.h"

namespace interlock::http {
namespace {

constexpr Duration never{INT64_MAX};

/// A transfer may take the allowed stall, and beyond that as long as it keeps up the least rate: drip-feeding ends.
Duration transfer_deadline(Duration begun, Duration now, Duration stall_max, std::size_t moved) {
  auto earned = microseconds(static_cast<std::int64_t>(moved) * 1'000'000 / limits::transfer_bytes_per_second_min);
  return std::min(now + stall_max, begun + stall_max + earned);
}

}  // namespace

HttpConnection::HttpConnection(IoThread& io, std::uint64_t id, Channel channel, std::string peer_address)
    : io_(io), id_(id), channel_(std::move(channel)), peer_address_(std::move(peer_address)) {
  // A connection that never sends anything is as slow as one that sends half a header.
  deadline_ = io_.now() + io_.shared().options.header_time_max;
  io_.shared().open_connections.fetch_add(1, std::memory_order_relaxed);
}

HttpConnection::~HttpConnection() { io_.shared().open_connections.fetch_sub(1, std::memory_order_relaxed); }

void HttpConnection::on_ready(Readiness ready) {
  // TLS may have waited for room to write before it could read.
  readable_ |= ready.readable || (ready.writable && channel_.secure());
  peer_closed_ |= ready.peer_closed;
  if (ready.broken && phase_ != Phase::reading) return end();
  if (ready.writable && phase_ == Phase::writing) flush();
  advance();
}

void HttpConnection::on_answer(Response&& response) {
  if (phase_ != Phase::handling) return;
  answer(std::move(response));
  advance();
}

void HttpConnection::on_flush() {
  if (phase_ == Phase::writing) flush();
  advance();
}

void HttpConnection::on_drain() {
  keep_alive_ = false;
  if (phase_ == Phase::reading && !parser_ && pending_.empty()) end();
}

void HttpConnection::on_tick(Duration now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::reading:
      if (parser_ || !pending_.empty()) {
        refuse({ErrorCode::too_slow, "The request came too slowly"});
        advance();
      } else {
        end();
      }
      return;
    case Phase::handling:
    case Phase::upgraded:
      return;
    case Phase::writing:
    case Phase::lingering:
      return end();
  }
}

void HttpConnection::advance() {
  while (!finished_) {
    if (phase_ == Phase::lingering) return discard();
    if (phase_ == Phase::upgraded) return become_stream();
    if (phase_ != Phase::reading) return;
    if (fresh_input_) {
      fresh_input_ = false;
      std::string input;
      input.swap(pending_);
      take(input);
    } else if (readable_) {
      read_more();
    } else {
      return;
    }
  }
}

void HttpConnection::read_more() {
  auto room = io_.read_room();
  auto result = channel_.read(room.data(), room.size());
  if (result.status == IoStatus::closed) return end();
  // A short read has emptied the socket: the next bytes raise a new edge, and no call is needed to learn EAGAIN. Only
  // an end of file that was announced together with these bytes has had its edge already.
  if (result.drained && (!peer_closed_ || result.status == IoStatus::would_block)) readable_ = false;
  if (result.status == IoStatus::would_block) return;
  std::string_view bytes(room.data(), result.bytes);
  if (pending_.empty()) return take(bytes);
  std::string input;
  input.swap(pending_);
  input.append(bytes);
  take(input);
}

/// Works on `bytes`, which do not belong to pending_ (empty now), and keeps what is left.
void HttpConnection::take(std::string_view bytes) {
  auto used = process(bytes);
  if (finished_ || phase_ == Phase::lingering || used == bytes.size()) return;
  pending_.assign(bytes.substr(used));
  fresh_input_ = phase_ != Phase::reading;
}

std::size_t HttpConnection::process(std::string_view input) {
  std::size_t used = 0;
  while (phase_ == Phase::reading && !finished_ && used < input.size()) {
    auto rest = input.substr(used);
    auto step = parser_ ? process_body(rest) : process_header(rest);
    if (step == 0) break;
    used += step;
  }
  return used;
}

std::size_t HttpConnection::process_header(std::string_view input) {
  // One empty line before a request is forgiven (RFC 9112, 2.2).
  if (input.starts_with("\r\n")) return 2;
  if (scanned_ == 0) deadline_ = io_.now() + io_.shared().options.header_time_max;
  auto end = header_end(input, scanned_);
  if (end == std::string_view::npos) {
    refuse({ErrorCode::malformed_request, "A line ends in a bare LF"});
    return 0;
  }
  if (end > limits::request_header_bytes_max || (end == 0 && input.size() >= limits::request_header_bytes_max)) {
    refuse({ErrorCode::header_too_large, "The header is too large", limits::request_header_bytes_max});
    return 0;
  }
  if (end == 0) {
    // From the last byte again, since a CR may wait for its LF.
    scanned_ = input.size() - 1;
    return 0;
  }
  scanned_ = 0;
  begin_request(input.substr(0, end));
  return end;
}

void HttpConnection::begin_request(std::string_view head) {
  request_ = Request();
  request_.secure = channel_.secure();
  request_.peer_address = peer_address_;
  request_id_ = io_.next_request_id();
  request_.id = request_id_;
  parser_.emplace();
  auto fault = parser_->header(head, request_);
  head_only_ = request_.method == Method::head;
  http_1_0_ = request_.http_1_0;
  if (fault) return refuse(*fault);
  const auto& shared = io_.shared();
  const auto piecewise_max = shared.handler.body_piecewise_max(request_);
  if (auto long_body = parser_->limit_body(piecewise_max.value_or(shared.options.body_bytes_max), !piecewise_max))
    return refuse(*long_body);
  const auto expect = request_.header("expect");
  if (expect && !equal_ignoring_case(*expect, "100-continue"))
    return refuse({ErrorCode::malformed_request, "Unknown expectation"});
  expects_continue_ = expect.has_value();
  keep_alive_ = parser_->keep_alive() && !io_.draining();
  if (parser_->done()) return dispatch();
  if (piecewise_max) {
    request_.body_follows = true;
    return hand_over();
  }
  begin_body(nullptr);
}

/// The time for the body begins; what asked whether it may come is told so.
void HttpConnection::begin_body(std::unique_ptr<BodySink> sink) {
  sink_ = std::move(sink);
  phase_ = Phase::reading;
  fresh_input_ = !pending_.empty();
  phase_begun_ = io_.now();
  moved_ = 0;
  deadline_ = phase_begun_ + io_.shared().options.body_stall_max;
  if (!expects_continue_) return;
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  iovec part{const_cast<char*>(go_on.data()), go_on.size()};
  // The socket's buffer is empty here; if it takes nothing, the peer sends its body anyway after a while.
  channel_.write({&part, 1});
}

std::size_t HttpConnection::process_body(std::string_view input) {
  std::size_t used = 0;
  if (auto fault = parser_->body(input, used)) {
    refuse(*fault);
    return 0;
  }
  if (sink_ && !request_.body.empty()) {
    sink_->write(request_.body);
    request_.body.clear();
  }
  if (parser_->done()) {
    sink_ ? finish_body() : dispatch();
    return used;
  }
  if (input.size() - used > limits::request_header_bytes_max) {
    refuse({ErrorCode::malformed_request, "A chunk header is too long"});
    return 0;
  }
  moved_ += used;
  deadline_ = transfer_deadline(phase_begun_, io_.now(), io_.shared().options.body_stall_max, moved_);
  return used;
}

void HttpConnection::dispatch() {
  parser_.reset();
  hand_over();
}

/// The whole request, or the head of one whose body the handler may ask for.
void HttpConnection::hand_over() {
  phase_ = Phase::handling;
  deadline_ = never;
  io_.shared().requests.fetch_add(1, std::memory_order_relaxed);
  Dispatch inline_answer(io_.mailbox().get(), id_);
  try {
    io_.shared().handler.handle(std::move(request_), Responder(io_.mailbox(), id_));
  } catch (const std::exception& error) {
    log(LogLevel::error, "request_failed", {{"request_id", request_id_}, {"reason", error.what()}});
  }
  if (inline_answer.answered) answer(std::move(inline_answer.response));
}

void HttpConnection::finish_body() {
  phase_ = Phase::handling;
  deadline_ = never;
  parser_.reset();
  Dispatch inline_answer(io_.mailbox().get(), id_);
  // Kept until finish() has returned: what it calls is its own.
  const auto sink = std::move(sink_);
  try {
    sink->finish(Responder(io_.mailbox(), id_));
  } catch (const std::exception& error) {
    log(LogLevel::error, "request_failed", {{"request_id", request_id_}, {"reason", error.what()}});
  }
  if (inline_answer.answered) answer(std::move(inline_answer.response));
}

void HttpConnection::refuse(const RequestFault& fault) {
  io_.shared().malformed_requests.fetch_add(1, std::memory_order_relaxed);
  keep_alive_ = false;
  if (fault.of_target && (request_.method == Method::get || request_.method == Method::head)) {
    if (auto page = io_.shared().handler.page_for_unreadable_target(request_)) return answer(std::move(*page));
  }
  Refusal refusal(fault.code, std::string(fault.reason));
  if (fault.limit > 0) refusal.limit = static_cast<std::int64_t>(fault.limit);
  answer(problem_response(refusal));
}

void HttpConnection::answer(Response&& response) {
  if (response.body_sink) return begin_body(std::move(response.body_sink));
  if (parser_) keep_alive_ = false;  // there is a body that nobody reads
  parser_.reset();
  sink_.reset();
  scanned_ = 0;
  if (response.close || io_.draining()) keep_alive_ = false;
  if (request_id_.empty()) request_id_ = io_.next_request_id();
  outgoing_ = io_.take_outgoing();
  append_response_head(outgoing_->head, response, {io_.date(), request_id_, keep_alive_, http_1_0_, channel_.secure()});
  stream_ = std::move(response.stream);
  if (!head_only_ && !stream_ && !status_without_content(response.status)) {
    outgoing_->response = std::move(response);
  }
  phase_ = Phase::writing;
  phase_begun_ = io_.now();
  moved_ = 0;
  deadline_ = transfer_deadline(phase_begun_, io_.now(), io_.shared().options.write_stall_max, moved_);
  io_.want_flush(id_, *this);
}

/// The next bytes of the content; of one that is read while it is sent, the next piece. False if that cannot be read.
bool HttpConnection::next_content(std::string_view& content) {
  auto& out = *outgoing_;
  const auto sent = out.written > out.head.size() ? out.written - out.head.size() : 0;
  auto* source = out.response.source.get();
  if (!source) {
    content = out.response.content().substr(sent);
    return true;
  }
  content = {};
  if (sent == source->size()) return true;
  if (sent == out.piece_end) {
    auto room = io_.read_room();
    const auto wanted = std::min(room.size(), source->size() - sent);
    try {
      out.piece.assign(room.data(), source->read(sent, room.data(), wanted));
    } catch (const std::exception& error) {
      log(LogLevel::error, "read_failed", {{"request_id", request_id_}, {"reason", error.what()}});
      return false;
    }
    if (out.piece.empty()) return false;  // shorter than it was
    out.piece_end = sent + out.piece.size();
  }
  content = std::string_view(out.piece).substr(out.piece.size() - (out.piece_end - sent));
  return true;
}

void HttpConnection::flush() {
  while (outgoing_) {
    auto& out = *outgoing_;
    std::string_view head = out.head;
    std::string_view content;
    head.remove_prefix(std::min(out.written, head.size()));
    // Less than its length has been sent: only the end of the connection can tell.
    if (!next_content(content)) return end();
    if (head.empty() && content.empty()) {
      io_.give_back(std::move(outgoing_));
      return after_write();
    }
    std::array<iovec, 2> parts{iovec{const_cast<char*>(head.data()), head.size()},
                               iovec{const_cast<char*>(content.data()), content.size()}};
    // TLS takes one record at a time: go on until the socket itself says no, since only then it will tell when to go
    // on.
    auto result = channel_.write({parts.data(), content.empty() ? 1u : 2u});
    if (result.status == IoStatus::closed) return end();
    if (result.status == IoStatus::would_block) return;
    out.written += result.bytes;
    moved_ += result.bytes;
    deadline_ = transfer_deadline(phase_begun_, io_.now(), io_.shared().options.write_stall_max, moved_);
  }
}

void HttpConnection::after_write() {
  if (stream_) {
    phase_ = Phase::upgraded;
    deadline_ = never;
    return;
  }
  if (!keep_alive_) return linger();
  phase_ = Phase::reading;
  deadline_ = io_.now() + io_.shared().options.idle_max;
  request_id_.clear();
  head_only_ = http_1_0_ = false;  // what comes next may be refused before it is known to be a request
}

void HttpConnection::become_stream() {
  successor_ = make_stream_connection(io_, id_, std::move(channel_), std::move(*stream_), std::move(pending_));
  stream_.reset();
}

void HttpConnection::linger() {
  phase_ = Phase::lingering;
  deadline_ = io_.now() + limits::linger_time_max;
  moved_ = 0;
  channel_.shutdown_write();
  readable_ = true;
}

void HttpConnection::discard() {
  auto room = io_.read_room();
  while (readable_) {
    auto result = channel_.read(room.data(), room.size());
    if (result.status == IoStatus::closed) return end();
    if (result.drained) readable_ = false;
    moved_ += result.bytes;
    if (moved_ > limits::linger_bytes_max) return end();
  }
}

}  // namespace interlock::http
