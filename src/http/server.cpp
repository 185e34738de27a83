// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "http/io_thread.h"
#include "http/loopback.h"

namespace interlock::http {
namespace {

std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    // An IPv4 peer of a dual-stack socket has one name, whichever way it came.
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return text + std::strlen("::ffff:");
  }
  return text;
}

[[noreturn]] void listen_failed(const ServerOptions& options, const std::string& reason) {
  throw std::runtime_error("cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " + reason);
}

int open_listener(const ServerOptions& options) {
  auto host = options.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  int error = ::getaddrinfo(host.c_str(), std::to_string(options.port).c_str(), &hints, &found);
  if (error) listen_failed(options, ::gai_strerror(error));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  int fd = ::socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) listen_failed(options, std::strerror(errno));
  int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Accepted sockets inherit it.
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::bind(fd, list->ai_addr, list->ai_addrlen) != 0 || ::listen(fd, limits::listen_backlog_max) != 0) {
    std::string reason = std::strerror(errno);
    ::close(fd);
    listen_failed(options, reason);
  }
  return fd;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler& handler, const Clock& clock, Random& random)
      : shared_{std::move(options), handler, clock, random, nullptr, 0, 0, 0, 0, 0, 0, 0, {}} {
    shared_.connection_gone = [this](const std::string& address) { release(address); };
  }
  ~Impl();
  void start();
  std::uint16_t port() const { return port_; }
  bool drain(Duration time_max);
  ServerStats stats() const;

 private:
  /// Takes what is waiting; false to be asked again later.
  bool accept_some();
  bool admit(const std::string& address);
  void release(const std::string& address);

  ServerShared shared_;
  int listen_fd_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<IoThread>> io_;
  std::vector<std::thread> threads_;
  std::size_t next_io_ = 0;
  std::mutex mutex_;
  std::condition_variable emptied_;
  std::size_t connections_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

Server::Impl::~Impl() {
  for (auto& io : io_) io->mailbox()->stop();
  for (auto& thread : threads_) thread.join();
  if (listen_fd_ >= 0) ::close(listen_fd_);
}

void Server::Impl::start() {
  // A peer that has gone is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  const auto& options = shared_.options;
  INVARIANT(options.threads >= 1 && threads_.empty());
  if (!options.tls_certificate_path.empty()) {
    shared_.tls = std::make_unique<TlsContext>(options.tls_certificate_path, options.tls_key_path);
  }
  listen_fd_ = open_listener(options);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  INVARIANT(::getsockname(listen_fd_, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  port_ = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                            : reinterpret_cast<sockaddr_in&>(bound).sin_port);
  for (int i = 0; i < options.threads; ++i) io_.push_back(std::make_unique<IoThread>(shared_));
  for (std::size_t i = 0; i < io_.size(); ++i) {
    int listener = i == 0 ? listen_fd_ : -1;
    threads_.emplace_back([this, i, listener] { io_[i]->run(listener, [this] { return accept_some(); }); });
  }
}

bool Server::Impl::accept_some() {
  for (int i = 0; i < limits::accepts_per_round_max; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    int fd = ::accept4(listen_fd_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    auto address = address_text(peer);
    if (!admit(address)) {
      shared_.refused_connections.fetch_add(1, std::memory_order_relaxed);
      ::close(fd);
      continue;
    }
    shared_.accepted_connections.fetch_add(1, std::memory_order_relaxed);
    io_[next_io_++ % io_.size()]->mailbox()->adopt({fd, std::move(address)});
  }
  return true;
}

bool Server::Impl::admit(const std::string& address) {
  std::lock_guard lock(mutex_);
  if (connections_ >= shared_.options.connections_max) return false;
  auto& count = by_address_[address];
  if (count >= shared_.options.connections_per_address_max && !is_loopback(address)) return false;
  ++count;
  ++connections_;
  return true;
}

void Server::Impl::release(const std::string& address) {
  std::lock_guard lock(mutex_);
  auto found = by_address_.find(address);
  INVARIANT(found != by_address_.end() && connections_ > 0);
  if (--found->second == 0) by_address_.erase(found);
  if (--connections_ == 0) emptied_.notify_all();
}

bool Server::Impl::drain(Duration time_max) {
  for (auto& io : io_) io->mailbox()->drain();
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, std::chrono::microseconds(time_max.us), [this] { return connections_ == 0; });
}

ServerStats Server::Impl::stats() const {
  return {shared_.open_connections,    shared_.open_streams,     shared_.accepted_connections,
          shared_.refused_connections, shared_.requests,         shared_.malformed_requests,
          shared_.cut_streams,         shared_.feed_lag.counts()};
}

Server::Server(ServerOptions options, Handler& handler, const Clock& clock, Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), handler, clock, random)) {}
Server::~Server() = default;
void Server::start() { impl_->start(); }
std::uint16_t Server::port() const { return impl_->port(); }
bool Server::drain(Duration time_max) { return impl_->drain(time_max); }
ServerStats Server::stats() const { return impl_->stats(); }

}  // namespace interlock::http
