// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/password.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::domains {
namespace {

ErrorCode refusal_of_length(std::size_t bytes) {
  try {
    check_password(std::string(bytes, 'x'));
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.field, "password");
    return refusal.code;
  }
  return ErrorCode::internal;
}

TEST(Password, VerifiesWhatItHashedAndNothingElse) {
  const auto hash = hash_password("demo-password");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(verify_password(hash, "demo-password"));
  EXPECT_FALSE(verify_password(hash, "demo-passwore"));
  EXPECT_FALSE(verify_password(hash, ""));
  EXPECT_FALSE(needs_rehash(hash));
}

TEST(Password, SaltsEveryHash) { EXPECT_NE(hash_password("demo-password"), hash_password("demo-password")); }

TEST(Password, RefusesBrokenHashesInsteadOfThrowing) {
  for (const std::string hash : {"", "x", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"}) {
    EXPECT_FALSE(verify_password(hash, "demo-password")) << hash;
  }
  EXPECT_FALSE(verify_password(std::string(5'000, '$'), "demo-password"));
}

TEST(Password, WantsARehashForOtherParameters) {
  EXPECT_TRUE(
      needs_rehash("$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
                   "ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGlnZXN0ZGk"));
}

TEST(Password, KeepsZerosAndHighBytes) {
  const std::string odd("pass\0word-\xf0\x9f\x90\xa7", 14);
  const auto hash = hash_password(odd);
  EXPECT_TRUE(verify_password(hash, odd));
  EXPECT_FALSE(verify_password(hash, "pass"));
}

TEST(Password, NoPasswordFitsTheDummy) {
  EXPECT_EQ(dummy_hash(), dummy_hash());
  EXPECT_FALSE(verify_password(dummy_hash(), "demo-password"));
}

TEST(Password, HasBoundsInBytes) {
  EXPECT_EQ(refusal_of_length(limits::password_bytes_min - 1), ErrorCode::out_of_range);
  EXPECT_EQ(refusal_of_length(limits::password_bytes_min), ErrorCode::internal);
  EXPECT_EQ(refusal_of_length(limits::password_bytes_max), ErrorCode::internal);
  EXPECT_EQ(refusal_of_length(limits::password_bytes_max + 1), ErrorCode::too_long);
}

}  // namespace
}  // namespace interlock::domains
