// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <stdexcept>

#include "base/check.h"

namespace interlock {

std::optional<Currency> parse_currency(std::string_view text) {
  Currency currency;
  if (text.size() != currency.code.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 'A' || text[i] > 'Z') return std::nullopt;
    currency.code[i] = text[i];
  }
  return currency;
}

Money add(Money a, Money b) {
  INVARIANT(a.currency == b.currency);
  Money sum{0, a.currency};
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) throw std::overflow_error("money: sum beyond 63 bits");
  return sum;
}

}  // namespace interlock
