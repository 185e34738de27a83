// SPDX-License-Identifier: Apache-2.0
#include "model/record_json.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/refusal.h"
#include "base/utf8.h"

namespace interlock {

namespace {

constexpr std::string_view user_prefix = "user";

/// The prefix of the ids that a reference holds.
std::string_view referred(const FieldInfo& f) { return f.refers_to == nullptr ? user_prefix : f.refers_to().name; }

void append_value(JsonWriter& json, const FieldInfo& f, const void* at) {
  switch (f.kind) {
    case FieldKind::text:
      json.text(*static_cast<const std::string*>(at));
      return;
    case FieldKind::integer:
      json.integer(*static_cast<const std::int64_t*>(at));
      return;
    case FieldKind::boolean:
      json.boolean(*static_cast<const bool*>(at));
      return;
    case FieldKind::time:
      json.raw("\"");
      append_rfc3339(json.out(), *static_cast<const Time*>(at));
      json.out().push_back('"');
      return;
    case FieldKind::reference: {
      const auto& id = *static_cast<const Uuid*>(at);
      if (id.is_nil()) {
        json.null();
        return;
      }
      json.raw("\"");
      append_type_id(json.out(), referred(f), id);
      json.out().push_back('"');
      return;
    }
    case FieldKind::subject: {
      const auto& subject = *static_cast<const Subject*>(at);
      subject.id.is_nil() ? json.null() : json.text(subject_text(subject));
      return;
    }
    case FieldKind::text_list:
      json.begin_array();
      for (const auto& item : *static_cast<const std::vector<std::string>*>(at)) json.text(item);
      json.end_array();
      return;
    case FieldKind::json:
      json.raw(static_cast<const JsonText*>(at)->text);
      return;
    case FieldKind::object:
    case FieldKind::object_list:
      break;
  }
  INVARIANT(!"objects are written elsewhere");
}

void append_object(JsonWriter& json, const FieldInfo& f, const void* object) {
  std::string text;
  if (const auto* record = f.record())
    append_record_json(text, *record, object);
  else
    append_struct_json(text, f.object(), object);
  json.raw(text);
}

void append_member(JsonWriter& json, const FieldInfo& f, const void* object) {
  if (f.kind == FieldKind::object) {
    append_object(json, f, f.in(object));
  } else if (f.kind == FieldKind::object_list) {
    const void* list = f.in(object);
    json.begin_array();
    for (std::size_t i = 0; i < f.list_size(list); ++i) append_object(json, f, f.list_item(list, i));
    json.end_array();
  } else if (const void* at = value_address(f, object)) {
    append_value(json, f, at);
  } else {
    json.null();
  }
}

/// Writes at the end of a string into room made ahead: most members of most records are a few dozen bytes, for which
/// growing a string piece by piece takes longer than writing them. The string has its true size when this has gone.
class RecordWriter {
 public:
  explicit RecordWriter(std::string& out) : out_(out), end_(out.size()) {}
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;
  ~RecordWriter() { out_.resize(end_); }

  /// The first one without its comma.
  void key(const FieldInfo& f) {
    put(f.json_key.substr(first_ ? 1 : 0));
    first_ = false;
  }
  void member(const FieldInfo& f, const void* record) {
    key(f);
    const void* at = value_address(f, record);
    if (at != nullptr && f.kind == FieldKind::text) return text(*static_cast<const std::string*>(at));
    if (at != nullptr && f.kind == FieldKind::time) return time(*static_cast<const Time*>(at));
    if (at != nullptr && f.kind == FieldKind::reference) {
      const auto& reference = *static_cast<const Uuid*>(at);
      return reference.is_nil() ? put("null") : id(referred(f), reference);
    }
    out_.resize(end_);
    append_field_json(out_, f, record);
    end_ = out_.size();
  }
  void id(std::string_view prefix, const Uuid& uuid) {
    char* to = quotes(prefix.size() + type_id_suffix_size);
    write_type_id(to, prefix, uuid);
  }
  void put(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    end_ += text.size();
  }

 private:
  char* room(std::size_t bytes) {
    if (out_.size() - end_ < bytes) out_.resize(end_ + bytes + room_bytes);
    return out_.data() + end_;
  }
  /// Room for that many bytes between quotes.
  char* quotes(std::size_t bytes) {
    char* to = room(bytes + 2);
    to[0] = to[bytes + 1] = '"';
    end_ += bytes + 2;
    return to + 1;
  }
  void text(std::string_view text) {
    if (needs_no_escape(text)) {
      std::memcpy(quotes(text.size()), text.data(), text.size());
      return;
    }
    out_.resize(end_);
    append_json_string(out_, text);
    end_ = out_.size();
  }
  void time(Time time) { write_rfc3339(quotes(rfc3339_size), time); }

