// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/search.h"

namespace interlock::store::sqlite {
namespace {

std::string prefix_phrase(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) out += c == '"' || c == '\0' ? ' ' : c;
  return out + "\"*";
}

}  // namespace

std::string match_expression(std::string_view question) {
  std::string out;
  for (const auto& term : search_terms(question)) {
    if (!out.empty()) out += " AND ";
    if (term.digits.empty()) {
      out += prefix_phrase(term.text);
    } else {
      out += "(" + prefix_phrase(term.text) + " OR " + prefix_phrase(term.digits) + ")";
    }
  }
  return out;
}

}  // namespace interlock::store::sqlite
