// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/rights.h"

#include <algorithm>

#include "domains/platform/api_token.h"
#include "domains/platform/lanes.h"
#include "domains/platform/leases.h"
#include "domains/platform/roles.h"
#include "domains/platform/settings.h"

namespace interlock::domains {

namespace {

std::string shown_name(const User& user) { return user.name.empty() ? user.email : user.name; }

Actor system_actor(const Caller& caller) {
  Actor actor;
  actor.caller = caller;
  actor.name = "system";
  actor.role = "system";
  actor.system = true;
  return actor;
}

Actor member_actor(Reader& reader, const Caller& caller) {
  const auto user = reader.find<User>({caller.user});
  if (!user || user->status != "active") throw Refusal(ErrorCode::unauthenticated);
  const auto* role = find_role(user->role);
  if (role == nullptr) throw Refusal(ErrorCode::unauthenticated);
  Actor actor;
  actor.caller = caller;
  actor.id = user->id;
  actor.name = shown_name(*user);
  actor.role = user->role;
  actor.permissions.assign(role->permissions.begin(), role->permissions.end());
  for (const auto& [collection, scope] : role->scopes) actor.scopes[std::string(collection)] = scope;
  for (const auto& text : user->scopes)
    if (const auto scope = parse_scope(text)) actor.scopes[scope->first] = scope->second;
  return actor;
}

Actor token_actor(Reader& reader, const Caller& caller, Time now) {
  const auto token = reader.find<ApiToken>({caller.token});
  if (!token || token->user.uuid != caller.user || !is_live(*token, now)) throw Refusal(ErrorCode::unauthenticated);
  auto actor = member_actor(reader, caller);
  actor.permissions = intersect_permissions(actor.permissions, token->permissions);
  return actor;
}

}  // namespace

Actor actor_of(Reader& reader, const Caller& caller, TenantId tenant, Time now) {
  const bool member_lane = tenant != platform_lane();
  switch (caller.kind) {
    case Caller::Kind::system:
      return system_actor(caller);
    case Caller::Kind::anonymous: {
      Actor actor;
      actor.caller = caller;
      return actor;
    }
    case Caller::Kind::user:
      if (member_lane) return member_actor(reader, caller);
      break;
    case Caller::Kind::token:
      if (member_lane) return token_actor(reader, caller, now);
      break;
  }
  throw Refusal(ErrorCode::unauthenticated);
}

bool lease_binds(Reader& reader, const RecordType& type) {
  const auto settings = settings_of(reader);
  const auto& binding = settings.binding_leases;
  return std::find(binding.begin(), binding.end(), type.collection) != binding.end();
}

std::string user_name(Reader& reader, const Uuid& user) {
  User record;
  return reader.load(type_of<User>(), user, &record) ? shown_name(record) : std::string();
}

bool module_on(Reader& reader, std::string_view module) {
  if (module == "core") return true;
  const auto settings = settings_of(reader);
  return std::find(settings.modules.begin(), settings.modules.end(), module) != settings.modules.end();
}

Hooks make_hooks() {
  Hooks hooks;
  hooks.actor_of = &actor_of;
  hooks.lease_binds = &lease_binds;
  hooks.lease_of = &lease_on;
  hooks.user_name = &user_name;
  hooks.module_on = &module_on;
  hooks.rights_types = {&type_of<User>(), &type_of<ApiToken>(), &type_of<Settings>()};
  return hooks;
}

}  // namespace interlock::domains
