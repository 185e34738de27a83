// SPDX-License-Identifier: Apache-2.0
// The grammar of idempotency keys: how a client names one request, so that sending it again does not do it again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace interlock {

/// The key behind a header's value: bare (`abc`) or as an RFC 8941 string (`"abc"`, where \" and \\ stand for quote and
/// backslash); both spellings give the same key. 1 to `limits::key_characters_max` characters of 0x21 to 0x7e. Throws
/// Refusal key_invalid, with the field `Idempotency-Key` and the limit, for anything else.
std::string parse_idempotency_key(std::string_view header_value);

/// The key of a request from its headers `Idempotency-Key` and `X-Idempotency-Key` (nothing where a header is absent).
/// Nothing if both are absent. Throws Refusal key_invalid if one is not a key or if they differ.
std::optional<std::string> idempotency_key_of(std::optional<std::string_view> idempotency_key,
                                              std::optional<std::string_view> x_idempotency_key);

}  // namespace interlock
