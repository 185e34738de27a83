// SPDX-License-Identifier: Apache-2.0
#include "http/form.h"

#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::http {

Form::Form(const Json& body, std::initializer_list<std::string_view> required,
           std::initializer_list<std::string_view> optional) {
  const auto* object = body.if_object();
  if (!object) throw Refusal(ErrorCode::wrong_type, "The body must be a JSON object");
  auto has = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& [name, value] : *object) {
    if (!has(required, name) && !has(optional, name)) {
      throw Refusal(ErrorCode::unknown_field, "There is no field " + name).at_field(name);
    }
    if (value.is_null()) continue;
    const auto* text = value.if_text();
    if (!text) throw Refusal(ErrorCode::wrong_type, name + " must be a text").at_field(name);
    if (text->size() > limits::form_text_bytes_max) {
      throw Refusal(ErrorCode::too_long, name + " is too long")
          .at_field(name)
          .with_limit(static_cast<std::int64_t>(limits::form_text_bytes_max));
    }
    values_[name] = *text;
  }
  for (auto name : required) {
    if ((*this)[name].empty())
      throw Refusal(ErrorCode::required, std::string(name) + " is required").at_field(std::string(name));
  }
}

const std::string& Form::operator[](std::string_view name) const {
  static const std::string none;
  auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

}  // namespace interlock::http
