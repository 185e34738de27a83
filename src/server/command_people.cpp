// SPDX-License-Identifier: Apache-2.0
// tenant, user, token: everything runs as operations of the system.
#include <fmt/format.h>

#include "base/time.h"
#include "server/command_line.h"
#include "server/commands.h"

namespace interlock::server {
namespace {

/// The new lane answers the platform by a message; until then the tenant cannot be used.
void wait_until_active(Control& control, const std::string& slug) {
  const auto deadline = system_clock().monotonic() + limits::provisioning_time_max;
  while (!*control.call({{"verb", Json("await_active")}, {"tenant", Json(slug)}}).if_bool()) {
    if (system_clock().monotonic() > deadline)
      throw CommandError(fmt::format("tenant {} was made but its lane has not answered yet; see `tenant list`", slug));
  }
}

/// Makes the member (unless invited already) and answers a link to print. The mail to a new one has a link of its own.
std::string invite(Control& control, const UserOptions& options) {
  const auto tenant = tenant_named(control, options.tenant);
  auto user = find_user(control, options.tenant, options.email);
  if (!user.is_null() && text_of(user, "status") != "invited")
    throw CommandError(
        fmt::format("{} is a member of {} already ({})", options.email, tenant.slug, text_of(user, "status")));
  if (!user.is_null() && text_of(user, "role") != options.role)
    throw CommandError(fmt::format("{} is invited to {} as {}: say --role {} for a new link", options.email,
                                   tenant.slug, text_of(user, "role"), text_of(user, "role")));
  if (user.is_null()) {
    JsonArray scopes(options.scopes.begin(), options.scopes.end());
    user = submit(control, options.tenant, "users/invite",
                  {{"email", Json(options.email)},
                   {"name", Json(options.name)},
                   {"role", Json(options.role)},
                   {"scopes", Json(std::move(scopes))}},
                  new_key());
  }
  const auto member = submit(control, "platform", "members/invite",
                             {{"tenant", Json(tenant.id)},
                              {"user", Json(text_of(user, "id"))},
                              {"email", Json(text_of(user, "email"))},
                              {"name", Json(text_of(user, "name"))},
                              {"mail", Json(false)}});
  const auto token = text_of(member, "token");
  if (token.empty())
    throw CommandError(fmt::format("{} has enough good invitations already; let one expire first", options.email));
  return link_for(control, "invitation", token);
}

}  // namespace

ExitCode tenant_create(const Config& config, const TenantOptions& options) {
  const auto control = open_control(config, IfMissing::create);
  for (const auto& row : all_tenants(*control))
    if (row.slug == options.slug) throw CommandError(fmt::format("there is a tenant {} already", options.slug));
  const auto id = new_type_id("tenant");
  JsonArray modules;
  for (const auto& name : options.modules) modules.emplace_back(name);
  submit(*control, "platform", "tenants/create",
         {{"id", Json(id)},
          {"slug", Json(options.slug)},
          {"name", Json(options.name)},
          {"language", Json(options.language)},
          {"currency", Json(options.currency)},
          {"time_zone", Json(options.time_zone)},
          {"country", Json(options.country)},
          {"modules", Json(std::move(modules))}});
  wait_until_active(*control, options.slug);
  fmt::print("{}\n", id);
  if (options.owner_email.empty()) return ExitCode::ok;
  fmt::print("{}\n", invite(*control, {options.slug, options.owner_email, options.owner_name, "owner", {}}));
  return ExitCode::ok;
}

ExitCode tenant_list(const Config& config) {
  const auto control = open_control(config);
  std::vector<std::vector<std::string>> rows{{"slug", "status", "id", "name"}};
  for (const auto& row : all_tenants(*control))
    if (row.slug != "platform") rows.push_back({row.slug, row.status, row.id, row.name});
  print_table(rows);
  return ExitCode::ok;
}

ExitCode tenant_suspend(const Config& config, const std::string& slug) {
  const auto control = open_control(config);
  submit(*control, "platform", "tenants/suspend", {{"tenant", Json(tenant_named(*control, slug).id)}});
  return ExitCode::ok;
}

ExitCode tenant_resume(const Config& config, const std::string& slug) {
  const auto control = open_control(config);
  submit(*control, "platform", "tenants/resume", {{"tenant", Json(tenant_named(*control, slug).id)}});
  return ExitCode::ok;
}

ExitCode user_invite(const Config& config, const UserOptions& options) {
  const auto control = open_control(config);
  fmt::print("{}\n", invite(*control, options));
  return ExitCode::ok;
}

ExitCode user_reset_password(const Config& config, const std::string& email) {
  const auto control = open_control(config);
  const auto link = submit(*control, "platform", "links/create", {{"email", Json(email)}, {"purpose", Json("reset")}});
  fmt::print("{}\n", link_for(*control, "password_reset", text_of(link, "token")));
  return ExitCode::ok;
}

ExitCode user_list(const Config& config, const std::string& tenant) {
  const auto control = open_control(config);
  std::vector<std::vector<std::string>> rows{{"email", "role", "status", "id", "name"}};
  each_record(*control, tenant, "users", {}, [&](const Json& user) {
    rows.push_back({text_of(user, "email"), text_of(user, "role"), text_of(user, "status"), text_of(user, "id"),
                    text_of(user, "name")});
  });
  print_table(rows);
  return ExitCode::ok;
}

ExitCode token_create(const Config& config, const TokenOptions& options) {
  const auto control = open_control(config);
  const auto user = find_user(*control, options.tenant, options.email);
  if (user.is_null()) throw CommandError(fmt::format("{} has no member {}", options.tenant, options.email));
  JsonObject request{{"name", Json(options.name)},
                     {"permissions", Json(JsonArray(options.permissions.begin(), options.permissions.end()))},
                     {"user", Json(text_of(user, "id"))}};
  if (options.days > 0) request.emplace_back("expires_at", Json(rfc3339(system_clock().now() + days(options.days))));
  fmt::print("{}\n",
             text_of(submit(*control, options.tenant, "api-tokens/create", std::move(request), new_key()), "token"));
  return ExitCode::ok;
}

ExitCode token_list(const Config& config, const std::string& tenant) {
  const auto control = open_control(config);
  const auto time_in = [](const Json& token, std::string_view member) {
    const auto* value = token.find(member);
    return value != nullptr && value->if_text() != nullptr ? *value->if_text() : std::string("-");
  };
  std::vector<std::vector<std::string>> rows{{"id", "user", "expires_at", "revoked_at", "name"}};
  each_record(*control, tenant, "api-tokens", {}, [&](const Json& token) {
    rows.push_back({text_of(token, "id"), text_of(token, "user"), time_in(token, "expires_at"),
                    time_in(token, "revoked_at"), text_of(token, "name")});
  });
  print_table(rows);
  return ExitCode::ok;
}

ExitCode token_revoke(const Config& config, const std::string& tenant, const std::string& id) {
  const auto control = open_control(config);
  submit(*control, tenant, "api-tokens/revoke", {{"id", Json(id)}}, new_key());
  return ExitCode::ok;
}

}  // namespace interlock::server
