// SPDX-License-Identifier: Apache-2.0
#include "http/script_errors.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "base/log.h"
#include "base/refusal.h"
#include "http/call.h"
#include "http/endpoints.h"

namespace interlock::http {
namespace {

/// The digits and letters of an id are 26; those of tokens are more.
constexpr std::size_t token_characters_min = 30;

bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '=';
}

bool ends_address(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == ')' || c == '"' || c == '\'' || c == '<' || c == '>';
}

/// Cut between two characters.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

const std::string* text_of(const std::string& name, const Json& value) {
  if (value.is_null()) return nullptr;
  if (!value.if_text()) throw Refusal(ErrorCode::wrong_type, name + " must be a text").at_field(name);
  return value.if_text();
}

std::int64_t number_of(const std::string& name, const Json& value) {
  if (value.is_null()) return 0;
  if (!value.if_integer()) throw Refusal(ErrorCode::wrong_type, name + " must be an integer").at_field(name);
  return *value.if_integer();
}

bool take_text(ScriptError& error, const std::string& name, const Json& value) {
  std::string* to = nullptr;
  auto bytes_max = limits::script_error_path_bytes_max;
  if (name == "message") {
    to = &error.message;
    bytes_max = limits::script_error_text_bytes_max;
  } else if (name == "stack") {
    to = &error.stack;
    bytes_max = limits::script_error_stack_bytes_max;
  } else if (name == "source") {
    to = &error.source;
  } else if (name == "page") {
    to = &error.page;
  } else {
    return false;
  }
  if (const auto* text = text_of(name, value)) *to = scrubbed(*text, bytes_max);
  return true;
}

/// Who is logged in; a session that has ended does not keep an error from being told.
std::optional<Login> login_of(const Call& call) {
  try {
    return call.api.sessions.of(call.request);
  } catch (const Refusal&) {
    return std::nullopt;
  }
}

std::string teller(const Call& call, const std::optional<Login>& login) {
  if (!login) return call.address();
  return uuid_text(login->session.is_nil() ? login->caller.token : login->session);
}

void take_report(const CallPtr& call, const ScriptError& error) {
  auto& api = call->api;
  const auto login = login_of(*call);
  const auto name = teller(*call, login);
  api.script_errors.check(name);
  api.script_errors.count(name);
  api.metrics.script_errors.fetch_add(1, std::memory_order_relaxed);
  const auto browser = scrubbed(call->request.header("user-agent").value_or(""), limits::script_error_path_bytes_max);
  const bool known = login && !login->caller.user.is_nil();
  interlock::log(LogLevel::warning, "script_error",
                 {{"request_id", call->request.id},
                  {"message", error.message},
                  {"source", error.source},
                  {"line", error.line},
                  {"column", error.column},
                  {"stack", error.stack},
                  {"page", error.page},
                  {"browser", browser},
                  {"tenant", login ? type_id_text("tenant", login->tenant.uuid) : std::string()},
                  {"actor", known ? type_id_text("user", login->caller.user) : std::string()}});
  call->answer_json(200, R"({"ok":true})");
}

}  // namespace

std::string scrubbed(std::string_view text, std::size_t bytes_max) {
  std::string out;
  // What is cut off is looked at as well: the beginning of a token says less than the whole of it, but says it.
  for (std::size_t at = 0; at < text.size() && out.size() <= bytes_max;) {
    const char c = text[at];
    if ((c == '?' || c == '#') && at > 0 && !ends_address(text[at - 1])) {
      while (at < text.size() && !ends_address(text[at])) ++at;
      continue;
    }
    auto end = at;
    while (end < text.size() && is_token_character(text[end])) ++end;
    if (end - at >= token_characters_min) {
      out += "(token)";
    } else if (end > at) {
      out += text.substr(at, end - at);
    } else {
      const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
      out += control && c != '\n' ? ' ' : c;
      end = at + 1;
    }
    at = end;
  }
  return std::string(cut(out, bytes_max));
}

ScriptError read_script_error(const Json& body) {
  const auto* members = body.if_object();
  if (!members) throw Refusal(ErrorCode::wrong_type, "The report is a JSON object");
  ScriptError error;
  for (const auto& [name, value] : *members) {
    if (name == "line") {
      error.line = number_of(name, value);
    } else if (name == "column") {
      error.column = number_of(name, value);
    } else if (!take_text(error, name, value)) {
      throw Refusal(ErrorCode::unknown_field, "There is no field " + name).at_field(name);
    }
  }
  if (error.message.empty()) throw Refusal(ErrorCode::required, "message is required").at_field("message");
  return error;
}

void report_script_error(const CallPtr& call) {
  if (call->request.body.size() > limits::script_error_body_bytes_max) {
    throw Refusal(ErrorCode::body_too_large).with_limit(limits::script_error_body_bytes_max);
  }
  run_on(call->api.reads, call, [call, error = read_script_error(call->body())] { take_report(call, error); });
}

}  // namespace interlock::http
