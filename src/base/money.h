// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace interlock {

/// An ISO 4217 code: three capital letters.
struct Currency {
  std::array<char, 3> code{};

  bool operator==(const Currency&) const = default;
  std::string_view text() const { return {code.data(), code.size()}; }
};

std::optional<Currency> parse_currency(std::string_view text);

/// An amount in the currency's minor units (cents). Amounts of two currencies do not mix.
struct Money {
  std::int64_t minor = 0;
  Currency currency;

  bool operator==(const Money&) const = default;
};

/// Throws std::overflow_error beyond 63 bits; the currencies must be equal.
Money add(Money a, Money b);

}  // namespace interlock
