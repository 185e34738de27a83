// SPDX-License-Identifier: Apache-2.0
#include "store/search_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <variant>

#include "base/check.h"
#include "base/limits.h"

namespace interlock::store {
namespace {

constexpr std::size_t phone_digits_min = 5;
constexpr std::size_t part_digits_min = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_phone_mark(char c) { return std::string_view(" +-()./").find(c) != std::string_view::npos; }

/// Whether the tokenizer could take a token from it: other bytes of ASCII separate.
bool in_token(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// The digits of a value made of digits and the usual marks between them, else nothing.
std::string phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) {
      digits += c;
    } else if (!is_phone_mark(c)) {
      return {};
    }
  }
  return digits.size() > limits::phone_digits_max ? std::string() : digits;
}

void append_text(std::string& out, std::string_view text) {
  out.append(text).append("\n");
  const auto digits = phone_digits(text);
  if (digits.size() < phone_digits_min) return;
  for (std::size_t at = 0; at + part_digits_min <= digits.size(); ++at) {
    out.append(digits, at, std::string::npos).append("\n");
  }
}

std::vector<std::string_view> words_of(std::string_view question) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (at < question.size() && words.size() < limits::search_words_max) {
    const auto begin = question.find_first_not_of(" \t\r\n\v\f", at);
    if (begin == std::string_view::npos) break;
    const auto end = std::min(question.find_first_of(" \t\r\n\v\f", begin), question.size());
    const auto word = question.substr(begin, end - begin);
    if (std::any_of(word.begin(), word.end(), in_token)) words.push_back(word);
    at = end;
  }
  return words;
}

/// The letters of a word without case and marks: compatibility is kept, as unicode61 keeps it.
void append_folded(std::string& word, UChar32 character, const icu::Normalizer2& canonical) {
  icu::UnicodeString decomposed;
  if (!canonical.getDecomposition(u_foldCase(character, U_FOLD_CASE_DEFAULT), decomposed))
    decomposed = icu::UnicodeString(u_foldCase(character, U_FOLD_CASE_DEFAULT));
  for (std::int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const auto part = decomposed.char32At(i);
    if (u_charType(part) == U_NON_SPACING_MARK) continue;
    icu::UnicodeString(u_foldCase(part, U_FOLD_CASE_DEFAULT)).toUTF8String(word);
  }
}

bool is_mark(UChar32 character) { return u_charType(character) == U_NON_SPACING_MARK; }

bool is_word_character(UChar32 character) {
  constexpr auto words = U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK;
  return (U_GET_GC_MASK(character) & words) != 0;
}

const icu::Normalizer2& canonical_forms() {
  UErrorCode error = U_ZERO_ERROR;
  const auto* forms = icu::Normalizer2::getNFDInstance(error);
  INVARIANT(U_SUCCESS(error) && forms != nullptr);
  return *forms;
}

}  // namespace

std::string search_text(const RecordType& type, const void* record) {
  std::string out;
  for (const auto& field : type.fields()) {
    if (!field.searchable) continue;
    const auto value = value_of(field, record);
    if (const auto* text = std::get_if<std::string>(&value)) append_text(out, *text);
    if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
      for (const auto& item : *items) append_text(out, item);
    }
  }
  return out;
}

std::vector<SearchTerm> search_terms(std::string_view question) {
  std::vector<SearchTerm> terms;
  for (const auto word : words_of(question)) {
    auto digits = phone_digits(word);
    if (digits.size() < part_digits_min || digits.size() == word.size()) digits.clear();
    terms.push_back({word, std::move(digits)});
  }
  return terms;
}

std::vector<std::string> folded_words(std::string_view text) {
  const auto& canonical = canonical_forms();
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  const auto characters = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  for (std::int32_t at = 0; at < characters.length(); at = characters.moveIndex32(at, 1)) {
    const auto character = characters.char32At(at);
    if (is_word_character(character)) {
      if (word.size() < limits::search_word_bytes_max) append_folded(word, character, canonical);
    } else if (!is_mark(character)) {
      finish();
    }
  }
  finish();
  return words;
}

}  // namespace interlock::store
