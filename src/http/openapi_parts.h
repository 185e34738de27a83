// SPDX-License-Identifier: Apache-2.0
// What the OpenAPI document is made of: schemas of records and requests from their field tables, of everything else by
// hand, and the parts of a call.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "http/form.h"
#include "model/schema.h"

namespace interlock::http {

// openapi_schemas.cpp: what comes from a field table

Json reference_to(const std::string& schema);
Json id_schema(const RecordType& type);
/// What clients get: every member but deleted_at is always there.
Json record_schema(const RecordType& type);
/// A request, where members are optional unless required and others are refused, or an answer, which has all of its.
Json struct_schema(const StructInfo& info, bool is_request);
/// What an operation answers that answers no record; with its secret, where that is shown once.
Json answer_schema(const Operation& op);
/// What a client sends to create a record, or to change one.
Json writable_schema(const RecordType& type, bool creating);

// openapi_answers.cpp: what has no field table

/// Schemas by name that calls refer to: problem, deleted, change, batch, batch_answer, session, …
JsonObject common_schemas();
Json form_schema(std::span<const FormField> form);
/// The body of a route that takes no form; nothing if it takes none.
std::optional<Json> fixed_request(std::string_view path);
int fixed_status(std::string_view method, std::string_view path);
/// The schema of what a route that belongs to no collection answers; {} where it is no JSON object of its own.
Json fixed_answer(std::string_view method, std::string_view path);

// openapi_calls.cpp: the parts of a call

/// `id` is made fit for an operationId.
Json openapi_call(std::string_view tag, std::string id, std::string_view summary, JsonArray parameters,
                  std::optional<Json> body, Json answers);
Json object(JsonObject members);
/// A member of `content`: the schema for one media type.
Json content(Json schema, std::string_view type = "application/json");
Json request_body(Json schema, bool required = true);
/// The answers of a call: its success and the problem document of everything else; of a change of a record, 409 and 423
/// with what they tell besides.
Json responses(int status, Json schema, bool is_change = false);
Json parameter(std::string_view name, std::string_view in, std::string_view description, bool required = false);
Json parameter(std::string_view name, std::string_view in, std::string_view description, Json schema);
Json key_parameter(bool required);
Json list_schema(Json item);
Json list_parameter_limit();

}  // namespace interlock::http
