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
#define ERROR(number, code, status, title) code = number,
#include "base/errors.def"
#undef ERROR
};

struct ErrorInfo {
  ErrorCode code;
  std::string_view name;
  int http_status;
  std::string_view title;
};

/// `code` must be one of the table; O(1).
const ErrorInfo& error_info(ErrorCode code);
/// The code of a number that a store kept; nothing for a number that this program does not know.
std::optional<ErrorCode> error_code_of(std::uint16_t number);
/// In rising order of their numbers.
std::span<const ErrorInfo> all_errors();

/// The reference page of all codes.
std::string errors_markdown();

}  // namespace interlock
