// SPDX-License-Identifier: Apache-2.0
// How a tenant comes to be: its record on the platform is `provisioning` until its own lane has made settings and
// default tables and has answered. The platform decides first; its message makes the lane where there is none, so that
// a refusal leaves nothing behind and a crash in between is made good by the next start.
#pragma once

#include "domains/done.h"
#include "domains/platform/account_records.h"
#include "model/tx.h"

namespace interlock::domains {

struct CreateTenant {
  std::optional<Id<Tenant>> id;
  std::string slug;
  std::string name;
  std::string language, currency, time_zone, country;  ///< what is empty: the defaults of settings.h
  std::vector<std::string> modules;
};
inline const auto create_tenant_fields = fields<CreateTenant>(
    field<&CreateTenant::id>(reference<Tenant>(OnDelete::refuse)), field<&CreateTenant::slug>(required, max_bytes(63)),
    field<&CreateTenant::name>(required, max_bytes(200)), field<&CreateTenant::language>(max_bytes(35)),
    field<&CreateTenant::currency>(max_bytes(3)), field<&CreateTenant::time_zone>(max_bytes(64)),
    field<&CreateTenant::country>(max_bytes(2)), field<&CreateTenant::modules>());
INTERLOCK_STRUCT(CreateTenant, create_tenant_fields)

struct SetUpPlatform {
  std::optional<Id<Tenant>> tenant;
  std::string slug;
  std::string tenant_name;
  std::string email;  ///< of the first owner
  std::string name;
  std::string password_hash;
  std::string language, currency, time_zone, country;
  std::vector<std::string> modules;
};
inline const auto set_up_platform_fields = fields<SetUpPlatform>(
    field<&SetUpPlatform::tenant>(reference<Tenant>(OnDelete::refuse)),
    field<&SetUpPlatform::slug>(required, max_bytes(63)), field<&SetUpPlatform::tenant_name>(required, max_bytes(200)),
    field<&SetUpPlatform::email>(required, max_bytes(254)), field<&SetUpPlatform::name>(max_bytes(200)),
    field<&SetUpPlatform::password_hash>(required, max_bytes(256)), field<&SetUpPlatform::language>(max_bytes(35)),
    field<&SetUpPlatform::currency>(max_bytes(3)), field<&SetUpPlatform::time_zone>(max_bytes(64)),
    field<&SetUpPlatform::country>(max_bytes(2)), field<&SetUpPlatform::modules>());
INTERLOCK_STRUCT(SetUpPlatform, set_up_platform_fields)

struct SetUpDone {
  Id<Tenant> tenant;
  Id<Identity> identity;
  Id<User> user;
};
inline const auto set_up_done_fields =
    fields<SetUpDone>(field<&SetUpDone::tenant>(reference<Tenant>(OnDelete::refuse)),
                      field<&SetUpDone::identity>(reference<Identity>(OnDelete::refuse)), field<&SetUpDone::user>());
INTERLOCK_STRUCT(SetUpDone, set_up_done_fields)

struct TenantRequest {
  Id<Tenant> tenant;
};
inline const auto tenant_request_fields =
    fields<TenantRequest>(field<&TenantRequest::tenant>(required, reference<Tenant>(OnDelete::refuse)));
INTERLOCK_STRUCT(TenantRequest, tenant_request_fields)

/// What the new lane is told. The owner's three members are empty where members are admitted one by one.
struct SetUpTenant {
  std::string language, currency, time_zone, country;
  std::vector<std::string> modules;
  std::optional<Id<User>> owner;
  std::string owner_email;
  std::string owner_name;
};
inline const auto set_up_tenant_fields = fields<SetUpTenant>(
    field<&SetUpTenant::language>(max_bytes(35)), field<&SetUpTenant::currency>(max_bytes(3)),
    field<&SetUpTenant::time_zone>(max_bytes(64)), field<&SetUpTenant::country>(max_bytes(2)),
    field<&SetUpTenant::modules>(), field<&SetUpTenant::owner>(), field<&SetUpTenant::owner_email>(max_bytes(254)),
    field<&SetUpTenant::owner_name>(max_bytes(200)));
INTERLOCK_STRUCT(SetUpTenant, set_up_tenant_fields)

/// Platform lane, system: the first tenant and its owner. Refuses: already_set_up, invalid_value (also for what the
/// tenant's settings would refuse: by then it is too late), not_unique.
SetUpDone set_up_platform(Tx& tx, const SetUpPlatform& request);
/// Platform lane, system. Refuses: not_unique (slug), invalid_value (slug, settings), id_taken.
Tenant create_tenant(Tx& tx, const CreateTenant& request);
/// Platform lane, system: the new lane's answer; nothing happens if the tenant is past `provisioning`.
Tenant activate_tenant(Tx& tx, const TenantRequest& request);
/// Platform lane, system: while it is suspended its sessions do not count and log-in is refused. Refuses:
/// no_transition.
Tenant suspend_tenant(Tx& tx, const TenantRequest& request);
Tenant resume_tenant(Tx& tx, const TenantRequest& request);

/// Tenant lane, system: settings, default tables, first owner, where they are missing; then the answer to the platform.
Done set_up_tenant(Tx& tx, const SetUpTenant& request);

}  // namespace interlock::domains
