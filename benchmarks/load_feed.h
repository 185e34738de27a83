// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load_http.h"
#include "load_options.h"
#include "load_report.h"

namespace interlock::bench {

/// WebSocket subscribers (RFC 6455) of the customers' feed, all on one thread. Each change that they receive is timed
/// twice: from the time of sending that the writer put into `address` (`patch --stamp` on the same machine; the commit
/// is included), and from the record's `updated_at`, which the lane sets just before the commit. It also checks that
/// every subscriber's numbers rise.
class FeedLoad {
 public:
  FeedLoad(const Options& options, std::vector<Caller> callers);
  ~FeedLoad();
  FeedLoad(const FeedLoad&) = delete;
  FeedLoad& operator=(const FeedLoad&) = delete;

  /// Connects and subscribes all, prints "ready" on standard error, listens for the warm-up and the given seconds.
  std::string run();

 private:
  struct Subscriber {
    int fd = -1;
    const Caller* caller = nullptr;
    std::string in;
    std::int64_t seq = 0, changes = 0;
  };

  void open(std::size_t index);
  void receive(std::size_t index);
  /// Takes the frames that are complete off the front of what has come in.
  void read_frames(Subscriber& subscriber, std::int64_t now_ns);
  void read_message(Subscriber& subscriber, std::string_view message, std::int64_t now_ns);
  std::string report(double seconds);

  const Options& options_;
  std::vector<Caller> callers_;
  std::vector<Subscriber> subscribers_;
  int epoll_ = -1;
  std::int64_t measure_from_ns_ = 0;
  std::int64_t deliveries_ = 0, out_of_order_ = 0, closed_ = 0, other_messages_ = 0;
  Latencies from_sending_, from_updated_at_;
};

}  // namespace interlock::bench
