// SPDX-License-Identifier: Apache-2.0
#include "server/control_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/limits.h"
#include "base/log.h"
#include "base/refusal.h"

namespace interlock::server {
namespace {

constexpr const char* socket_name = "control.sock";

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// The socket's address by way of the directory's descriptor: sun_path holds 107 bytes, a data directory's path may be
/// longer.
sockaddr_un address_in(const Descriptor& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = fmt::format("/proc/self/fd/{}/{}", directory.get(), socket_name);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Descriptor open_directory(const std::string& path) {
  return Descriptor(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Descriptor make_socket() { return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

std::optional<std::string> LineConnection::read_line() {
  std::size_t searched = 0;
  while (true) {
    if (const auto end = buffer_.find('\n', searched); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    searched = buffer_.size();
    if (searched > limits::control_line_bytes_max)
      throw std::runtime_error(
          fmt::format("a line on the control socket has at most {} bytes", limits::control_line_bytes_max));
    char chunk[65'536];
    const auto got = recv(fd_.get(), chunk, sizeof(chunk), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

bool LineConnection::write_line(std::string text) {
  text += '\n';
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto sent = send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Descriptor connect_control(const std::string& directory) {
  const auto at = open_directory(directory);
  if (!at) return Descriptor();
  auto fd = make_socket();
  if (!fd) fail("cannot make a socket");
  const auto address = address_in(at);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  if (errno == ENOENT || errno == ECONNREFUSED) return Descriptor();
  fail(fmt::format("cannot connect to {}/{}", directory, socket_name));
}

ControlSocket::ControlSocket(const std::string& directory, std::function<Json(const Json&)> answer)
    : directory_(directory), answer_(std::move(answer)), listener_(make_socket()), wake_(eventfd(0, EFD_CLOEXEC)) {
  const auto at = open_directory(directory);
  if (!at || !listener_ || !wake_) fail(fmt::format("cannot open a control socket in {}", directory));
  unlinkat(at.get(), socket_name, 0);
  const auto address = address_in(at);
  const auto old_mask = umask(0177);
  const int bound = bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  umask(old_mask);
  if (bound != 0 || listen(listener_.get(), 8) != 0)
    fail(fmt::format("cannot listen on {}/{}", directory, socket_name));
  acceptor_ = std::thread([this] { accept_loop(); });
}

ControlSocket::~ControlSocket() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof(one));
  acceptor_.join();
  std::unique_lock lock(mutex_);
  // No more requests; the answer to one in progress can still be written.
  for (auto& connection : connections_) shutdown(connection.fd(), SHUT_RD);
  ended_.wait(lock, [this] { return connections_.empty(); });
  unlink((directory_ + "/" + socket_name).c_str());
}

void ControlSocket::accept_loop() {
  while (true) {
    pollfd waits[2] = {{listener_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 && errno != EINTR) return;
    if (waits[1].revents != 0) return;
    if (waits[0].revents == 0) continue;
    LineConnection connection(Descriptor(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    if (connection.fd() < 0) continue;
    const std::lock_guard lock(mutex_);
    if (connections_.size() >= limits::control_connections_max) {
      connection.write_line(R"({"error":"too many commands run at once; try again","code":"overloaded"})");
      continue;
    }
    const auto place = connections_.insert(connections_.end(), std::move(connection));
    std::thread([this, place] {
      serve(*place);
      const std::lock_guard ended_lock(mutex_);
      connections_.erase(place);
      ended_.notify_all();
    }).detach();
  }
}

void ControlSocket::serve(LineConnection& connection) {
  try {
    while (const auto line = connection.read_line())
      if (!connection.write_line(json_text(answer_(parse_json(*line))))) return;
  } catch (const std::exception& error) {
    log(LogLevel::warning, "control_request_malformed", {{"error", error.what()}});
    connection.write_line(
        json_text(Json(JsonObject{{"error", Json(error.what())}, {"code", Json("malformed_request")}})));
  }
}

}  // namespace interlock::server
