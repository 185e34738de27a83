// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace interlock::domains {

/// The form in which an address identifies an account: ASCII letters in lower case. Throws Refusal invalid_value with
/// the field `email` unless it is at most 254 bytes with one @, something on both sides, and no space or control
/// character.
std::string account_email(std::string_view text);
/// The same of an address that is to become an account: mail must be able to reach it, so what stands behind the @
/// needs a dot. Who has an account with another one keeps it.
std::string new_account_email(std::string_view text);

}  // namespace interlock::domains
