// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/account_records.h"

namespace interlock::domains {

namespace {

constexpr std::string_view tenant_states[] = {"provisioning", "active", "suspended"};
constexpr Transition tenant_moves[] = {
    {"provisioning", "activate", "active"},
    {"active", "suspend", "suspended"},
    {"suspended", "resume", "active"},
};
constexpr std::string_view purposes[] = {"invite", "reset"};

/// Nothing of the platform's own is reached by a generic route or operation.
constexpr RecordOptions internal(bool logged) {
  return {.logged = logged, .append_only = true, .creatable = false, .deletable = false, .readable = false};
}

constexpr auto tenant_fields = fields<Tenant>(field<&Tenant::slug>(required, unique, max_bytes(63)),
                                              field<&Tenant::name>(required, max_bytes(200)),
                                              field<&Tenant::status>(read_only, indexed, one_of(tenant_states)));

constexpr auto identity_fields =
    fields<Identity>(field<&Identity::email>(required, unique, max_bytes(254)), field<&Identity::name>(max_bytes(200)),
                     field<&Identity::password_hash>(secret, max_bytes(256)));

const auto member_fields =
    fields<TenantMember>(field<&TenantMember::identity>(required, reference<Identity>(OnDelete::cascade)),
                         field<&TenantMember::tenant>(required, reference<Tenant>(OnDelete::cascade)),
                         field<&TenantMember::user>(required, indexed), field<&TenantMember::accepted_at>());

const auto session_fields = fields<Session>(field<&Session::token_digest>(secret, unique, max_bytes(64)),
                                            field<&Session::identity>(required, reference<Identity>(OnDelete::cascade)),
                                            field<&Session::tenant>(required, reference<Tenant>(OnDelete::cascade)),
                                            field<&Session::user>(required), field<&Session::last_seen_at>(indexed),
                                            field<&Session::expires_at>(indexed), field<&Session::idle_s>());

const auto link_fields = fields<OneTimeLink>(
    field<&OneTimeLink::token_digest>(secret, unique, max_bytes(64)), field<&OneTimeLink::purpose>(one_of(purposes)),
    field<&OneTimeLink::identity>(required, reference<Identity>(OnDelete::cascade)),
    field<&OneTimeLink::tenant>(reference<Tenant>(OnDelete::cascade)), field<&OneTimeLink::expires_at>(indexed),
    field<&OneTimeLink::used_at>());

}  // namespace

const TransitionTable tenant_transitions{tenant_states, tenant_moves};

const RecordType& record_type_of(const Tenant*) {
  static const RecordType type = make_record_type<Tenant>(20, "tenant", "tenants", tenant_fields, internal(true));
  return type;
}

const RecordType& record_type_of(const Identity*) {
  static const RecordType type =
      make_record_type<Identity>(21, "identity", "identities", identity_fields, internal(true));
  return type;
}

const RecordType& record_type_of(const Session*) {
  static const RecordType type = make_record_type<Session>(22, "session", "sessions", session_fields, internal(false));
  return type;
}

const RecordType& record_type_of(const OneTimeLink*) {
  static const RecordType type =
      make_record_type<OneTimeLink>(23, "link", "one-time-links", link_fields, internal(false));
  return type;
}

const RecordType& record_type_of(const TenantMember*) {
  static const RecordType type =
      make_record_type<TenantMember>(24, "member", "tenant-members", member_fields, internal(true));
  return type;
}

}  // namespace interlock::domains
