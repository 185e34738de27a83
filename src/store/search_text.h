// SPDX-License-Identifier: Apache-2.0
// Full-text search as people expect it of a list of customers: "ana gar" finds Ana García, "600123" finds
// +34 600-123-456, "garcia@exa" finds ana.garcia@example.com. Every word of the question must begin a word of a
// searchable field (a word of several: continue from one to the next); case and diacritics do not count. Of a value
// that looks like a telephone number every ending of its digits is a word too, so that any part of it is found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"

namespace interlock::store {

/// What a record is found by: the texts of its searchable fields, one a line.
std::string search_text(const RecordType& type, const void* record);

/// One word of a question as it was typed.
struct SearchTerm {
  std::string_view text;
  std::string digits;  ///< of a phone number with marks between them, an alternative; else empty
};

/// At most limits::search_words_max of them; those without a letter or digit are left out.
std::vector<SearchTerm> search_terms(std::string_view question);

/// The words of a text without case and diacritics, in order: runs of letters, digits and private characters, as
/// SQLite's unicode61 tokenizer takes them. Longer ones than limits::search_word_bytes_max are cut.
std::vector<std::string> folded_words(std::string_view text);

}  // namespace interlock::store
