// SPDX-License-Identifier: Apache-2.0
#include "http/io_thread.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/http_connection.h"
#include "http/response_writer.h"

namespace interlock::http {
namespace {

// Ids of connections are generation (upper half, from 1) and slot (lower half), so these two are never connections.
constexpr std::uint64_t wake_id = 0;
constexpr std::uint64_t listener_id = 1;

}  // namespace

IoThread::IoThread(ServerShared& shared)
    : shared_(shared),
      mailbox_(std::make_shared<Mailbox>()),
      epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)),
      read_room_(std::make_unique<char[]>(read_room_bytes)),
      id_prefix_(static_cast<std::uint32_t>(shared.random.next() & 0xfffffff)) {
  if (epoll_fd_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  watch(mailbox_->wake_fd(), wake_id, EPOLLIN | EPOLLET);
  refresh_time();
  next_tick_ = now_ + limits::connection_tick;
}

IoThread::~IoThread() { ::close(epoll_fd_); }

void IoThread::watch(int fd, std::uint64_t id, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void IoThread::run(int listen_fd, const std::function<bool()>& accept) {
  listen_fd_ = listen_fd;
  accept_ = accept;
  if (listen_fd_ >= 0) {
    watch(listen_fd_, listener_id, EPOLLIN);
    listening_ = true;
  }
  while (!stopped_) {
    to_flush_.swap(flush_next_);
    take_mail();
    if (stopped_) break;
    auto wait_us = flush_next_.empty() ? (next_tick_ - now_).us : 0;
    round(wait_us <= 0 ? 0 : static_cast<int>(wait_us / 1'000 + 1));
  }
  for (auto& slot : slots_) {
    if (slot.connection) shared_.connection_gone(slot.address);
    slot.connection.reset();
  }
}

void IoThread::refresh_time() {
  now_ = shared_.clock.monotonic();
  auto wall = shared_.clock.now();
  if (wall.us / 1'000'000 == date_second_) return;
  date_second_ = wall.us / 1'000'000;
  date_ = http_date(wall);
}

void IoThread::round(int timeout_ms) {
  std::array<epoll_event, limits::events_per_round_max> events;
  int count = ::epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), timeout_ms);
  INVARIANT(count >= 0 || errno == EINTR);
  refresh_time();
  auto begun = now_;
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.u64 == wake_id) continue;
    if (event.data.u64 == listener_id) {
      listener_ready();
      continue;
    }
    auto* slot = find(event.data.u64);
    if (!slot) continue;
    Readiness ready;
    ready.readable = event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    ready.writable = event.events & EPOLLOUT;
    ready.peer_closed = event.events & EPOLLRDHUP;
    ready.broken = event.events & (EPOLLHUP | EPOLLERR);
    slot->connection->on_ready(ready);
    settle(event.data.u64, *slot);
    if (!to_flush_.empty() && shared_.clock.monotonic() - begun > limits::answers_held_time_max) {
      flush();
      begun = shared_.clock.monotonic();
    }
  }
  if (now_ >= next_tick_) tick();
  flush();
}

void IoThread::listener_ready() {
  if (!listening_ || draining_) return;
  if (accept_()) return;
  // Out of descriptors or over the bound: look again at the next tick instead of spinning.
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, listen_fd_, nullptr);
  listening_ = false;
}

void IoThread::take_mail() {
  mailbox_->take(mail_);
  if (mail_.drain) begin_drain();
  for (auto& socket : mail_.sockets) adopt(std::move(socket));
  for (auto& answer : mail_.answers) {
    auto* slot = find(answer.connection);
    if (!slot) continue;
    slot->connection->on_answer(std::move(answer.response));
    settle(answer.connection, *slot);
  }
  for (auto& mail : mail_.streams) {
    const auto connection = mail.connection;
    auto* slot = find(connection);
    if (!slot) continue;
    slot->connection->on_stream_mail(std::move(mail));
    want_flush(connection, *slot->connection);
  }
  flush();
  stopped_ = stopped_ || mail_.stop;
  mail_.clear();
}

