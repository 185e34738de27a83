// SPDX-License-Identifier: Apache-2.0
// The platform's side of membership: identities and which tenants they belong to. Platform lane, system only. All of it
// bears to be asked for twice.
#pragma once

#include "domains/platform/account_records.h"
#include "model/tx.h"

namespace interlock::domains {

struct InviteMember {
  Id<Tenant> tenant;
  Id<User> user;
  std::string email;
  std::string name;
  std::optional<bool> mail;  ///< true unless given; false: the caller hands the link over
  std::string token_digest;  ///< of a link that the tenant has handed over already: then none is made, nor mailed
};
inline const auto invite_member_fields = fields<InviteMember>(
    field<&InviteMember::tenant>(required, reference<Tenant>(OnDelete::refuse)), field<&InviteMember::user>(required),
    field<&InviteMember::email>(required, max_bytes(254)), field<&InviteMember::name>(max_bytes(200)),
    field<&InviteMember::mail>(), field<&InviteMember::token_digest>(max_bytes(64)));
INTERLOCK_STRUCT(InviteMember, invite_member_fields)

struct InvitedMember {
  Id<Identity> identity;
  Id<User> user;  ///< as the platform knows it: the first one that was asked for
  bool has_password = false;
  std::string token;  ///< of the link that was made, shown once; empty if none was, or there are enough good ones
  Time expires_at;
};
inline const auto invited_member_fields = fields<InvitedMember>(
    field<&InvitedMember::identity>(reference<Identity>(OnDelete::refuse)), field<&InvitedMember::user>(),
    field<&InvitedMember::has_password>(), field<&InvitedMember::token>(secret), field<&InvitedMember::expires_at>());
INTERLOCK_STRUCT(InvitedMember, invited_member_fields)

struct AdmitMember {
  Id<Tenant> tenant;
  Id<User> user;
  std::string email;
  std::string name;
  std::string password_hash;  ///< of an identity that has none yet; see password.h
};
inline const auto admit_member_fields =
    fields<AdmitMember>(field<&AdmitMember::tenant>(required, reference<Tenant>(OnDelete::refuse)),
                        field<&AdmitMember::user>(required), field<&AdmitMember::email>(required, max_bytes(254)),
                        field<&AdmitMember::name>(max_bytes(200)), field<&AdmitMember::password_hash>(max_bytes(256)));
INTERLOCK_STRUCT(AdmitMember, admit_member_fields)

struct AdmittedMember {
  Id<Identity> identity;
  Id<User> user;
};
inline const auto admitted_member_fields = fields<AdmittedMember>(
    field<&AdmittedMember::identity>(reference<Identity>(OnDelete::refuse)), field<&AdmittedMember::user>());
INTERLOCK_STRUCT(AdmittedMember, admitted_member_fields)

struct AcceptInvitation {
  std::string token_digest;   ///< LinkInfo::token_digest
  std::string password_hash;  ///< empty for an identity that has one: it was verified outside
  std::string name;
};
inline const auto accept_invitation_fields = fields<AcceptInvitation>(
    field<&AcceptInvitation::token_digest>(required, max_bytes(64)),
    field<&AcceptInvitation::password_hash>(max_bytes(256)), field<&AcceptInvitation::name>(max_bytes(200)));
INTERLOCK_STRUCT(AcceptInvitation, accept_invitation_fields)

struct AcceptedInvitation {
  Id<Identity> identity;
  Id<Tenant> tenant;
  Id<User> user;
};
inline const auto accepted_invitation_fields = fields<AcceptedInvitation>(
    field<&AcceptedInvitation::identity>(reference<Identity>(OnDelete::refuse)),
    field<&AcceptedInvitation::tenant>(reference<Tenant>(OnDelete::refuse)), field<&AcceptedInvitation::user>());
INTERLOCK_STRUCT(AcceptedInvitation, accepted_invitation_fields)

/// The identity with this address, made if there is none (then with the given id, so that user and identity agree).
Identity ensure_identity(Tx& tx, std::string_view email, std::string_view name, const Uuid& id_if_new);
/// The membership, made if there is none; `accepted` makes it one that the person sees.
TenantMember ensure_member(Tx& tx, Id<Identity> identity, Id<Tenant> tenant, Id<User> user, bool accepted);

/// Identity, membership and a link, which is mailed. Sent by users/invite; the command line calls it to print the link.
InvitedMember invite_member(Tx& tx, const InviteMember& request);
/// The same without a link: for the command line and demo data. A password that is there already is kept.
AdmittedMember admit_member(Tx& tx, const AdmitMember& request);
/// Uses the link, sets the password of a new identity, and tells the tenant. Refuses: link_invalid; required (password:
/// the identity has none), invalid_value (password: it has one, which an invitation must not replace).
AcceptedInvitation accept_invitation(Tx& tx, const AcceptInvitation& request);

}  // namespace interlock::domains
