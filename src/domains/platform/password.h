// SPDX-License-Identifier: Apache-2.0
// Passwords: Argon2id by libsodium with 19 MiB, 2 passes, 1 lane (the floor of OWASP's Password Storage Cheat Sheet). A
// hash takes tens of milliseconds and 19 MiB, so it is never computed in a lane: whoever takes a password hashes or
// verifies it first, with at most limits::password_hashes_at_once_max at a time, and hands the hash to a system
// operation. All functions are thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace interlock::domains {

/// Throws Refusal too_long or out_of_range (too short) with the field `password` and the bound in bytes.
void check_password(std::string_view password);

/// The hash as a text of at most 128 bytes with its own salt and parameters. Throws std::runtime_error without memory.
std::string hash_password(std::string_view password);
/// False for any hash that is empty or malformed.
bool verify_password(std::string_view hash, std::string_view password);
/// Whether the hash was made with other parameters than hash_password uses now.
bool needs_rehash(std::string_view hash);

/// A hash that no password fits, made at first use: verify against it where there is no account, so that the answer
/// takes as long.
const std::string& dummy_hash();

}  // namespace interlock::domains