void IoThread::begin_drain() {
  if (std::exchange(draining_, true)) return;
  if (listening_) ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, listen_fd_, nullptr);
  listening_ = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].connection) continue;
    slots_[i].connection->on_drain();
    settle(std::uint64_t{slots_[i].generation} << 32 | i, slots_[i]);
  }
}

void IoThread::want_flush(std::uint64_t id, Connection& connection) {
  if (std::exchange(connection.flush_wanted, true)) return;
  // What is asked for in a flush (a pipelined request was answered) waits for the next round, after everybody's
  // sockets.
  (flushing_ ? flush_next_ : to_flush_).push_back(id);
}

void IoThread::flush() {
  flushing_ = true;
  for (auto id : to_flush_) {
    auto* slot = find(id);
    if (!slot) continue;
    slot->connection->flush_wanted = false;
    slot->connection->on_flush();
    settle(id, *slot);
  }
  flushing_ = false;
  to_flush_.clear();
}

std::unique_ptr<Outgoing> IoThread::take_outgoing() {
  if (spare_outgoing_.empty()) return std::make_unique<Outgoing>();
  auto outgoing = std::move(spare_outgoing_.back());
  spare_outgoing_.pop_back();
  return outgoing;
}

void IoThread::give_back(std::unique_ptr<Outgoing> outgoing) {
  if (spare_outgoing_.size() == limits::spare_answers_max) return;
  outgoing->head.clear();
  outgoing->response = Response();
  outgoing->written = 0;
  std::string().swap(outgoing->piece);
  outgoing->piece_end = 0;
  spare_outgoing_.push_back(std::move(outgoing));
}

void IoThread::adopt(AcceptedSocket&& socket) {
  std::uint32_t index = 0;
  if (free_slots_.empty()) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    index = free_slots_.back();
    free_slots_.pop_back();
  }
  auto& slot = slots_[index];
  ++slot.generation;
  auto id = std::uint64_t{slot.generation} << 32 | index;
  slot.address = socket.peer_address;
  int fd = socket.fd;
  try {
    slot.connection = std::make_unique<HttpConnection>(*this, id, Channel(fd, shared_.tls.get()), socket.peer_address);
    watch(fd, id, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
  } catch (const std::exception& error) {
    log(LogLevel::warning, "connection_failed", {{"reason", error.what()}});
    slot.connection.reset();
    free_slots_.push_back(index);
    shared_.connection_gone(slot.address);
  }
}

IoThread::Slot* IoThread::find(std::uint64_t id) {
  auto index = static_cast<std::uint32_t>(id);
  if (index >= slots_.size()) return nullptr;
  auto& slot = slots_[index];
  return slot.connection && slot.generation == id >> 32 ? &slot : nullptr;
}

void IoThread::settle(std::uint64_t id, Slot& slot) {
  while (auto successor = slot.connection->take_successor()) {
    slot.connection = std::move(successor);
    slot.connection->on_ready({});
  }
  if (!slot.connection->finished()) return;
  slot.connection.reset();
  shared_.connection_gone(slot.address);
  free_slots_.push_back(static_cast<std::uint32_t>(id));
}

void IoThread::tick() {
  next_tick_ = now_ + limits::connection_tick;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].connection) continue;
    slots_[i].connection->on_tick(now_);
    settle(std::uint64_t{slots_[i].generation} << 32 | i, slots_[i]);
  }
  if (listen_fd_ >= 0 && !listening_ && !draining_) {
    watch(listen_fd_, listener_id, EPOLLIN);
    listening_ = true;
  }
}

std::string IoThread::next_request_id() {
  // 15 hexadecimal digits: fits the string's own room.
  auto number = std::uint64_t{id_prefix_} << 32 | ++next_id_;
  std::string text(15, '0');
  for (auto i = text.size(); i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  return text;
}

}  // namespace interlock::http
