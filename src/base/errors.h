// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace interlock {

/// The stable codes that clients see; the number is what stores keep.
enum class ErrorCode : std::uint16_t {
#define ERROR(number, code, status, title, remedy) code = number,
#include "base/errors.def"
#undef ERROR
};

struct ErrorInfo {
  ErrorCode code;
  std::string_view name;
  int http_status;
  std::string_view title;
  std::string_view remedy;  ///< what the caller can do about it; without a full stop, as the title
};

/// `code` must be one of the table; O(1).
const ErrorInfo& error_info(ErrorCode code);
/// The code of a number that a store kept; nothing for a number that this program does not know.
std::optional<ErrorCode> error_code_of(std::uint16_t number);
/// In rising order of their numbers.
std::span<const ErrorInfo> all_errors();

/// The reference page of all codes, as a file of the documentation and as the HTML page that the `type` of a problem
/// document names: each code is an anchor.
std::string errors_markdown();
std::string errors_html();

}  // namespace interlock
