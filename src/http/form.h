// SPDX-License-Identifier: Apache-2.0
// Small JSON objects of texts and lists of texts, as log-in and the like take them.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace interlock::http {

struct FormField {
  enum class Kind : std::uint8_t { text, text_list };
  std::string_view name;
  bool required = true;
  Kind kind = Kind::text;
};

/// The members of an object: texts of at most limits::form_text_bytes_max, lists of at most
/// limits::form_list_items_max.
class Form {
 public:
  /// Throws Refusal wrong_type, unknown_field, required (absent or empty), too_long, too_many.
  Form(const Json& body, std::span<const FormField> fields);
  /// Empty if it was not given.
  const std::string& operator[](std::string_view name) const;
  const std::vector<std::string>& list(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

}  // namespace interlock::http
