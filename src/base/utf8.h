// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace interlock {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
bool is_valid_utf8(std::string_view bytes);

/// The same text with U+FFFD for each byte that belongs to no well-formed sequence: for showing what is not trusted.
std::string to_valid_utf8(std::string_view bytes);

}  // namespace interlock
