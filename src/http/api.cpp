// SPDX-License-Identifier: Apache-2.0
#include "http/api.h"

#include "base/limits.h"
#include "http/call.h"
#include "http/csrf.h"
#include "http/openapi.h"
#include "http/static_files.h"

namespace interlock::http {
namespace {

/// `https://host` of a URL with anything behind.
std::string origin_of(const std::string& url) {
  auto scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  return url.substr(0, url.find('/', scheme + 3));
}

/// Who is not known yet is looked up on the pool: that may open a lane, which no io thread waits for.
void serve_member(const CallPtr& call) {
  auto& api = call->api;
  call->login = api.sessions.kept(call->request);
  if (call->login) return call->route->handler(call);
  run_on(api.reads, call, [call] {
    call->login = call->api.sessions.of(call->request);
    call->route->handler(call);
  });
}

void pass_guard(const CallPtr& call) {
  auto& api = call->api;
  bool program = call->request.header("authorization").has_value();
  if (!program && is_cross_site_forgery(call->request, api.own_origin)) {
    throw Refusal(ErrorCode::cross_site);
  }
  if (call->route->guard == Guard::anonymous) {
    auto address = call->address();
    api.anonymous_calls.check(address);
    api.anonymous_calls.count(address);
  }
}

}  // namespace

ApiContext::ApiContext(engine::Engine& engine_, const Accounts& accounts_, const Clock& clock_, Random& random_,
                       ApiOptions options_)
    : engine(engine_),
      schema(engine_.schema()),
      accounts(accounts_),
      clock(clock_),
      random(random_),
      options(std::move(options_)),
      own_origin{origin_of(options.public_url), options.trusted_proxies},
      sessions(engine, accounts, clock, own_origin),
      failures_per_account(engine.nodes(), "log-in-failed-account", limits::login_failures_per_account_max,
                           limits::login_failure_window, clock),
      failures_per_address(engine.nodes(), "log-in-failed-address", limits::login_failures_per_address_max,
                           limits::login_failure_window, clock),
      anonymous_calls(limits::anonymous_calls_per_minute_max, minutes(1), clock),
      script_errors(limits::script_errors_per_minute_max, minutes(1), clock),
      openapi(std::make_shared<const std::string>(openapi_json(schema, options.version, options.key_retention))),
      reads(limits::read_threads, limits::reads_waiting_max),
      feeds(limits::feed_threads, limits::reads_waiting_max),
      transfers(limits::transfer_threads, limits::reads_waiting_max),
      hashes(limits::password_hashes_at_once_max, limits::password_hash_queue_max) {}

void submit_by_system(ApiContext& api, TenantId tenant, std::string operation, JsonObject request,
                      const std::string& request_id, engine::AnswerCallback callback) {
  engine::Submission submission;
  submission.tenant = tenant;
  submission.caller = engine::system_caller();
  submission.steps.push_back({std::move(operation), std::move(request), {}, {}});
  submission.request_id = request_id;
  api.engine.submit(std::move(submission), std::move(callback));
}

void submit_to_platform(ApiContext& api, std::string operation, JsonObject request, const std::string& request_id,
                        engine::AnswerCallback callback) {
  submit_by_system(api, store::platform_tenant(), std::move(operation), std::move(request), request_id,
                   std::move(callback));
}

Api::Api(engine::Engine& engine, const Accounts& accounts, const Clock& clock, Random& random, ApiOptions options)
    : context_(std::make_unique<ApiContext>(engine, accounts, clock, random, std::move(options))) {}

Api::~Api() = default;

void Api::handle(Request&& request, Responder responder) {
  auto call = std::make_shared<Call>(*context_, std::move(request), std::move(responder));
  try {
    call->route = &find_route(call->request);
    if (call->route->guard == Guard::member) return serve_member(call);
    pass_guard(call);
    call->route->handler(call);
  } catch (const Refusal& refusal) {
    call->refuse(refusal);
  } catch (const std::exception& error) {
    call->fail(error);
  }
}

std::optional<std::size_t> Api::body_piecewise_max(const Request& request) const {
  const bool upload = request.method == Method::post && request.segment_count() == 2 && request.segment(0) == "api" &&
                      request.segment(1) == "files";
  if (!upload) return std::nullopt;
  return context_->options.file_bytes_max;
}

std::optional<Response> Api::page_for_unreadable_target(const Request& request) const {
  const auto* file = find_page_for_unreadable(context_->options.pages, request);
  if (!file) return std::nullopt;
  auto response = page_response(*file, request);
  if (response.status == 200) response.status = 400;
  return response;
}

void Api::set_ready(bool ready) { context_->ready = ready; }

void Api::set_transport_stats(std::function<ServerStats()> stats) { context_->transport_stats = std::move(stats); }

}  // namespace interlock::http
