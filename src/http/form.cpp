// SPDX-License-Identifier: Apache-2.0
#include "http/form.h"

#include <algorithm>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::http {
namespace {

std::string text_of(const std::string& name, const Json& value) {
  const auto* text = value.if_text();
  if (!text) throw Refusal(ErrorCode::wrong_type, name + " must be a text").at_field(name);
  if (text->size() > limits::form_text_bytes_max) {
    throw Refusal(ErrorCode::too_long, name + " is too long")
        .at_field(name)
        .with_limit(static_cast<std::int64_t>(limits::form_text_bytes_max));
  }
  return *text;
}

std::vector<std::string> texts_of(const std::string& name, const Json& value) {
  const auto* items = value.if_array();
  if (!items) throw Refusal(ErrorCode::wrong_type, name + " must be a list of texts").at_field(name);
  if (items->size() > limits::form_list_items_max) {
    throw Refusal(ErrorCode::too_many, name + " has too many items")
        .at_field(name)
        .with_limit(static_cast<std::int64_t>(limits::form_list_items_max));
  }
  std::vector<std::string> texts;
  for (const auto& item : *items) texts.push_back(text_of(name, item));
  return texts;
}

}  // namespace

Form::Form(const Json& body, std::span<const FormField> fields) {
  const auto* object = body.if_object();
  if (!object) throw Refusal(ErrorCode::wrong_type, "The body must be a JSON object");
  for (const auto& [name, value] : *object) {
    const auto field = std::ranges::find(fields, std::string_view(name), &FormField::name);
    if (field == fields.end()) {
      throw Refusal(ErrorCode::unknown_field, "There is no field " + name).at_field(name);
    }
    if (value.is_null()) continue;
    switch (field->kind) {
      case FormField::Kind::text:
        values_[name] = text_of(name, value);
        break;
      case FormField::Kind::text_list:
        lists_[name] = texts_of(name, value);
        break;
    }
  }
  for (const auto& [name, required, kind] : fields) {
    if (required && (*this)[name].empty() && list(name).empty())
      throw Refusal(ErrorCode::required, std::string(name) + " is required").at_field(std::string(name));
  }
}

const std::string& Form::operator[](std::string_view name) const {
  static const std::string none;
  auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

const std::vector<std::string>& Form::list(std::string_view name) const {
  static const std::vector<std::string> none;
  auto found = lists_.find(name);
  return found == lists_.end() ? none : found->second;
}

}  // namespace interlock::http
