// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace interlock::domains {

/// The form in which an address identifies an account: ASCII letters in lower case. Throws Refusal invalid_value with
/// the field `email` unless it is at most 254 bytes with one @, something on both sides, and no space or control
/// character.
std::string account_email(std::string_view text);

}  // namespace interlock::domains
