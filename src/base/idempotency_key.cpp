// SPDX-License-Identifier: Apache-2.0
#include "base/idempotency_key.h"

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock {

namespace {

[[noreturn]] void refuse(std::string detail) {
  throw Refusal(ErrorCode::key_invalid, std::move(detail))
      .at_field("Idempotency-Key")
      .with_limit(static_cast<std::int64_t>(limits::key_characters_max));
}

/// What stands between the quotes, without its escapes.
std::string unquote(std::string_view value) {
  if (value.size() < 2 || value.back() != '"') refuse("the key's closing quote is missing");
  value = value.substr(1, value.size() - 2);
  std::string key;
  for (std::size_t i = 0; i < value.size(); ++i) {
    char c = value[i];
    if (c == '"') refuse("a quote within the key");
    if (c == '\\') {
      if (++i == value.size()) refuse("the key's closing quote is missing");
      c = value[i];
      if (c != '"' && c != '\\') refuse("an escape within the key that is neither of a quote nor of a backslash");
    }
    key += c;
  }
  return key;
}

}  // namespace

std::string parse_idempotency_key(std::string_view header_value) {
  // Every character of a key takes at most two of the value's: longer ones need no look at what they say.
  if (header_value.size() > 2 * limits::key_characters_max + 2) refuse("the key is too long");
  std::string key = header_value.starts_with('"') ? unquote(header_value) : std::string(header_value);
  if (key.empty()) refuse("the key is empty");
  if (key.size() > limits::key_characters_max) refuse("the key is too long");
  for (const char c : key) {
    if (c < 0x21 || c > 0x7e) refuse("the key has a character that is not visible ASCII");
  }
  return key;
}

std::optional<std::string> idempotency_key_of(std::optional<std::string_view> idempotency_key,
                                              std::optional<std::string_view> x_idempotency_key) {
  std::optional<std::string> key;
  if (idempotency_key) key = parse_idempotency_key(*idempotency_key);
  if (!x_idempotency_key) return key;
  std::string other = parse_idempotency_key(*x_idempotency_key);
  if (key && *key != other) refuse("Idempotency-Key and X-Idempotency-Key differ");
  return other;
}

}  // namespace interlock
