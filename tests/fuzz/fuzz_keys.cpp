// SPDX-License-Identifier: Apache-2.0
// Any bytes are refused as a key or give one of visible characters within its bound. A line feed parts the input into
// the two headers.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/idempotency_key.h"
#include "base/limits.h"
#include "base/refusal.h"

namespace {

std::string quoted(const std::string& key) {
  std::string value = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') value += '\\';
    value += c;
  }
  return value + '"';
}

void check(std::string_view input) {
  const std::size_t end = input.find('\n');
  const bool two = end != std::string_view::npos;
  try {
    const auto key = interlock::idempotency_key_of(
        input.substr(0, end), two ? std::optional(input.substr(end + 1)) : std::optional<std::string_view>());
    INVARIANT(key && !key->empty() && key->size() <= interlock::limits::key_characters_max);
    for (const char c : *key) INVARIANT(c >= 0x21 && c <= 0x7e);
    INVARIANT(interlock::parse_idempotency_key(quoted(*key)) == *key);
  } catch (const interlock::Refusal& refusal) {
    INVARIANT(refusal.code == interlock::ErrorCode::key_invalid && refusal.field == "Idempotency-Key");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size});
  return 0;
}
