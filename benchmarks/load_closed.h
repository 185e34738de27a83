// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "load_http.h"
#include "load_options.h"
#include "load_report.h"
#include "load_requests.h"

namespace interlock::bench {

/// Keep-alive connections on one thread and one epoll: each sends a request, waits for its answer, perhaps thinks, and
/// sends the next. With a rate, operations start when they are due on whichever connection is free, and their latency
/// counts from the due time, so that a server that stalls cannot hide it.
class HttpLoad {
 public:
  HttpLoad(const Options& options, std::vector<Caller> callers);
  ~HttpLoad();
  HttpLoad(const HttpLoad&) = delete;
  HttpLoad& operator=(const HttpLoad&) = delete;

  /// Runs to the end and returns one line of JSON. Throws std::runtime_error when the server keeps closing connections.
  std::string run();

 private:
  struct Connection {
    int fd = -1;
    const Caller* caller = nullptr;
    std::string out, in;
    std::size_t record = 0;
    std::int64_t started_ns = 0;
  };
  struct Due {
    std::int64_t at_ns;
    std::size_t connection;
    bool operator>(const Due& other) const { return at_ns > other.at_ns; }
  };

  void open(std::size_t index);
  void start_all(std::int64_t now_ns);
  void start_due(std::int64_t now_ns);
  void start(std::size_t index, std::int64_t due_ns);
  void wait(std::int64_t now_ns);
  void receive(std::size_t index);
  void finish(std::size_t index, const Answer& answer);
  void next(std::size_t index, std::int64_t now_ns);
  void reopen(std::size_t index);
  bool finished(std::int64_t now_ns) const;
  std::string report(double seconds);

  const Options& options_;
  std::vector<Caller> callers_;
  Requests requests_;
  std::vector<Connection> connections_;
  Versions versions_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> thinking_;
  std::vector<std::size_t> idle_;  // only with a rate
  int epoll_ = -1;
  std::int64_t measure_from_ns_ = 0, measure_until_ns_ = 0, next_due_ns_ = 0;
  std::int64_t answers_ = 0, ok_ = 0, bytes_ = 0, broken_ = 0;
  std::map<int, std::int64_t> statuses_;
  std::string first_failure_;
  Latencies latencies_;
};

}  // namespace interlock::bench
