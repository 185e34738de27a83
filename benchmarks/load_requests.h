// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>

#include "load_http.h"
#include "load_options.h"

namespace interlock::bench {

/// Idempotency keys: UUIDv4, or UUIDv7 in the order in which they are made.
class Keys {
 public:
  Keys(std::uint64_t seed, bool ordered) : random_(seed), ordered_(ordered) {}
  void append_to(std::string& out);

 private:
  std::mt19937_64 random_;
  bool ordered_;
  std::uint64_t made_ = 0;
};

/// The newest versions that anyone was told, by index of the record, as if each user had just read what is edited.
using Versions = std::unordered_map<std::size_t, std::int64_t>;

/// Builds the requests of one workload into a buffer that is used again.
class Requests {
 public:
  explicit Requests(const Options& options);

  /// A record of the caller, spread evenly.
  std::size_t pick(const Caller& caller);
  /// Replaces `out` by the next request. `now_ns` is what --stamp carries.
  void build(std::string& out, const Caller& caller, std::size_t record, const Versions& versions, std::int64_t now_ns);

 private:
  void append_head(std::string& out, const Caller& caller, std::size_t record);
  std::string body(std::int64_t now_ns);

  const Options& options_;
  std::string before_id_, after_id_;
  bool has_id_;
  std::mt19937_64 random_;
  Keys keys_;
  std::uint64_t made_ = 0;
};

}  // namespace interlock::bench
