// SPDX-License-Identifier: Apache-2.0
#include "http/stream.h"

#include <utility>
#include <vector>

#include "http/mailbox.h"

namespace interlock::http {

Stream::Stream(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, StreamKind kind, std::size_t queue_bytes_max)
    : mailbox_(std::move(mailbox)), connection_(connection), queue_bytes_max_(queue_bytes_max), kind_(kind) {}

bool Stream::admit(std::size_t bytes) {
  if (!is_open()) return false;
  auto before = queued_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (before + bytes <= queue_bytes_max_) return true;
  if (!ended_.exchange(true)) {
    cut_off_.store(true, std::memory_order_release);
    mailbox_->send({connection_, nullptr, 0});
  }
  return false;
}

bool Stream::send(Payload payload, Duration committed) {
  if (!admit(payload->size())) return false;
  mailbox_->send({connection_, std::move(payload), 0, committed});
  return true;
}

void Stream::close(std::uint16_t code) {
  if (!ended_.exchange(true)) mailbox_->send({connection_, nullptr, code});
}

void Stream::send_to_all(std::span<const std::shared_ptr<Stream>> streams, const Payload& payload) {
  std::vector<std::pair<Mailbox*, std::vector<StreamMail>>> by_thread;
  for (const auto& stream : streams) {
    if (!stream->admit(payload->size())) continue;
    auto* mailbox = stream->mailbox_.get();
    std::size_t i = 0;
    while (i < by_thread.size() && by_thread[i].first != mailbox) ++i;
    if (i == by_thread.size()) by_thread.push_back({mailbox, {}});
    by_thread[i].second.push_back({stream->connection_, payload, 0});
  }
  for (auto& [mailbox, mails] : by_thread) mailbox->send_all(std::move(mails));
}

}  // namespace interlock::http
