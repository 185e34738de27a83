// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/search.h"

#include "base/limits.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace interlock::store::sqlite {
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

std::string prefix_phrase(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) out += c == '"' || c == '\0' ? ' ' : c;
  return out + "\"*";
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

std::string match_expression(std::string_view question) {
  std::string out;
  for (const auto word : words_of(question)) {
    if (!out.empty()) out += " AND ";
    const auto digits = phone_digits(word);
    if (digits.size() >= part_digits_min && digits.size() != word.size()) {
      out += "(" + prefix_phrase(word) + " OR " + prefix_phrase(digits) + ")";
    } else {
      out += prefix_phrase(word);
    }
  }
  return out;
}

}  // namespace interlock::store::sqlite
