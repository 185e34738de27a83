// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/tenants.h"

#include <algorithm>

#include "domains/crm/statuses.h"
#include "domains/platform/accounts.h"
#include "domains/platform/email.h"
#include "domains/platform/lanes.h"
#include "domains/platform/members.h"
#include "domains/platform/settings.h"
#include "domains/platform/users.h"

namespace interlock::domains {

namespace {

void check_slug(Tx& tx, const std::string& slug) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (slug.empty() || slug.front() == '-' || slug.back() == '-' || !std::all_of(slug.begin(), slug.end(), fits))
    throw Refusal(ErrorCode::invalid_value, "lower-case letters, digits and hyphens between them").at_field("slug");
  if (tx.first<Tenant>(where(&Tenant::slug) == slug))
    throw Refusal(ErrorCode::not_unique, "there is a tenant with this short name").at_field("slug");
}

Tenant make_tenant(Tx& tx, std::optional<Id<Tenant>> id, const std::string& slug, const std::string& name) {
  check_slug(tx, slug);
  Tenant tenant;
  if (id) tenant.id = id->uuid;
  if (tenant.id == platform_lane().uuid) throw Refusal(ErrorCode::id_taken).at_field("id");
  tenant.slug = slug;
  tenant.name = name;
  tenant.status = tenant_transitions.initial();
  tx.save(tenant);
  return tenant;
}

template <class Request>
JsonObject tenant_message(const Request& request) {
  JsonArray modules;
  for (const auto& name : request.modules) modules.emplace_back(name);
  return {{"language", Json(request.language)},
          {"currency", Json(request.currency)},
          {"time_zone", Json(request.time_zone)},
          {"country", Json(request.country)},
          {"modules", Json(std::move(modules))}};
}

Tenant moved(Tx& tx, const TenantRequest& request, std::string_view event) {
  auto tenant = tx.require<Tenant>(request.tenant);
  move(tenant_transitions, tenant.status, event);
  tx.save(tenant);
  return tenant;
}

}  // namespace

SetUpDone set_up_platform(Tx& tx, const SetUpPlatform& request) {
  if (!needs_set_up(tx)) throw Refusal(ErrorCode::already_set_up);
  check_choices(settings_choices(request));  // the new lane will have nobody to tell
  new_account_email(request.email);
  const auto tenant = make_tenant(tx, request.tenant, request.slug, request.tenant_name);
  const Id<User> user = tx.new_id<User>();
  const auto member = admit_member(tx, {id_of(tenant), user, request.email, request.name, request.password_hash});
  auto message = tenant_message(request);
  message.push_back({"owner", json_id(member.user)});
  message.push_back({"owner_email", Json(request.email)});
  message.push_back({"owner_name", Json(request.name)});
  send_to_lane(tx, {tenant.id}, "tenant/set-up", std::move(message), type_id_text("tenant", tenant.id));
  return {id_of(tenant), member.identity, member.user};
}

Tenant create_tenant(Tx& tx, const CreateTenant& request) {
  check_choices(settings_choices(request));
  auto tenant = make_tenant(tx, request.id, request.slug, request.name);
  send_to_lane(tx, {tenant.id}, "tenant/set-up", tenant_message(request), type_id_text("tenant", tenant.id));
  return tenant;
}

Tenant activate_tenant(Tx& tx, const TenantRequest& request) {
  const auto tenant = tx.require<Tenant>(request.tenant);
  return tenant.status == "provisioning" ? moved(tx, request, "activate") : tenant;
}

Tenant suspend_tenant(Tx& tx, const TenantRequest& request) { return moved(tx, request, "suspend"); }
Tenant resume_tenant(Tx& tx, const TenantRequest& request) { return moved(tx, request, "resume"); }

Done set_up_tenant(Tx& tx, const SetUpTenant& request) {
  seed_settings(tx, settings_choices(request));
  seed_statuses(tx);
  if (request.owner) admit_user(tx, {*request.owner, request.owner_email, request.owner_name, "owner", {}});
  send_to_lane(tx, platform_lane(), "tenants/activate", {{"tenant", Json(type_id_text("tenant", tx.tenant().uuid))}});
  return {};
}

}  // namespace interlock::domains
