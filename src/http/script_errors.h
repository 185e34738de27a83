// SPDX-License-Identifier: Apache-2.0
// What a browser tells of an error in a page's script, made fit for the log: nobody vouches for it, and it may hold
// what people typed or a link with a token.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"

namespace interlock::http {

struct ScriptError {
  std::string message;
  std::string source;  ///< path of the file
  std::string stack;
  std::string page;  ///< path of the page
  std::int64_t line = 0;
  std::int64_t column = 0;
};

/// Reads {"message", "source", "line", "column", "stack", "page"}; only the message is required, texts are cut to
/// limits::script_error_*_bytes_max. Throws Refusal wrong_type, unknown_field, required.
ScriptError read_script_error(const Json& body);

/// Without control characters other than line breaks, without what follows `?` or `#` in addresses, and without runs of
/// characters that look like tokens; at most `bytes_max` bytes of well-formed UTF-8.
std::string scrubbed(std::string_view text, std::size_t bytes_max);

}  // namespace interlock::http
