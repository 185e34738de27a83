// SPDX-License-Identifier: Apache-2.0
// The search of store/search_text.h in FTS5, whose tokenizer is unicode61 without diacritics.
#pragma once

#include <string>
#include <string_view>

#include "store/search_text.h"

namespace interlock::store::sqlite {

/// The FTS5 expression for a question; empty if it holds no word.
std::string match_expression(std::string_view question);

}  // namespace interlock::store::sqlite
