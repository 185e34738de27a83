// SPDX-License-Identifier: Apache-2.0
// The members of a tenant: invite, let in, disable. Runs in the tenant's lane; what concerns the person's account
// (link, password, sessions) is the platform's and is asked for by a message.
#pragma once

#include "domains/platform/user.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of users. Refuses: invalid_value (email, scopes), no_transition, last_owner, forbidden (only owners
/// touch owners, only owners and admins change roles).
void check_user(Tx& tx, const void* before, void* after);
/// Throws Refusal forbidden if the member is an owner and the actor is none: neither name, role, status nor anything
/// else that lets an owner in is changed from below.
void require_owner_for(const Actor& actor, const User& member);

struct InviteUser {
  std::optional<Id<User>> id;
  std::string email;
  std::string name;
  std::string role;
  std::vector<std::string> scopes;
};
inline const auto invite_user_fields =
    fields<InviteUser>(field<&InviteUser::id>(), field<&InviteUser::email>(required, max_bytes(254)),
                       field<&InviteUser::name>(max_bytes(200)), field<&InviteUser::role>(required, max_bytes(16)),
                       field<&InviteUser::scopes>(max_bytes(80)));
INTERLOCK_STRUCT(InviteUser, invite_user_fields)

struct UserVersion {
  Id<User> id;
  std::optional<std::int64_t> version;
};
inline const auto user_version_fields = fields<UserVersion>(
    field<&UserVersion::id>(required, reference<User>(OnDelete::refuse)), field<&UserVersion::version>());
INTERLOCK_STRUCT(UserVersion, user_version_fields)

struct InvitationLink {
  Id<User> id;
  std::string token;  ///< shown once; it stands behind `/invitation#token=`
  Time expires_at;
};
inline const auto invitation_link_fields =
    fields<InvitationLink>(field<&InvitationLink::id>(reference<User>(OnDelete::refuse)),
                           field<&InvitationLink::token>(secret), field<&InvitationLink::expires_at>());
INTERLOCK_STRUCT(InvitationLink, invitation_link_fields)

struct UpdateProfile {
  std::string name;
};
inline constexpr auto update_profile_fields =
    fields<UpdateProfile>(field<&UpdateProfile::name>(required, max_bytes(200)));
INTERLOCK_STRUCT(UpdateProfile, update_profile_fields)

struct AdmitUser {
  Id<User> id;
  std::string email;
  std::string name;
  std::string role;
  std::vector<std::string> scopes;
};
inline const auto admit_user_fields =
    fields<AdmitUser>(field<&AdmitUser::id>(required), field<&AdmitUser::email>(required, max_bytes(254)),
                      field<&AdmitUser::name>(max_bytes(200)), field<&AdmitUser::role>(required, max_bytes(16)),
                      field<&AdmitUser::scopes>(max_bytes(80)));
INTERLOCK_STRUCT(AdmitUser, admit_user_fields)

struct ActivateUser {
  Id<User> user;
  std::string name;  ///< as the person wrote it; empty keeps the inviter's
};
inline constexpr auto activate_user_fields =
    fields<ActivateUser>(field<&ActivateUser::user>(required), field<&ActivateUser::name>(max_bytes(200)));
INTERLOCK_STRUCT(ActivateUser, activate_user_fields)

/// Makes an invited member and asks the platform for account and link. Refuses: not_unique (email), forbidden,
/// id_taken.
User invite_user(Tx& tx, const InviteUser& request);
/// Sends an invited member a new link. Refuses: not_found, forbidden, no_transition (not invited).
User reinvite_user(Tx& tx, const UserVersion& request);
/// A link for whoever asks to hand over to the invited member: offered only where no mail reaches anybody, since a link
/// that comes by mail proves whose address it is. The platform is told the token's digest by a message, so the link is
/// good a moment after the answer. Refuses: not_found, stale_version, no_transition (not invited), forbidden (to an
/// owner by an owner only; to nobody who may more than the caller's API token).
InvitationLink invitation_link(Tx& tx, const UserVersion& request);
/// Refuses: not_found, stale_version, no_transition, last_owner, forbidden. The member's very next operation is
/// refused.
User disable_user(Tx& tx, const UserVersion& request);
User enable_user(Tx& tx, const UserVersion& request);
/// The caller's own name. Refuses: unauthenticated (not a member).
User update_profile(Tx& tx, const UpdateProfile& request);

/// System: a member with all details, active at once; the member as it is if there is one with this id.
User admit_user(Tx& tx, const AdmitUser& request);
/// System: the person has accepted the invitation; nothing happens if the member is not `invited` (any more).
User activate_user(Tx& tx, const ActivateUser& request);

}  // namespace interlock::domains
