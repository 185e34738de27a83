// SPDX-License-Identifier: Apache-2.0
#include "base/refusal.h"

#include "base/json.h"
#include "base/utf8.h"

namespace interlock {

namespace {

// A detail may quote a header or a file of the caller's, which nobody has validated.
void safe_member(JsonWriter& json, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  json.member(name, is_valid_utf8(value) ? std::string_view(value) : std::string_view(to_valid_utf8(value)));
}

}  // namespace

std::string problem_json(const Refusal& refusal) {
  const ErrorInfo& info = error_info(refusal.code);
  std::string out;
  out.reserve(160 + info.title.size() + refusal.detail.size() + refusal.extra.size());
  JsonWriter json(out);
  json.begin_object();
  json.key("type");
  std::string type = "/docs/errors#";
  json.text(type += info.name);
  json.member("title", info.title).member("status", info.http_status).member("code", info.name);
  safe_member(json, "detail", refusal.detail);
  safe_member(json, "field", refusal.field);
  if (refusal.limit) json.member("limit", *refusal.limit);
  if (!refusal.extra.empty()) json.raw(refusal.extra);
  json.end_object();
  return out;
}

}  // namespace interlock
