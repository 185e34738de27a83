// SPDX-License-Identifier: Apache-2.0
// First start, invitations and passwords.
#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/endpoints.h"
#include "http/form.h"
#include "http/log_in.h"

namespace interlock::http {
namespace {

bool needs_set_up(ApiContext& api) {
  auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
  return api.accounts.needs_set_up(platform->reader());
}

AccountLink find_link(ApiContext& api, const std::string& token, std::string_view purpose) {
  auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
  return api.accounts.find_link(platform->reader(), token, purpose, api.clock.now());
}

/// Read while the link is good only: whoever has no link learns nothing, not even that there was one.
std::string invitation_json(ApiContext& api, const AccountLink& link) {
  if (!link.invites_into) throw Refusal(ErrorCode::link_invalid);
  auto tenant = api.engine.read(link.invites_into->tenant, engine::system_caller());
  const auto invitation = api.accounts.find_invitation(tenant->reader(), link.invites_into->user);
  if (!invitation) throw Refusal(ErrorCode::link_invalid);
  std::string out;
  JsonWriter(out)
      .begin_object()
      .member("tenant_name", link.invites_into->name)
      .member("invited_by", invitation->invited_by)
      .member("name", invitation->name)
      .member("email", link.account.email)
      .member("has_password", !link.account.password_hash.empty())
      .end_object();
  return out;
}

/// Who was disabled meanwhile makes no account and spends no link: it is good again if the tenant changes its mind.
void require_invitation(ApiContext& api, const AccountLink& link) {
  if (!link.invites_into) throw Refusal(ErrorCode::link_invalid);
  auto tenant = api.engine.read(link.invites_into->tenant, engine::system_caller());
  if (!api.accounts.may_accept(tenant->reader(), link.invites_into->user)) throw Refusal(ErrorCode::link_invalid);
}

std::string checked_hash(ApiContext& api, const std::string& password) {
  api.accounts.check_password(password);
  return api.accounts.hash_password(password);
}

const std::string& text_in(const Json& json, std::string_view name) {
  const auto* member = json.find(name);
  if (!member || !member->if_text()) throw std::runtime_error("an answer without " + std::string(name));
  return *member->if_text();
}

JsonArray modules_in(const Form& form) {
  JsonArray names;
  for (const auto& name : form.list("modules")) names.emplace_back(name);
  return names;
}

/// Does what the platform's message to the new lane and its answer do a moment later, so that the owner can log in at
/// once. Whatever goes wrong here, the message sets right.
void open_first_tenant(const CallPtr& call, const Form& form, TenantId tenant, const std::string& set_up) {
  call->api.engine.create_lane(tenant);
  JsonObject request{
      {"owner", text_in(parse_json(set_up), "user")}, {"owner_email", form["email"]}, {"owner_name", form["name"]}};
  for (std::string_view name : {"language", "currency", "time_zone", "country"})
    request.emplace_back(std::string(name), form[name]);
  request.emplace_back("modules", modules_in(form));
  const auto id = call->request.id;
  submit_by_system(
      call->api, tenant, "tenant/set-up", std::move(request), id, [call, tenant, id, set_up](engine::Answer made) {
        const auto answer = [call, set_up](engine::Answer) { guarded(call, [&] { call->answer_json(201, set_up); }); };
        if (made.status >= 300) return answer({});
        submit_to_platform(call->api, "tenants/activate", {{"tenant", json_id("tenant", tenant.uuid)}}, id, answer);
      });
}

/// The platform has decided and owes the new lane a message: from here on the answer is that the tenant is made, and
/// the rest goes on also after a crash. Making a lane's file waits for the disk, which a lane's worker must not.
void answer_first_tenant(const CallPtr& call, const Form& form, TenantId tenant, const std::string& set_up) {
  const auto leave_it_to_the_message = [call, set_up](std::string_view reason) {
    interlock::log(LogLevel::warning, "set_up_left_to_message",
                   {{"request_id", call->request.id}, {"reason", std::string(reason)}});
    call->answer_json(201, set_up);
  };
  try {
    run_on(call->api.hashes, call, [call, form, tenant, set_up, leave_it_to_the_message] {
      try {
        open_first_tenant(call, form, tenant, set_up);
      } catch (const std::exception& error) {
        leave_it_to_the_message(error.what());
      }
    });
  } catch (const Refusal& busy) {
    leave_it_to_the_message(busy.what());
  }
}

/// The platform's lane decides first: who loses, to another or to a rule, leaves nothing behind.
void make_first_tenant(const CallPtr& call, const Form& form) {
  auto& api = call->api;
  auto hash = checked_hash(api, form["password"]);
  TenantId tenant{make_uuid(api.clock.now(), api.random)};
  JsonObject request{{"tenant", json_id("tenant", tenant.uuid)}, {"password_hash", hash}};
  for (std::string_view name :
       {"slug", "tenant_name", "email", "name", "language", "currency", "time_zone", "country"}) {
    if (!form[name].empty()) request.emplace_back(std::string(name), form[name]);
  }
  request.emplace_back("modules", modules_in(form));
  submit_to_platform(api, "platform/set-up", std::move(request), call->request.id,
                     [call, form, tenant](engine::Answer answer) {
                       guarded(call, [&] {
                         if (!pass_refusal_on(call, answer)) answer_first_tenant(call, form, tenant, answer.body);
                       });
                     });
}

/// After the platform knows the membership: makes the member active in the tenant's own lane, then logs in.
void enter_tenant(const CallPtr& call, const Json& accepted, const std::string& name) {
  auto identity = parse_type_id("identity", text_in(accepted, "identity")).value_or(Uuid{});
  auto tenant = TenantId{parse_type_id("tenant", text_in(accepted, "tenant")).value_or(Uuid{})};
  JsonObject request{{"user", text_in(accepted, "user")}};
  if (!name.empty()) request.emplace_back("name", name);
  submit_by_system(call->api, tenant, "users/activate", std::move(request), call->request.id,
                   [call, identity, tenant](engine::Answer answer) {
                     guarded(call, [&] {
                       if (pass_refusal_on(call, answer)) return;
                       auto& api = call->api;
                       auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
                       auto account = api.accounts.load(platform->reader(), identity);
                       auto chosen = api.accounts.choose(api.accounts.tenants(platform->reader(), identity),
                                                         type_id_text("tenant", tenant.uuid));
                       platform.reset();
                       if (!account || !chosen) throw Refusal(ErrorCode::link_invalid);
                       start_session(call, *account, *chosen, [] { throw Refusal(ErrorCode::login_failed); });
                     });
                   });
}

void use_invitation(const CallPtr& call, const Form& form) {
  auto& api = call->api;
  auto link = find_link(api, form["token"], "invite");
  require_invitation(api, link);
  JsonObject request{{"token_digest", link.token_digest}};
  // An invitation proves who reads the mail, not who owns an account that exists: that takes its password.
  if (link.account.password_hash.empty()) {
    request.emplace_back("password_hash", checked_hash(api, form["password"]));
  } else {
    verify_password(call, link.account.email, link.account, form["password"]);
  }
  if (!form["name"].empty()) request.emplace_back("name", form["name"]);
  submit_to_platform(api, "invitations/accept", std::move(request), call->request.id,
                     [call, name = form["name"]](engine::Answer answer) {
                       guarded(call, [&] {
                         if (!pass_refusal_on(call, answer)) enter_tenant(call, parse_json(answer.body), name);
                       });
                     });
}

void answer_password_set(const CallPtr& call, engine::Answer answer) {
  // Sessions have ended with it.
  call->api.sessions.forget();
  guarded(call, [&] {
    if (!pass_refusal_on(call, answer)) call->answer_json(200, R"({"ok":true})");
  });
}

void use_reset(const CallPtr& call, const Form& form) {
  auto& api = call->api;
  auto link = find_link(api, form["token"], "reset");
  JsonObject request{{"token_digest", link.token_digest}, {"password_hash", checked_hash(api, form["password"])}};
  submit_to_platform(api, "passwords/reset", std::move(request), call->request.id,
                     [call, identity = link.account.identity](engine::Answer answer) {
                       call->api.sessions.close_streams(identity);
                       answer_password_set(call, std::move(answer));
                     });
}

void replace_password(const CallPtr& call, const Form& form) {
  auto& api = call->api;
  std::optional<Account> account;
  {
    auto platform = api.engine.read(store::platform_tenant(), engine::system_caller());
    account = api.accounts.load(platform->reader(), call->who().identity);
  }
  if (!account) throw Refusal(ErrorCode::unauthenticated);
  verify_password(call, account->email, account, form["password"]);
  JsonObject request{{"identity", json_id("identity", account->identity)},
                     {"version", account->version},
                     {"password_hash", checked_hash(api, form["new_password"])},
                     {"keep", json_id("session", call->who().session)}};
  submit_to_platform(api, "passwords/change", std::move(request), call->request.id, [call](engine::Answer answer) {
    if (answer.status < 300) call->api.sessions.close_streams(call->who().identity, call->who().session);
    answer_password_set(call, std::move(answer));
  });
}

}  // namespace

void set_up_state(const CallPtr& call) {
  bool open = !call->api.options.set_up_token.empty() && needs_set_up(call->api);
  std::string body = open ? R"({"needs_set_up":true)" : R"({"needs_set_up":false)";
  body.append(call->api.options.mail_is_sent ? R"(,"mail":true)" : R"(,"mail":false)");
  if (!call->api.options.demo.empty()) body.append(R"(,"demo":)").append(call->api.options.demo);
  call->answer_json(200, body + "}");
}

void set_up(const CallPtr& call) {
  auto& api = call->api;
  Form form(call->body(), call->route->form);
  if (api.options.set_up_token.empty() || !needs_set_up(api)) throw Refusal(ErrorCode::already_set_up);
  if (!equal_constant_time(form["token"], api.options.set_up_token)) throw Refusal(ErrorCode::login_failed);
  run_on(api.hashes, call, [call, form] { make_first_tenant(call, form); });
}

void show_invitation(const CallPtr& call) {
  Form form(call->body(), call->route->form);
  run_on(call->api.reads, call, [call, form] {
    call->answer_json(200, invitation_json(call->api, find_link(call->api, form["token"], "invite")));
  });
}

void accept_invitation(const CallPtr& call) {
  Form form(call->body(), call->route->form);
  run_on(call->api.hashes, call, [call, form] { use_invitation(call, form); });
}

void request_reset(const CallPtr& call) {
  Form form(call->body(), call->route->form);
  submit_to_platform(call->api, "passwords/request-reset", {{"email", form["email"]}}, call->request.id,
                     [](engine::Answer) {});
  // The same at once for everybody: whether there is such an account is told by mail only.
  call->answer_json(200, R"({"ok":true})");
}

void reset_password(const CallPtr& call) {
  Form form(call->body(), call->route->form);
  run_on(call->api.hashes, call, [call, form] { use_reset(call, form); });
}

void change_password(const CallPtr& call) {
  Form form(call->body(), call->route->form);
  if (call->who().session.is_nil()) throw Refusal(ErrorCode::forbidden, "An API token cannot change a password");
  run_on(call->api.hashes, call, [call, form] { replace_password(call, form); });
}

}  // namespace interlock::http
