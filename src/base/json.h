// SPDX-License-Identifier: Apache-2.0
// JSON in and out (RFC 8259). In: a tree with exact integers, which refuses duplicate keys, invalid UTF-8, lone
// surrogates and depth beyond its bound. Out: a writer that appends to a string. Boost.JSON does the lexing
// (basic_parser only: its own values keep the last of duplicate keys and round numbers).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace interlock {

class Json;
using JsonArray = std::vector<Json>;
using JsonMember = std::pair<std::string, Json>;
/// Members in the order of the text; names are unique.
using JsonObject = std::vector<JsonMember>;

/// A number that is not an integer of 64 bits: its text as sent. No record field takes one.
struct JsonNumber {
  std::string text;
  bool operator==(const JsonNumber&) const = default;
};

class Json {
 public:
  using Value = std::variant<std::monostate, bool, std::int64_t, JsonNumber, std::string, JsonArray, JsonObject>;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(JsonNumber value) : value_(std::move(value)) {}
  Json(JsonArray value) : value_(std::move(value)) {}
  Json(JsonObject value) : value_(std::move(value)) {}

  bool operator==(const Json&) const = default;

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* if_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* if_integer() const { return std::get_if<std::int64_t>(&value_); }
  const std::string* if_text() const { return std::get_if<std::string>(&value_); }
  std::string* if_text() { return std::get_if<std::string>(&value_); }
  const JsonArray* if_array() const { return std::get_if<JsonArray>(&value_); }
  JsonArray* if_array() { return std::get_if<JsonArray>(&value_); }
  const JsonObject* if_object() const { return std::get_if<JsonObject>(&value_); }
  JsonObject* if_object() { return std::get_if<JsonObject>(&value_); }
  /// The member of that name if this is an object that has it, else nullptr.
  const Json* find(std::string_view name) const;
  Json* find(std::string_view name);
  const Value& value() const { return value_; }
  /// Becomes a T made in place from `arguments`.
  template <class T, class... Arguments>
  T& emplace(Arguments&&... arguments) {
    return value_.template emplace<T>(std::forward<Arguments>(arguments)...);
  }

 private:
  Value value_;
};

/// Throws Refusal malformed_json (detail says what and at which byte) for anything but one JSON value within the bounds
/// of limits.h. Integers outside 64 bits, fractions and exponents become JsonNumber.
Json parse_json(std::string_view text);

/// Compact text. Members keep their order.
std::string json_text(const Json& json);
/// Compact text with members sorted by name, at every depth: equal requests have equal canonical texts.
std::string canonical_json(const Json& json);

/// `text` as a JSON string with quotes, appended: escapes quotes, backslash and control characters, everything else as
/// is. `text` must be valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Whether `text` stands in a JSON string as it is.
bool needs_no_escape(std::string_view text);

/// Appends JSON to a string; puts the commas. The caller keeps begin and end balanced (an INVARIANT in the destructor).
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;
  ~JsonWriter();

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  /// As key, for a name that stands ready as `,"name":`.
  JsonWriter& ready_key(std::string_view comma_name_colon);
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// Already JSON.
  JsonWriter& raw(std::string_view json);

  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, int value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
  std::string& out() { return out_; }

 private:
  void separate();
  void begin(char bracket);
  void end(char bracket);

  std::string& out_;
  int depth_ = 0;
  bool first_ = true;
};

}  // namespace interlock
