// SPDX-License-Identifier: Apache-2.0
#include "http/form.h"

#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::http {

Form::Form(const Json& body, std::span<const FormField> fields) {
  const auto* object = body.if_object();
  if (!object) throw Refusal(ErrorCode::wrong_type, "The body must be a JSON object");
  for (const auto& [name, value] : *object) {
    if (std::ranges::find(fields, std::string_view(name), &FormField::name) == fields.end()) {
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
  for (const auto& [name, required] : fields) {
    if (required && (*this)[name].empty())
      throw Refusal(ErrorCode::required, std::string(name) + " is required").at_field(std::string(name));
  }
}

const std::string& Form::operator[](std::string_view name) const {
  static const std::string none;
  auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

}  // namespace interlock::http
