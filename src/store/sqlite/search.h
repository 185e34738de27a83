// SPDX-License-Identifier: Apache-2.0
// Full-text search as people expect it of a list of customers: "ana gar" finds Ana García, "600123" finds
// +34 600-123-456, "garcia@exa" finds ana.garcia@example.com. Tokens are FTS5's unicode61 without diacritics; every
// word of the question must begin a token (a word of several tokens: continue from one to the next). Of a value that
// looks like a telephone number every ending of its digits is a token too, so that any part of it is found.
#pragma once

#include <string>
#include <string_view>

#include "model/record.h"

namespace interlock::store::sqlite {

/// What the search keeps of a record.
std::string search_text(const RecordType& type, const void* record);
/// The FTS5 expression for a question; empty if it holds no word.
std::string match_expression(std::string_view question);

}  // namespace interlock::store::sqlite
