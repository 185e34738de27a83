// SPDX-License-Identifier: Apache-2.0
#include "http/call.h"

#include <algorithm>

#include "base/idempotency_key.h"
#include "base/log.h"
#include "http/problem.h"
#include "http/text.h"

namespace interlock::http {
namespace {

bool is_json_type(std::string_view type) {
  type = trim(type.substr(0, type.find(';')));
  return equal_ignoring_case(type, "application/json") || equal_ignoring_case(type, "application/merge-patch+json");
}

/// What came from outside is logged only if it is known to be a name: a token in the wrong place looks like one.
void log_name(JsonWriter& json, std::string_view name, bool is_known, std::string_view value) {
  if (!value.empty()) json.member(name, is_known ? value : std::string_view("(not a name)"));
}

bool is_operation(const Schema& schema, std::string_view name) {
  if (name == "batch" || schema.operation(name)) return true;
  const auto slash = std::min(name.find('/'), name.size());
  const auto verb = name.substr(slash);
  const bool generic = verb == "/create" || verb == "/update" || verb == "/delete" || verb == "/restore";
  return generic && schema.by_collection(name.substr(0, slash));
}

bool is_id(const Schema& schema, std::string_view collection, std::string_view id) {
  const auto* type = schema.by_collection(collection);
  return type && parse_type_id(type->name, id);
}

bool is_address(std::string_view text) {
  return text.size() <= 45 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':';
         });
}

std::string_view code_in(std::string_view problem) {
  constexpr std::string_view member = "\"code\":\"";
  auto at = problem.find(member);
  if (at == std::string_view::npos) return {};
  problem.remove_prefix(at + member.size());
  return problem.substr(0, problem.find('"'));
}

}  // namespace

Call::Call(ApiContext& api_, Request&& request_, Responder responder)
    : api(api_), request(std::move(request_)), responder_(std::move(responder)), begun_(api_.clock.monotonic()) {}

std::string_view Call::param(std::size_t n) const { return request.segment(route->placeholder(n)); }

Json Call::body() const {
  if (request.body.empty()) return JsonObject{};
  auto type = request.header("content-type");
  if (type && !is_json_type(*type)) throw Refusal(ErrorCode::media_type).at_field("Content-Type");
  return parse_json(request.body);
}

std::string Call::key() const {
  if (request.header_count("idempotency-key") > 1 || request.header_count("x-idempotency-key") > 1) {
    throw Refusal(ErrorCode::key_invalid, "There are several keys").at_field("Idempotency-Key");
  }
  return idempotency_key_of(request.header("idempotency-key"), request.header("x-idempotency-key")).value_or("");
}

std::string Call::address() const {
  const auto& proxies = api.options.trusted_proxies;
  if (proxies.empty() || std::find(proxies.begin(), proxies.end(), request.peer_address) == proxies.end()) {
    return request.peer_address;
  }
  // A proxy may add a line of its own instead of lengthening the client's.
  auto forwarded = request.last_header("x-forwarded-for").value_or("");
  auto last = trim(forwarded.substr(forwarded.rfind(',') + 1));
  return last.empty() ? request.peer_address : std::string(last);
}

void Call::take_body(std::unique_ptr<BodySink> sink) {
  Response response;
  response.body_sink = std::move(sink);
  responder_.send(std::move(response));
}

void Call::answer(Response&& response) {
  if (answered_.exchange(true)) return;
  auto took = api.clock.monotonic() - begun_;
  api.metrics.count(response.status, took);
  log(response.status, took, response.status >= 400 ? response.content() : std::string_view());
  responder_.send(std::move(response));
}

void Call::answer(engine::Answer&& answer) {
  auto response = json_response(answer.status, std::move(answer.body));
  if (answer.status >= 400) response.content_type = problem_content_type;
  response.add_header("Interlock-Seq", std::to_string(answer.seq));
  if (answer.replayed) response.add_header("Idempotency-Replayed", "true");
  if (answer.retry_after_s) response.add_header("Retry-After", std::to_string(*answer.retry_after_s));
  replayed_ = answer.replayed;
  this->answer(std::move(response));
}

void Call::answer_json(int status, std::string text, std::optional<std::int64_t> seq) {
  auto response = json_response(status, std::move(text));
  if (seq) response.add_header("Interlock-Seq", std::to_string(*seq));
  answer(std::move(response));
}

std::optional<std::int64_t> Call::found_seq() const {
  try {
    return api.engine.seq(login->tenant);
  } catch (const std::exception& error) {
    // A tenant that cannot be opened has no sequence to tell; the refusal itself says so.
    interlock::log(LogLevel::debug, "sequence_unknown", {{"request_id", request.id}, {"reason", error.what()}});
    return std::nullopt;
  }
}

void Call::refuse(const Refusal& refusal) {
  if (!login) return refuse_with(refusal, {});
  if (const auto seq = api.engine.seq_if_known(login->tenant)) return refuse_with(refusal, seq);
  // The lane was never open: nothing for this thread to wait for.
  const bool taken =
      api.reads.try_submit([self = shared_from_this(), refusal] { self->refuse_with(refusal, self->found_seq()); });
  if (!taken) refuse_with(refusal, {});
}

void Call::refuse_with(const Refusal& refusal, std::optional<std::int64_t> seq) {
  auto response = problem_response(refusal);
  if (seq) response.add_header("Interlock-Seq", std::to_string(*seq));
  if (refusal.code == ErrorCode::method_not_allowed) response.add_header("Allow", refusal.detail);
  answer(std::move(response));
}

void Call::fail(const std::exception& error) {
  interlock::log(LogLevel::error, "request_failed", {{"request_id", request.id}, {"reason", error.what()}});
  refuse(Refusal(ErrorCode::internal));
}

void Call::log(int status, Duration took, std::string_view problem) {
  bool reading = request.method == Method::get || request.method == Method::head;
  auto level = status >= 500 ? LogLevel::warning : reading ? LogLevel::debug : LogLevel::info;
  if (!log_enabled(level)) return;
  std::string line;
  line.reserve(400);
  JsonWriter json(line);
  json.begin_object().member("at", rfc3339(api.clock.now()));
  json.member("level", level == LogLevel::warning ? "warning" : reading ? "debug" : "info").member("event", "request");
  json.member("request_id", request.id).member("method", method_name(request.method));
  json.member("route", route ? route->path : std::string_view("none")).member("status", status);
  log_name(json, "operation", is_operation(api.schema, operation), operation);
  if (auto code = code_in(problem); !code.empty()) json.member("code", code);
  if (login) {
    json.member("tenant", type_id_text("tenant", login->tenant.uuid));
    if (!login->caller.user.is_nil()) json.member("actor", type_id_text("user", login->caller.user));
  }
  if (route && route->path.find("{id}") != std::string_view::npos)
    log_name(json, "id", is_id(api.schema, param(0), param(1)), param(1));
  if (replayed_) json.member("replayed", true);
  log_name(json, "address", is_address(address()), address());
  json.member("duration_us", took.us).end_object();
  line += '\n';
  api.log.write(line);
}

void run_on(WorkPool& pool, const CallPtr& call, std::function<void()> work) {
  pool.submit([call, work = std::move(work)] { guarded(call, work); });
}

}  // namespace interlock::http
