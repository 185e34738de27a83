// SPDX-License-Identifier: Apache-2.0
// Log-in and log-out. Passwords are hashed on a small pool with a bounded queue; failures are throttled per account and
// per address; an unknown account takes as long and answers the same as a wrong password.
#include "http/log_in.h"

#include "base/limits.h"
#include "base/log.h"
#include "http/endpoints.h"
#include "http/form.h"
#include "http/text.h"

namespace interlock::http {
namespace {

std::string lower(std::string_view text) {
  std::string out(trim(text));
  for (auto& c : out) c = ascii_lower(c);
  return out;
}

/// SameSite=Strict: no other site's link or form makes a browser send it, not even the first GET. Nothing is lost by
/// that: the console's page itself is served without a session, also from a link in a mail, and its calls come from our
/// own site. No script reads it (HttpOnly).
std::string cookie_line(const ApiContext& api, std::string_view token, std::int64_t seconds) {
  std::string line(session_cookie);
  line.append("=")
      .append(token)
      .append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=")
      .append(std::to_string(seconds));
  if (api.options.secure_cookies) line += "; Secure";
  return line;
}

void append_user(JsonWriter& json, const Actor& actor, std::string_view email) {
  json.begin_object().member("id", type_id_text("user", actor.id)).member("name", actor.name);
  if (!email.empty()) json.member("email", email);
  json.member("role", actor.role).key("permissions").begin_array();
  for (const auto& permission : actor.permissions) json.text(permission);
  json.end_array().end_object();
}

void append_tenant(JsonWriter& json, const AccountTenant& tenant) {
  json.begin_object().member("id", type_id_text("tenant", tenant.tenant.uuid));
  json.member("slug", tenant.slug).member("name", tenant.name).end_object();
}

/// What is older than this a client does not send again by itself, and what is longer it does not upload.
void append_bounds(JsonWriter& json, const ApiContext& api) {
  json.member("keys_kept_seconds", api.options.key_retention.us / 1'000'000);
  json.member("file_bytes_max", static_cast<std::int64_t>(api.options.file_bytes_max));
}

Refusal login_failed() { return Refusal(ErrorCode::login_failed); }

/// Who the user is in the tenant; throws Refusal login_failed if they may not come in.
Actor member_of(ApiContext& api, const AccountTenant& tenant) {
  Caller caller;
  caller.kind = Caller::Kind::user;
  caller.user = tenant.user;
  try {
    return api.engine.read(tenant.tenant, caller)->actor();
  } catch (const Refusal& refusal) {
    if (refusal.code == ErrorCode::unauthenticated) throw login_failed();
    throw;
  }
}

void answer_choice(const CallPtr& call, const std::vector<AccountTenant>& tenants) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("tenants").begin_array();
  for (const auto& tenant : tenants) append_tenant(json, tenant);
  json.end_array().end_object();
  call->answer_json(201, std::move(body));
}

/// A better hash of the password that was just right, without anybody waiting for it.
void rehash(const CallPtr& call, const Account& account, const std::string& password) {
  auto& api = call->api;
  if (!api.accounts.needs_rehash(account.password_hash)) return;
  submit_to_platform(api, "passwords/rehash",
                     {{"identity", json_id("identity", account.identity)},
                      {"version", account.version},
                      {"password_hash", api.accounts.hash_password(password)}},
                     call->request.id, [](engine::Answer) {});
}

void try_log_in(const CallPtr& call, const Form& form, bool first_try) {
  auto& api = call->api;
  std::optional<Account> account;
  std::vector<AccountTenant> tenants;
  {
    auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
    account = api.accounts.find(platform->reader(), form["email"]);
    if (account) tenants = api.accounts.tenants(platform->reader(), account->identity);
  }
  verify_password(call, form["email"], account, form["password"]);
  if (tenants.empty()) throw login_failed();
  std::optional<AccountTenant> tenant;
  if (!form["tenant"].empty()) {
    tenant = api.accounts.choose(tenants, form["tenant"]);
    if (!tenant) throw login_failed();
  } else if (tenants.size() == 1) {
    tenant = tenants.front();
  } else {
    return answer_choice(call, tenants);
  }
  start_session(call, *account, *tenant, [call, form, first_try] {
    if (!first_try) throw login_failed();
    run_on(call->api.hashes, call, [call, form] { try_log_in(call, form, false); });
  });
  rehash(call, *account, form["password"]);
}

void answer_session(const CallPtr& call, const Json& created, const Actor& actor, const std::string& email,
                    const AccountTenant& tenant) {
  const auto* token = created.find("token");
  const auto* expires = created.find("expires_at");
  if (!token || !token->if_text() || !expires || !expires->if_text())
    throw std::runtime_error("a session without a token");
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("token", *token->if_text()).member("expires_at", *expires->if_text());
  json.key("user");
  append_user(json, actor, email);
  json.key("tenant");
  append_tenant(json, tenant);
  append_bounds(json, call->api);
  json.end_object();
  auto response = json_response(201, std::move(body));
  response.add_header("Set-Cookie", cookie_line(call->api, *token->if_text(), limits::session_life_max.us / 1'000'000));
  response.add_header("Interlock-Seq", std::to_string(call->api.engine.seq(tenant.tenant)));
  call->api.metrics.logins.fetch_add(1, std::memory_order_relaxed);
  call->answer(std::move(response));
}

void require_session(const Call& call) {
  if (call.who().session.is_nil()) throw Refusal(ErrorCode::forbidden, "An API token has no session");
}

void answer_logged_out(const CallPtr& call, engine::Answer answer) {
  if (pass_refusal_on(call, answer)) return;
  auto response = json_response(200, R"({"ok":true})");
  response.add_header("Set-Cookie", cookie_line(call->api, "", 0));
  call->answer(std::move(response));
}

}  // namespace

