// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of what comes in pieces: the name of a file's content, which others can compute as well.
#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

namespace interlock {

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void add(std::string_view bytes) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  /// 64 hexadecimal digits. Ends it: nothing may be added any more.
  std::string finish();

 private:
  crypto_hash_sha256_state state_;
};

/// Whether the text is what finish() gives: 64 digits in lower case.
bool is_sha256(std::string_view text);

}  // namespace interlock
