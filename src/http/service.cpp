// SPDX-License-Identifier: Apache-2.0
// What operators and programs ask the server about itself.
#include <algorithm>

#include "base/digest.h"
#include "base/errors.h"
#include "http/call.h"
#include "http/endpoints.h"
#include "http/loopback.h"
#include "http/static_files.h"

namespace interlock::http {
namespace {

/// What a proxy on this machine passes on comes from elsewhere, unless a trusted one says that it does not.
bool is_local(const Call& call) {
  if (call.request.header_count("forwarded") > 0) return false;
  const auto& proxies = call.api.options.trusted_proxies;
  const bool trusted = std::ranges::find(proxies, call.request.peer_address) != proxies.end();
  if (call.request.header_count("x-forwarded-for") > 0 && !trusted) return false;
  return is_loopback(call.address());
}

void require_metrics_right(const Call& call) {
  const auto& token = call.api.options.metrics_token;
  if (token.empty()) {
    if (!is_local(call)) throw Refusal(ErrorCode::forbidden, "Metrics are for callers on this machine");
    return;
  }
  bool by_cookie = false;
  auto given = token_of(call.request, by_cookie);
  if (by_cookie || !equal_constant_time(given, token)) throw Refusal(ErrorCode::unauthenticated);
}

}  // namespace

void health(const CallPtr& call) { call->answer_json(200, R"({"status":"ok"})"); }

void readiness(const CallPtr& call) {
  if (!call->api.ready) throw Refusal(ErrorCode::draining);
  call->answer_json(200, R"({"status":"ready"})");
}

void metrics(const CallPtr& call) {
  require_metrics_right(*call);
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_text(call->api);
  call->answer(std::move(response));
}

void operations_metrics(const CallPtr& call) {
  run_on(call->api.reads, call, [call] {
    const auto& who = call->who();
    const auto view = call->api.engine.read(who.tenant, who.caller);
    if (!view->actor().allows("operations.read")) throw Refusal(ErrorCode::forbidden, "this is for administrators");
    call->answer_json(200, metrics_json(call->api), view->seq());
  });
}

void openapi(const CallPtr& call) {
  Response response;
  response.shared_body = call->api.openapi;
  call->answer(std::move(response));
}

void error_page(const CallPtr& call) {
  static const auto page = std::make_shared<const std::string>(errors_html());
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.shared_body = page;
  response.content_security_policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  call->answer(std::move(response));
}

void page(const CallPtr& call) {
  const auto* file = find_page(call->api.options.pages, call->request);
  if (!file) throw Refusal(ErrorCode::not_found, "There is nothing at this path");
  call->answer(page_response(*file, call->request));
}

}  // namespace interlock::http
