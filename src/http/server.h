// SPDX-License-Identifier: Apache-2.0
// The HTTP/1.1 server: a listener and a few io threads that hand complete requests to one Handler. Time limits and
// bounds stand in base/limits.h. Beyond its bounds it answers 400, 408, 413, 431 or 503 and closes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "http/message.h"
#include "http/time_histogram.h"

namespace interlock::http {

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< a numeric address or a name; brackets around IPv6 are accepted
  std::uint16_t port = 8080;       ///< 0: any free one, see Server::port
  int threads = 1;
  std::string tls_certificate_path;  ///< with tls_key_path: serve HTTPS only
  std::string tls_key_path;
  std::size_t body_bytes_max = limits::request_body_bytes_max;
  std::size_t connections_max = limits::connections_max;
  std::size_t connections_per_address_max = limits::connections_per_address_max;  ///< loopback is exempt
  // Shorter in tests.
  Duration header_time_max = limits::header_time_max;
  Duration body_stall_max = limits::body_stall_max;
  Duration write_stall_max = limits::write_stall_max;
  Duration idle_max = limits::connection_idle_max;
  Duration ping_interval = limits::websocket_ping_interval;
};

struct ServerStats {
  std::int64_t open_connections = 0;
  std::int64_t open_streams = 0;
  std::int64_t accepted_connections = 0;
  std::int64_t refused_connections = 0;
  std::int64_t requests = 0;
  std::int64_t malformed_requests = 0;
  std::int64_t cut_streams = 0;  ///< too slow, or without a pong
  /// Of each payload that was sent with the time of its commit, from then until the socket had taken all of it.
  TimeHistogram::Counts feed_lag;
};

/// Life: construct, start, drain (optional), destroy. `handler`, `clock` and `random` must outlive it; Responders and
/// Streams may outlive it and then do nothing.
class Server {
 public:
  Server(ServerOptions options, Handler& handler, const Clock& clock, Random& random);
  /// Stops at once; what is open is closed.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds, listens and starts the threads. Throws std::runtime_error with the reason (address in use, bad
  /// certificate).
  void start();
  /// The bound port; after start().
  std::uint16_t port() const;
  /// Stops accepting, lets requests in progress be answered, ends idle connections and streams, and waits at most that
  /// long. True if nothing is left open.
  bool drain(Duration time_max);
  ServerStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::http
