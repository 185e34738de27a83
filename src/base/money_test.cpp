// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace interlock {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
const Currency eur = *parse_currency("EUR");
const Currency try_ = *parse_currency("TRY");

TEST(Currency, IsThreeCapitalLetters) {
  EXPECT_EQ(eur.text(), "EUR");
  for (const std::string_view text : {"", "EU", "EURO", "eur", "E1R", "E R", "ÄU"}) {
    EXPECT_EQ(parse_currency(text), std::nullopt) << text;
  }
}

TEST(Money, AddsMinorUnits) {
  EXPECT_EQ(add({150, eur}, {-50, eur}), (Money{100, eur}));
  EXPECT_NE((Money{1, eur}), (Money{1, try_}));
}

TEST(Money, OverflowFailsInsteadOfWrapping) {
  EXPECT_EQ(add({most - 1, eur}, {1, eur}).minor, most);
  EXPECT_THROW(add({most, eur}, {1, eur}), std::overflow_error);
  EXPECT_THROW(add({-most - 1, eur}, {-1, eur}), std::overflow_error);
}

TEST(MoneyDeathTest, CurrenciesDoNotMix) { EXPECT_DEATH(add({1, eur}, {1, try_}), "invariant_failed"); }

}  // namespace
}  // namespace interlock
