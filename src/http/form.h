// SPDX-License-Identifier: Apache-2.0
// Small JSON objects of texts, as log-in and the like take them.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"

namespace interlock::http {

/// The members of an object; all are texts.
class Form {
 public:
  /// Throws Refusal wrong_type, unknown_field, required (absent or empty), too_long.
  Form(const Json& body, std::initializer_list<std::string_view> required,
       std::initializer_list<std::string_view> optional = {});
  /// Empty if it was not given.
  const std::string& operator[](std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace interlock::http
