// SPDX-License-Identifier: Apache-2.0
#include "http/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <system_error>

#include "base/check.h"

namespace interlock::http {
namespace {

thread_local Dispatch* current_dispatch = nullptr;

}  // namespace

Dispatch::Dispatch(const Mailbox* box, std::uint64_t id) : mailbox(box), connection(id) {
  INVARIANT(current_dispatch == nullptr);
  current_dispatch = this;
}

Dispatch::~Dispatch() { current_dispatch = nullptr; }

Dispatch* Dispatch::current() { return current_dispatch; }

void Mail::clear() {
  answers.clear();
  streams.clear();
  sockets.clear();
  drain = stop = false;
}

Mailbox::Mailbox() : wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Mailbox::~Mailbox() {
  for (const auto& socket : mail_.sockets) ::close(socket.fd);
  ::close(wake_fd_);
}

void Mailbox::answer(std::uint64_t connection, Response&& response) {
  auto* dispatch = current_dispatch;
  if (dispatch && dispatch->mailbox == this && dispatch->connection == connection) {
    INVARIANT(!dispatch->answered);
    dispatch->answered = true;
    dispatch->response = std::move(response);
    return;
  }
  std::unique_lock lock(mutex_);
  mail_.answers.push_back({connection, std::move(response)});
  wake(std::move(lock));
}

void Mailbox::send(StreamMail&& mail) {
  std::unique_lock lock(mutex_);
  mail_.streams.push_back(std::move(mail));
  wake(std::move(lock));
}

void Mailbox::send_all(std::vector<StreamMail>&& mails) {
  std::unique_lock lock(mutex_);
  mail_.streams.insert(mail_.streams.end(), std::make_move_iterator(mails.begin()),
                       std::make_move_iterator(mails.end()));
  wake(std::move(lock));
}

void Mailbox::adopt(AcceptedSocket&& socket) {
  std::unique_lock lock(mutex_);
  mail_.sockets.push_back(std::move(socket));
  wake(std::move(lock));
}

void Mailbox::drain() {
  std::unique_lock lock(mutex_);
  mail_.drain = true;
  wake(std::move(lock));
}

void Mailbox::stop() {
  std::unique_lock lock(mutex_);
  mail_.stop = true;
  wake(std::move(lock));
}

void Mailbox::take(Mail& mail) {
  std::lock_guard lock(mutex_);
  std::swap(mail, mail_);
  woken_ = false;
}

void Mailbox::wake(std::unique_lock<std::mutex> lock) {
  if (std::exchange(woken_, true)) return;
  lock.unlock();
  std::uint64_t one = 1;
  auto written = ::write(wake_fd_, &one, sizeof one);
  // EAGAIN: the counter is full, so the owner has a wake-up to see anyway.
  INVARIANT(written == sizeof one || errno == EAGAIN);
}

}  // namespace interlock::http
