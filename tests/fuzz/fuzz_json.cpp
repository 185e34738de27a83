// SPDX-License-Identifier: Apache-2.0
// Any bytes are refused or become a tree that its own text gives again.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/json.h"
#include "base/refusal.h"
#include "base/utf8.h"

namespace {

void check(std::string_view input) {
  interlock::Json tree;
  try {
    tree = interlock::parse_json(input);
  } catch (const interlock::Refusal& refusal) {
    INVARIANT(refusal.code == interlock::ErrorCode::malformed_json);
    interlock::parse_json(interlock::problem_json(refusal));
    return;
  }
  INVARIANT(interlock::is_valid_utf8(input));
  INVARIANT(interlock::parse_json(interlock::json_text(tree)) == tree);
  const std::string canonical = interlock::canonical_json(tree);
  INVARIANT(interlock::canonical_json(interlock::parse_json(canonical)) == canonical);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size});
  return 0;
}
