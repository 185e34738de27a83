// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <gtest/gtest.h>

namespace interlock {
namespace {

TEST(Sha256Test, KnownAnswersInAnyPieces) {
  constexpr auto of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  Sha256 whole, pieces;
  whole.add("abc");
  for (const auto* piece : {"a", "", "bc"}) pieces.add(piece);
  EXPECT_EQ(whole.finish(), of_abc);
  EXPECT_EQ(pieces.finish(), of_abc);
  EXPECT_EQ(Sha256().finish(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Test, NamesAreToldFromOtherTexts) {
  const std::string name = Sha256().finish();
  EXPECT_TRUE(is_sha256(name));
  for (const auto& other : {std::string(), name.substr(1), name + "0", "../" + name.substr(3), "E" + name.substr(1)})
    EXPECT_FALSE(is_sha256(other)) << other;
}

}  // namespace
}  // namespace interlock
