// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/password.h"

#include <sodium.h>

#include <array>
#include <stdexcept>

#include "base/check.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/refusal.h"

namespace interlock::domains {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19 * 1024 * 1024;

void ready() {
  static const bool initialised = sodium_init() >= 0;
  INVARIANT(initialised);
}

}  // namespace

void check_password(std::string_view password) {
  if (password.size() < limits::password_bytes_min)
    throw Refusal(ErrorCode::out_of_range,
                  "a password has at least " + std::to_string(limits::password_bytes_min) + " bytes")
        .at_field("password")
        .with_limit(limits::password_bytes_min);
  if (password.size() > limits::password_bytes_max)
    throw Refusal(ErrorCode::too_long,
                  "a password has at most " + std::to_string(limits::password_bytes_max) + " bytes")
        .at_field("password")
        .with_limit(limits::password_bytes_max);
}

std::string hash_password(std::string_view password) {
  ready();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), passes, memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("no memory to hash a password");
  return text.data();
}

bool verify_password(std::string_view hash, std::string_view password) {
  ready();
  if (hash.empty() || hash.size() >= crypto_pwhash_STRBYTES) return false;
  std::array<char, crypto_pwhash_STRBYTES> text{};  // libsodium reads to the terminating zero
  hash.copy(text.data(), hash.size());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

bool needs_rehash(std::string_view hash) {
  ready();
  return crypto_pwhash_str_needs_rehash(std::string(hash).c_str(), passes, memory_bytes) != 0;
}

const std::string& dummy_hash() {
  static const std::string hash = hash_password(random_hex(system_random(), 32));
  return hash;
}

}  // namespace interlock::domains
