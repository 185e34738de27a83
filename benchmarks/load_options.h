// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::bench {

struct Address {
  std::string host;  // a literal IPv4 address
  std::uint16_t port = 0;
};

/// One log-in. Tokens are taken once, before the clock starts; connections use them in turn.
struct Login {
  std::string email;
  std::string password;
  std::string tenant;  // empty: the account's only one
};

enum class Mode {
  patch,      // PATCH {path} with If-Match: * and a new key each
  versioned,  // the same with the version that was seen last
  create,     // POST {path}
  get,        // GET {path}
  feed,       // WebSocket subscribers that time what is delivered to them
};

struct Options {
  Mode mode = Mode::patch;
  std::vector<Address> addresses;
  std::vector<Login> logins;  // empty: no Authorization header
  std::string path;           // may hold {id}
  int connections = 64;
  double seconds = 5;  // measured, after the warm-up
  double warmup_seconds = 1;
  std::int64_t operations = 0;  // > 0: ends after so many measured answers, whatever their status
  std::int64_t records_max = 10'000;
  std::int64_t numbered_ids = 0;  // > 0: ids are 0 … n-1 and nothing is listed
  double think_ms = 0;            // > 0: each connection pauses between half and one and a half times this long
  double rate_per_second = 0;     // > 0: operations start at this rate, latency counts from the due time
  bool ordered_keys = false;      // UUIDv7 in place of UUIDv4
  bool stamp = false;             // PATCH carries the time of sending, which `feed` subscribers read
  std::uint64_t seed = 0;         // 0: from the system
};

/// Reads the command line. Prints the usage and exits with 2 when it is wrong.
Options parse_options(int argc, char** argv);

std::string_view name_of(Mode mode);

}  // namespace interlock::bench
