// SPDX-License-Identifier: Apache-2.0
// Small JSON objects of texts, as log-in and the like take them.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace interlock::http {

struct FormField {
  std::string_view name;
  bool required = true;
};

/// The members of an object; all are texts of at most limits::form_text_bytes_max.
class Form {
 public:
  /// Throws Refusal wrong_type, unknown_field, required (absent or empty), too_long.
  Form(const Json& body, std::span<const FormField> fields);
  /// Empty if it was not given.
  const std::string& operator[](std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace interlock::http
