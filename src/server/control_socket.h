// SPDX-License-Identifier: Apache-2.0
// The control socket's two ends: lines of JSON over a Unix socket. See control.h for what is said.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/json.h"

namespace interlock::server {

/// An open file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// Lines over one connection. One thread at a time.
class LineConnection {
 public:
  explicit LineConnection(Descriptor fd) : fd_(std::move(fd)) {}
  /// The next line without its end; nothing at the end of the connection. Throws std::runtime_error for a line beyond
  /// limits::control_line_bytes_max.
  std::optional<std::string> read_line();
  /// False if the other side is gone.
  bool write_line(std::string text);
  int fd() const { return fd_.get(); }

 private:
  Descriptor fd_;
  std::string buffer_;
};

/// Connects to DIRECTORY/control.sock; an empty descriptor if nobody listens there.
Descriptor connect_control(const std::string& directory);

/// Listens on DIRECTORY/control.sock and answers each line by `answer`, at most limits::control_connections_max
/// connections at once. Whoever makes it must hold the data directory's lock: a socket left behind is replaced.
class ControlSocket {
 public:
  ControlSocket(const std::string& directory, std::function<Json(const Json&)> answer);
  /// Lets requests in progress be answered, then ends all connections.
  ~ControlSocket();

 private:
  void accept_loop();
  void serve(LineConnection& connection);

  std::string directory_;
  std::function<Json(const Json&)> answer_;
  Descriptor listener_;
  Descriptor wake_;
  std::mutex mutex_;
  std::list<LineConnection> connections_;
  std::condition_variable ended_;
  std::thread acceptor_;
};

}  // namespace interlock::server
