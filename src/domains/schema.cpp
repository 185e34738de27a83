// SPDX-License-Identifier: Apache-2.0
// The table of contents: every record type, operation and job. Besides these, each record type that clients may create,
// change or delete has COLLECTION/create, /update, /delete and /restore, made from its description.
#include "domains/schema.h"

#include "domains/agency/applications.h"
#include "domains/crm/activities.h"
#include "domains/crm/checklist_item.h"
#include "domains/crm/comments.h"
#include "domains/crm/customers.h"
#include "domains/crm/documents.h"
#include "domains/crm/note.h"
#include "domains/crm/statuses.h"
#include "domains/crm/tasks.h"
#include "domains/files/files.h"
#include "domains/platform/account_records.h"
#include "domains/platform/api_tokens.h"
#include "domains/platform/leases.h"
#include "domains/platform/links.h"
#include "domains/platform/members.h"
#include "domains/platform/passwords.h"
#include "domains/platform/rights.h"
#include "domains/platform/sessions.h"
#include "domains/platform/settings.h"
#include "domains/platform/tenants.h"
#include "domains/platform/users.h"
#include "model/outbox.h"

namespace interlock::domains {

namespace {

void add_types(Schema& schema) {
  schema.add(type_of<User>());
  schema.add(type_of<ApiToken>());
  schema.add(type_of<Settings>());
  schema.add(type_of<Lease>());
  schema.add(type_of<Tenant>(), LaneKind::platform);
  schema.add(type_of<Identity>(), LaneKind::platform);
  schema.add(type_of<Session>(), LaneKind::platform);
  schema.add(type_of<OneTimeLink>(), LaneKind::platform);
  schema.add(type_of<TenantMember>(), LaneKind::platform);
  schema.add(type_of<OutboxMessage>(), LaneKind::both);
  schema.add(type_of<Status>());
  schema.add(type_of<Customer>());
  schema.add(type_of<Comment>());
  schema.add(type_of<Activity>());
  schema.add(type_of<File>());
  schema.add(type_of<Task>());
  schema.add(type_of<Note>());
  schema.add(type_of<Document>());
  schema.add(type_of<ChecklistItem>());
  schema.add(type_of<Partner>());
  schema.add(type_of<Product>());
  schema.add(type_of<InterestedService>());
  schema.add(type_of<Application>());
}

/// The platform's own operations: the system calls them for people who are not members yet, or of several tenants.
template <auto Body, class... Attributes>
void add_platform(Schema& schema, std::string_view name, Attributes... attributes) {
  schema.add(operation<Body>(name, "", on_platform, system_only, without_key, attributes...));
}

void add_platform_operations(Schema& schema) {
  add_platform<&set_up_platform>(schema, "platform/set-up", answers_201);
  add_platform<&create_tenant>(schema, "tenants/create", answers_201);
  add_platform<&activate_tenant>(schema, "tenants/activate");
  add_platform<&suspend_tenant>(schema, "tenants/suspend");
  add_platform<&resume_tenant>(schema, "tenants/resume");
  add_platform<&invite_member>(schema, "members/invite", answers_201, shows_secret_once);
  add_platform<&admit_member>(schema, "members/admit", answers_201);
  add_platform<&accept_invitation>(schema, "invitations/accept");
  add_platform<&create_link>(schema, "links/create", answers_201, shows_secret_once);
  add_platform<&request_reset>(schema, "passwords/request-reset");
  add_platform<&reset_password>(schema, "passwords/reset");
  add_platform<&change_password>(schema, "passwords/change");
  add_platform<&rehash_password>(schema, "passwords/rehash");
  add_platform<&create_session>(schema, "sessions/create", answers_201, shows_secret_once);
  add_platform<&touch_session>(schema, "sessions/touch");
  add_platform<&end_session>(schema, "sessions/end");
  add_platform<&end_all_sessions>(schema, "sessions/end-all");
}

void add_member_operations(Schema& schema) {
  schema.add(operation<&set_up_tenant>("tenant/set-up", "", system_only, without_key));
  schema.add(operation<&admit_user>("users/admit", "", system_only, without_key, answers_201));
  schema.add(operation<&activate_user>("users/activate", "", system_only, without_key));
  schema.add(operation<&invite_user>("users/invite", "users.write", answers_201));
  schema.add(operation<&reinvite_user>("users/reinvite", "users.write", target<User>(&UserVersion::id)));
  schema.add(operation<&disable_user>("users/disable", "users.write", target<User>(&UserVersion::id)));
  schema.add(operation<&enable_user>("users/enable", "users.write", target<User>(&UserVersion::id)));
  schema.add(operation<&update_profile>("users/update-profile", ""));
  schema.add(operation<&create_api_token>("api-tokens/create", "api-tokens.write", answers_201, shows_secret_once));
  schema.add(
      operation<&revoke_api_token>("api-tokens/revoke", "api-tokens.write", target<ApiToken>(&RevokeApiToken::id)));
  schema.add(operation<&take_lease>("leases/take", "", without_key));
  schema.add(operation<&renew_lease>("leases/renew", "", without_key));
  schema.add(operation<&release_lease>("leases/release", "", without_key));
}

void add_hand_over(Schema& schema) {
  schema.add(operation<&invitation_link>("users/invitation-link", "users.write", target<User>(&UserVersion::id),
                                         answers_201, shows_secret_once));
}

void add_file_operations(Schema& schema) {
  schema.add(operation<&create_file>("files/create", "files.write", vouched_only, answers_201));
  schema.add(operation<static_cast<File (*)(Tx&, const AttachFile&)>(&attach_file)>("files/attach", "files.write",
                                                                                    target<File>(&AttachFile::id)));
}

void add_crm_operations(Schema& schema) {
  const auto crm = in_module("crm");
  schema.add(operation<&set_status>("customers/set-status", "customers.write", target<Customer>(&SetStatus::id), crm));
  schema.add(operation<&redact_customer>("customers/redact", "customers.redact", crm));
  schema.add(
      operation<&pin_activity>("activities/pin", "activities.write", target<Activity>(&ActivityRequest::id), crm));
  schema.add(
      operation<&unpin_activity>("activities/unpin", "activities.write", target<Activity>(&ActivityRequest::id), crm));
}

void add_agency_operations(Schema& schema) {
  const auto agency = in_module("agency");
  schema.add(operation<&convert_interested_service>("interested-services/convert", "interested-services.convert",
                                                    target<InterestedService>(&ConvertInterestedService::id), agency));
  schema.add(operation<&set_application_status>("applications/set-status", "applications.write",
                                                target<Application>(&SetApplicationStatus::id), agency));
}

void add_jobs(Schema& schema) {
  schema.add(Job{"purge-sessions", hours(1), LaneKind::platform, &purge_sessions});
  schema.add(Job{"purge-links", hours(1), LaneKind::platform, &purge_links});
  schema.add(Job{"clean-api-tokens", days(1), LaneKind::tenant, &clean_api_tokens});
  schema.add(Job{"sweep-files", days(1), LaneKind::tenant, &sweep_files});
  schema.add(Job{"purge-leases", days(1), LaneKind::tenant, &purge_leases});
  schema.add(Job{"send-reminders", days(1), LaneKind::tenant, &send_reminders, &next_reminder});
}

}  // namespace

Schema make_schema(Mail mail) {
  Schema schema;
  add_types(schema);
  add_platform_operations(schema);
  add_member_operations(schema);
  if (mail == Mail::handed_over) add_hand_over(schema);
  add_file_operations(schema);
  add_crm_operations(schema);
  add_agency_operations(schema);
  add_jobs(schema);
  schema.hooks = make_hooks();
  return schema;
}

}  // namespace interlock::domains
