// SPDX-License-Identifier: Apache-2.0
// What an io thread keeps per socket. A connection is driven by calls from its thread only and never deletes itself: it
// says finished() and is removed after the call; an HTTP connection that becomes a stream leaves a successor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/time.h"
#include "http/mailbox.h"
#include "http/message.h"

namespace interlock::http {

struct Readiness {
  bool readable = false;
  bool writable = false;
  bool peer_closed = false;  ///< the peer will send no more
  bool broken = false;       ///< reset, or closed in both directions
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void on_ready(Readiness ready) = 0;
  /// Every limits::connection_tick: the place for all time limits.
  virtual void on_tick(Duration now) = 0;
  /// The server is shutting down: finish what is in progress, then end.
  virtual void on_drain() = 0;
  /// The answer to the request in progress.
  virtual void on_answer(Response&&) {}
  /// Stream mail: queue, and write in on_flush(), which comes once for all mail of a round.
  virtual void on_stream_mail(StreamMail&&) {}
  virtual void on_flush() {}

  bool finished() const { return finished_; }
  std::unique_ptr<Connection> take_successor() { return std::move(successor_); }

  bool flush_wanted = false;  ///< for the io thread: is already on its list of this round

 protected:
  bool finished_ = false;
  std::unique_ptr<Connection> successor_;
};

}  // namespace interlock::http
