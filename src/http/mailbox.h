// SPDX-License-Identifier: Apache-2.0
// How other threads reach an io thread: answers, stream payloads and commands, taken in one swap before the thread
// looks at its sockets. Bounded by what feeds it: one answer per open request, the queue bound of each stream, a few
// commands.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/message.h"
#include "http/stream.h"

namespace interlock::http {

/// For a stream: a payload to send, or with a null payload an end. `code` 0 is the cut without a farewell.
struct StreamMail {
  std::uint64_t connection;
  Payload payload;
  std::uint16_t code = 0;
  Duration committed{};  ///< see Stream::send
};

struct AnswerMail {
  std::uint64_t connection;
  Response response;
};

/// A socket accepted for this thread.
struct AcceptedSocket {
  int fd;
  std::string peer_address;
};

/// What take() hands over; the vectors are swapped, so that their memory is used again.
struct Mail {
  std::vector<AnswerMail> answers;
  std::vector<StreamMail> streams;
  std::vector<AcceptedSocket> sockets;
  bool drain = false;
  bool stop = false;
  void clear();
};

class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread.
  void answer(std::uint64_t connection, Response&& response);
  void send(StreamMail&& mail);
  void send_all(std::vector<StreamMail>&& mails);
  void adopt(AcceptedSocket&& socket);
  void drain();
  void stop();

  // The owner.

  /// Readable (edge-triggered) when something was put in by another thread.
  int wake_fd() const { return wake_fd_; }
  /// Swaps the contents with `mail`, which must be empty.
  void take(Mail& mail);

 private:
  /// Wakes the owner unless it has been woken since its last take(). `lock` is released first.
  void wake(std::unique_lock<std::mutex> lock);

  std::mutex mutex_;
  Mail mail_;
  bool woken_ = false;
  const int wake_fd_;
};

/// While an io thread calls the handler, an answer given inline lands here and needs no mailbox.
struct Dispatch {
  const Mailbox* mailbox;
  std::uint64_t connection;
  bool answered = false;
  Response response;

  Dispatch(const Mailbox* box, std::uint64_t id);
  ~Dispatch();
  static Dispatch* current();
};

}  // namespace interlock::http
