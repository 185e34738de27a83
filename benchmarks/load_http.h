// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load_options.h"

namespace interlock::bench {

/// A complete answer at the start of a buffer.
struct Answer {
  int status = 0;
  std::string_view body;
  std::size_t size = 0;  // head and body
};

/// The answer that `bytes` begins with, or nothing while it is incomplete. Views into `bytes`.
/// Throws std::runtime_error where the length is not given by Content-Length (101 and 204 have none).
std::optional<Answer> parse_answer(std::string_view bytes);

/// A connected TCP socket without delay. Throws std::runtime_error.
int connect_to(const Address& address);

/// Who a connection speaks for, and the records that it may touch.
struct Caller {
  std::string authorization;  // a whole header line, or empty
  std::shared_ptr<const std::vector<std::string>> ids;
};

/// Logs in, lists the ids once per tenant. Blocking; throws std::runtime_error with the server's answer.
std::vector<Caller> prepare_callers(const Options& options);

/// The text after `"name":"` up to the next quote, or empty. Enough for ids, tokens, cursors and times.
std::string_view text_member(std::string_view json, std::string_view name);
/// The number after `"name":`, or nothing.
std::optional<std::int64_t> number_member(std::string_view json, std::string_view name);

}  // namespace interlock::bench
