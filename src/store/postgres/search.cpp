// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/search.h"

#include <map>

#include "base/digest.h"
#include "store/search_text.h"

namespace interlock::store::postgres {
namespace {

constexpr std::size_t last_position = 16'383;  // of a tsvector; what comes later has this one
constexpr std::size_t positions_kept = 255;    // a tsvector keeps no more

/// The random half of the tenant's id.
std::string mark_of(const Uuid& tenant) { return hex(tenant.view().substr(8)); }

/// Words are letters and digits: nothing in them needs an escape.
std::string quoted_word(const std::string& mark, std::string_view word) { return "'" + mark + std::string(word) + "'"; }

/// The text's words one after the other, the last one as a beginning.
std::string phrase(const std::string& mark, std::string_view text) {
  std::string out;
  for (const auto& word : folded_words(text)) out += (out.empty() ? "" : " <-> ") + quoted_word(mark, word);
  return out.empty() ? out : out + ":*";
}

}  // namespace

std::string search_vector(const Uuid& tenant, const RecordType& type, const void* record) {
  const auto mark = mark_of(tenant);
  std::map<std::string, std::string> positions;
  std::map<std::string, std::size_t> counts;
  std::size_t position = 0;
  for (const auto& word : folded_words(search_text(type, record))) {
    position = std::min(position + 1, last_position);
    if (++counts[word] > positions_kept) continue;
    auto& list = positions[word];
    list += (list.empty() ? "" : ",") + std::to_string(position);
  }
  std::string out;
  for (const auto& [word, list] : positions) out += (out.empty() ? "" : " ") + quoted_word(mark, word) + ":" + list;
  return out;
}

std::string search_query(const Uuid& tenant, std::string_view question) {
  const auto mark = mark_of(tenant);
  std::string out;
  for (const auto& term : search_terms(question)) {
    const auto words = phrase(mark, term.text);
    if (words.empty()) return {};
    if (!out.empty()) out += " & ";
    out += "(" + words + (term.digits.empty() ? "" : " | " + phrase(mark, term.digits)) + ")";
  }
  return out;
}

}  // namespace interlock::store::postgres