  static constexpr std::size_t room_bytes = 512;
  std::string& out_;
  std::size_t end_;
  bool first_ = true;
};

Refusal wrong_type(const FieldInfo& f, const char* expected) {
  return Refusal(ErrorCode::wrong_type, std::string(f.name) + " must be " + expected).at_field(std::string(f.name));
}

Refusal none_of_the_choices(const FieldInfo& f) {
  std::string choices;
  for (const auto& choice : f.one_of) choices += (choices.empty() ? "" : ", ") + std::string(choice);
  return Refusal(ErrorCode::invalid_value, std::string(f.name) + " must be one of: " + choices)
      .at_field(std::string(f.name));
}

std::string checked_text(const FieldInfo& f, const Json& value) {
  const auto* text = value.if_text();
  if (text == nullptr) throw wrong_type(f, "a text");
  if (text->size() > f.bytes_max)
    throw Refusal(ErrorCode::too_long,
                  std::string(f.name) + " may have at most " + std::to_string(f.bytes_max) + " bytes")
        .at_field(std::string(f.name))
        .with_limit(static_cast<std::int64_t>(f.bytes_max));
  if (!is_valid_utf8(*text)) throw Refusal(ErrorCode::invalid_value, "not UTF-8").at_field(std::string(f.name));
  if (text->find('\0') != std::string::npos)  // PostgreSQL's texts hold none
    throw Refusal(ErrorCode::invalid_value, "a text holds no NUL (U+0000)").at_field(std::string(f.name));
  if (f.kind != FieldKind::text_list && !f.one_of.empty() &&
      std::find(f.one_of.begin(), f.one_of.end(), *text) == f.one_of.end())
    throw none_of_the_choices(f);
  return *text;
}

std::int64_t checked_integer(const FieldInfo& f, const Json& value) {
  const auto* integer = value.if_integer();
  if (integer == nullptr) throw wrong_type(f, "an integer of 64 bits");
  if (*integer < f.min || *integer > f.max)
    throw Refusal(ErrorCode::out_of_range,
                  std::string(f.name) + " must be from " + std::to_string(f.min) + " to " + std::to_string(f.max))
        .at_field(std::string(f.name))
        .with_limit(*integer < f.min ? f.min : f.max);
  return *integer;
}

std::vector<std::string> checked_list(const FieldInfo& f, const Json& value) {
  const auto* array = value.if_array();
  if (array == nullptr) throw wrong_type(f, "an array of texts");
  if (array->size() > f.items_max)
    throw Refusal(ErrorCode::too_long,
                  std::string(f.name) + " may have at most " + std::to_string(f.items_max) + " items")
        .at_field(std::string(f.name))
        .with_limit(static_cast<std::int64_t>(f.items_max));
  std::vector<std::string> items;
  for (const auto& item : *array) items.push_back(checked_text(f, item));
  return items;
}

Uuid checked_reference(const FieldInfo& f, const Json& value) {
  const auto* text = value.if_text();
  if (text == nullptr) throw wrong_type(f, "an id");
  const auto id = parse_type_id(referred(f), *text);
  if (!id) throw Refusal(ErrorCode::unknown_reference, "there is no record with this id").at_field(std::string(f.name));
  return *id;
}

Subject checked_subject(const FieldInfo& f, const Json& value) {
  const auto* text = value.if_text();
  if (text == nullptr) throw wrong_type(f, "a record's id");
  // An id of an unknown form and one that does not exist are the same thing to the caller.
  const auto subject = parse_subject(*text);
  if (!subject) throw Refusal(ErrorCode::not_found, "there is no record with this id").at_field(std::string(f.name));
  return *subject;
}

Time checked_time(const FieldInfo& f, const Json& value) {
  const auto* text = value.if_text();
  if (text == nullptr) throw wrong_type(f, "a time (RFC 3339)");
  const auto time = parse_rfc3339(*text);
  if (!time) throw Refusal(ErrorCode::invalid_value, "not a time (RFC 3339)").at_field(std::string(f.name));
  return *time;
}

template <class T>
void set(const FieldInfo& f, void* object, T value) {
  if (f.nullable)
    f.at<std::optional<T>>(object) = std::move(value);
  else
    f.at<T>(object) = std::move(value);
}

/// Whether null says something about the field, if only that it is empty.
bool takes_null(const FieldInfo& f) {
  return f.nullable || f.kind == FieldKind::text || f.kind == FieldKind::text_list || f.kind == FieldKind::reference ||
         f.kind == FieldKind::subject || f.kind == FieldKind::json;
}

void read_null(const FieldInfo& f, void* object) {
  if (!takes_null(f)) throw wrong_type(f, "given, not null");
  // An empty text is a value like others; where it is required, that is the better answer.
  if (!f.nullable && !f.required && f.kind == FieldKind::text && !f.one_of.empty()) throw none_of_the_choices(f);
  clear_field(f, object);
}

JsonText checked_json(const FieldInfo& f, const Json& value) {
  JsonText json{json_text(value)};
  if (json.text.size() > f.bytes_max)
    throw Refusal(ErrorCode::too_long,
                  std::string(f.name) + " may have at most " + std::to_string(f.bytes_max) + " bytes")
        .at_field(std::string(f.name))
        .with_limit(static_cast<std::int64_t>(f.bytes_max));
  return json;
}

}  // namespace

void append_record_json(std::string& out, const RecordType& type, const void* record) {
  RecordWriter json(out);
  const auto& h = header(record);
  json.put("{");
  json.key(header_field::id());
  json.id(type.name, h.id);
  for (const auto& f : header_fields().subspan(1))
    if (&f != &header_field::deleted_at() || h.deleted_at) json.member(f, record);
  for (const auto& f : type.fields())
    if (!f.secret) json.member(f, record);
  json.put("}");
}

void append_struct_json(std::string& out, const StructInfo& info, const void* object) {
  JsonWriter json(out);
  json.begin_object();
  for (const auto& f : info.fields) {
    json.ready_key(f.json_key);
    append_member(json, f, object);
  }
  json.end_object();
}

void append_field_json(std::string& out, const FieldInfo& field, const void* object) {
  JsonWriter json(out);
  append_member(json, field, object);
}

void read_field_json(const FieldInfo& f, const Json& value, void* object) {
  if (value.is_null() && f.kind != FieldKind::json) return read_null(f, object);
  switch (f.kind) {
    case FieldKind::text:
      return set(f, object, checked_text(f, value));
    case FieldKind::integer:
      return set(f, object, checked_integer(f, value));
    case FieldKind::boolean:
      if (value.if_bool() == nullptr) throw wrong_type(f, "true or false");
      return set(f, object, *value.if_bool());
    case FieldKind::time:
      return set(f, object, checked_time(f, value));
    case FieldKind::reference:
      return set(f, object, Id<RecordHeader>{checked_reference(f, value)});
    case FieldKind::subject:
      return set(f, object, checked_subject(f, value));
    case FieldKind::text_list:
      return set(f, object, checked_list(f, value));
    case FieldKind::json:
      return set(f, object, checked_json(f, value));
    case FieldKind::object:
      return read_struct_json(f.object(), value, f.in(object));
    case FieldKind::object_list:
      break;
  }
  throw wrong_type(f, "left out: lists of objects are not taken");
}

void read_struct_json(const StructInfo& info, const Json& json, void* object) {
  const auto* members = json.if_object();
  if (members == nullptr) throw Refusal(ErrorCode::wrong_type, "the request must be a JSON object");
  for (const auto& [name, value] : *members) {
    const auto at = std::find_if(info.fields.begin(), info.fields.end(), [&](const auto& f) { return f.name == name; });
    if (at == info.fields.end()) throw Refusal(ErrorCode::unknown_field, "there is no field " + name).at_field(name);
    read_field_json(*at, value, object);
  }
  for (const auto& f : info.fields)
    if (f.required && is_empty(f, object))
      throw Refusal(ErrorCode::required, std::string(f.name) + " is required").at_field(std::string(f.name));
}

void read_record_json(const RecordType& type, const Json& json, void* record) {
  const auto* members = json.if_object();
  INVARIANT(members != nullptr);
  auto& h = header(record);
  for (const auto& [name, value] : *members) {
    if (name == "id") {
      h.id = parse_type_id(type.name, *value.if_text()).value_or(Uuid{});
      continue;
    }
    const auto* f = type.find_field(name);
    // Written by another release, or when it could still be absent.
    if (f == nullptr || (value.is_null() && !takes_null(*f))) continue;
    FieldInfo unbounded = *f;  // bounds may have tightened since: what was stored stays readable
    unbounded.bytes_max = unbounded.items_max = SIZE_MAX;
    unbounded.min = INT64_MIN, unbounded.max = INT64_MAX;
    unbounded.one_of = {};
    read_field_json(unbounded, value, record);
  }
}

namespace {

/// What a new record has where nothing was given.
bool says_nothing(const Json& value) { return value.is_null() || value == Json("") || value == Json(JsonArray{}); }

}  // namespace

std::string changes_json(const RecordType& type, const Json* before, const Json& after) {
  static const Json null;
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  const auto compare = [&](std::string_view name) {
    const Json* from = before == nullptr ? nullptr : before->find(name);
    const Json* to = after.find(name);
    if (from == nullptr) from = &null;
    if (to == nullptr) to = &null;
    if (*from == *to || (before == nullptr && says_nothing(*to))) return;
    json.key(name).begin_object();
    json.key("from").raw(json_text(*from));
    json.key("to").raw(json_text(*to));
    json.end_object();
  };
  for (const auto& f : type.fields())
    if (!f.secret) compare(f.name);
  compare("deleted_at");
  json.end_object();
  return out;
}

}  // namespace interlock