bool pass_refusal_on(const CallPtr& call, engine::Answer& answer) {
  if (answer.status < 400) return false;
  call->answer(std::move(answer));
  return true;
}

void verify_password(const CallPtr& call, const std::string& email, const std::optional<Account>& account,
                     const std::string& password) {
  auto& api = call->api;
  auto name = lower(email);
  auto address = call->address();
  // Looked at here and not before the queue, so that many at once do not get more tries than one after the other.
  api.failures_per_account.check(name);
  api.failures_per_address.check(address);
  bool usable = account && !account->password_hash.empty();
  bool right = api.accounts.verify_password(usable ? account->password_hash : api.accounts.dummy_hash(), password);
  if (right && usable) return;
  api.failures_per_account.count(name);
  api.failures_per_address.count(address);
  api.metrics.login_failures.fetch_add(1, std::memory_order_relaxed);
  throw login_failed();
}

void start_session(const CallPtr& call, const Account& account, const AccountTenant& tenant,
                   std::function<void()> on_stale) {
  auto actor = member_of(call->api, tenant);
  JsonObject request{{"identity", json_id("identity", account.identity)},
                     {"tenant", json_id("tenant", tenant.tenant.uuid)}};
  if (account.version > 0) request.emplace_back("version", account.version);
  submit_to_platform(call->api, "sessions/create", std::move(request), call->request.id,
                     [call, actor, email = account.email, tenant, on_stale](engine::Answer answer) {
                       guarded(call, [&] {
                         if (answer.status == 409) return on_stale();
                         if (pass_refusal_on(call, answer)) return;
                         answer_session(call, parse_json(answer.body), actor, email, tenant);
                       });
                     });
}

void log_in(const CallPtr& call) {
  Form form(call->body(), call->route->form);
  run_on(call->api.hashes, call, [call, form] { try_log_in(call, form, true); });
}

namespace {

void tell_session(const CallPtr& call) {
  auto& api = call->api;
  const auto& who = call->who();
  auto view = api.engine.read(who.tenant, who.caller);
  std::vector<AccountTenant> tenants;
  std::optional<Account> account;
  if (!who.identity.is_nil()) {
    auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
    tenants = api.accounts.tenants(platform->reader(), who.identity);
    account = api.accounts.load(platform->reader(), who.identity);
  }
  AccountTenant tenant{who.tenant, {}, {}, {}};
  for (const auto& each : tenants) {
    if (each.tenant == who.tenant) tenant = each;
  }
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("user");
  append_user(json, view->actor(), account ? account->email : std::string());
  json.key("tenant");
  append_tenant(json, tenant);
  json.key("tenants").begin_array();
  for (const auto& each : tenants) append_tenant(json, each);
  json.end_array();
  if (!who.session.is_nil()) json.member("expires_at", rfc3339(who.expires_at));
  append_bounds(json, api);
  json.end_object();
  call->answer_json(200, std::move(body), view->seq());
}

}  // namespace

void current_session(const CallPtr& call) {
  run_on(call->api.reads, call, [call] { tell_session(call); });
}

namespace {

/// The session that was left ends with the answer of the new one; that it could not be ended is its own life's matter.
void enter_other_tenant(const CallPtr& call, const std::string& wanted) {
  auto& api = call->api;
  std::optional<Account> account;
  std::optional<AccountTenant> tenant;
  {
    auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
    account = api.accounts.load(platform->reader(), call->who().identity);
    tenant = api.accounts.choose(api.accounts.tenants(platform->reader(), call->who().identity), wanted);
  }
  if (!account || !tenant) throw Refusal(ErrorCode::not_found, "There is no such tenant of this account");
  member_of(api, *tenant);  // who may not come in there stays here
  const auto left = call->who().session;
  submit_to_platform(api, "sessions/end", {{"session", json_id("session", left)}}, call->request.id,
                     [call, left, account = *account, tenant = *tenant](engine::Answer answer) {
                       guarded(call, [&] {
                         if (pass_refusal_on(call, answer)) return;
                         call->api.sessions.forget();
                         call->api.sessions.close_streams(left);
                         start_session(call, account, tenant, [] { throw Refusal(ErrorCode::unauthenticated); });
                       });
                     });
}

}  // namespace

void switch_tenant(const CallPtr& call) {
  require_session(*call);
  Form form(call->body(), call->route->form);
  run_on(call->api.reads, call, [call, form] { enter_other_tenant(call, form["tenant"]); });
}

void log_out(const CallPtr& call) {
  require_session(*call);
  auto session = call->who().session;
  submit_to_platform(call->api, "sessions/end", {{"session", json_id("session", session)}}, call->request.id,
                     [call, session](engine::Answer answer) {
                       call->api.sessions.forget();
                       call->api.sessions.close_streams(session);
                       guarded(call, [&] { answer_logged_out(call, std::move(answer)); });
                     });
}

void log_out_everywhere(const CallPtr& call) {
  require_session(*call);
  auto identity = call->who().identity;
  submit_to_platform(call->api, "sessions/end-all", {{"identity", json_id("identity", identity)}}, call->request.id,
                     [call, identity](engine::Answer answer) {
                       call->api.sessions.forget();
                       call->api.sessions.close_streams(identity);
                       guarded(call, [&] { answer_logged_out(call, std::move(answer)); });
                     });
}

}  // namespace interlock::http
