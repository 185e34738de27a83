// SPDX-License-Identifier: Apache-2.0
#include "engine/redaction.h"

#include <algorithm>

#include "base/json.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

class Redactor {
 public:
  Redactor(const RecordType& type, const Uuid& id, const std::vector<const FieldInfo*>& fields)
      : id_(type_id_text(type.name, id)) {
    const RecordBox empty(type);
    for (const auto* f : fields) {
      std::string value;
      append_field_json(value, *f, empty.get());
      blanks_.emplace_back(f->name, parse_json(value));
    }
  }

  bool is_record(const Json& json) const {
    const auto* id = json.find("id");
    return id != nullptr && id->if_text() != nullptr && *id->if_text() == id_;
  }

  void redact(JsonMember& member, bool inside) const {
    const auto blank =
        std::find_if(blanks_.begin(), blanks_.end(), [&](const auto& b) { return b.first == member.first; });
    if (inside && blank != blanks_.end())
      member.second = blank->second;
    else
      redact(member.second, inside);
  }

  /// `inside`: within something that is about the record only.
  void redact(Json& json, bool inside) const {
    if (auto* array = json.if_array())
      for (auto& item : *array) redact(item, inside);
    if (json.if_object() == nullptr) return;
    const bool about_record = inside || is_record(json);
    JsonObject members = *json.if_object();
    for (auto& member : members) redact(member, about_record);
    json = Json(std::move(members));
  }

 private:
  std::string id_;
  std::vector<std::pair<std::string, Json>> blanks_;
};

bool is_problem(const Json& json) { return json.find("code") != nullptr && json.find("type") != nullptr; }

}  // namespace

std::string redacted_text(const RecordType& type, const Uuid& id, const std::vector<const FieldInfo*>& fields,
                          std::string_view text) {
  Json json = parse_json(text);
  Redactor(type, id, fields).redact(json, is_problem(json));
  return json_text(json);
}

}  // namespace interlock::engine
