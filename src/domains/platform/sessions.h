// SPDX-License-Identifier: Apache-2.0
// Sessions: made after a password was verified outside the lane. Platform lane, system only. A session ends when it was
// idle too long, at its final end, at log-out, with every password change or reset, and when its tenant is suspended.
#pragma once

#include "domains/done.h"
#include "domains/platform/account_records.h"
#include "model/tx.h"

namespace interlock::domains {

struct CreateSession {
  Id<Identity> identity;
  Id<Tenant> tenant;
  std::optional<std::int64_t> version;  ///< of the identity whose password was verified
  std::optional<std::int64_t> idle_s;   ///< limits::session_idle_max unless given
};
inline const auto create_session_fields =
    fields<CreateSession>(field<&CreateSession::identity>(required, reference<Identity>(OnDelete::refuse)),
                          field<&CreateSession::tenant>(required, reference<Tenant>(OnDelete::refuse)),
                          field<&CreateSession::version>(), field<&CreateSession::idle_s>(between(60, 30 * 86'400)));
INTERLOCK_STRUCT(CreateSession, create_session_fields)

struct CreatedSession {
  Id<Session> session;
  std::string token;  ///< shown once
  Id<User> user;      ///< in the tenant
  Id<Tenant> tenant;
  std::string tenant_slug;
  std::string tenant_name;
  Time expires_at;
};
inline const auto created_session_fields = fields<CreatedSession>(
    field<&CreatedSession::session>(reference<Session>(OnDelete::refuse)), field<&CreatedSession::token>(secret),
    field<&CreatedSession::user>(), field<&CreatedSession::tenant>(reference<Tenant>(OnDelete::refuse)),
    field<&CreatedSession::tenant_slug>(), field<&CreatedSession::tenant_name>(), field<&CreatedSession::expires_at>());
INTERLOCK_STRUCT(CreatedSession, created_session_fields)

struct SessionRequest {
  Id<Session> session;
};
inline const auto session_request_fields =
    fields<SessionRequest>(field<&SessionRequest::session>(required, reference<Session>(OnDelete::refuse)));
INTERLOCK_STRUCT(SessionRequest, session_request_fields)

struct EndAllSessions {
  Id<Identity> identity;
  std::optional<Id<Session>> keep;
};
inline const auto end_all_sessions_fields =
    fields<EndAllSessions>(field<&EndAllSessions::identity>(required, reference<Identity>(OnDelete::refuse)),
                           field<&EndAllSessions::keep>(reference<Session>(OnDelete::refuse)));
INTERLOCK_STRUCT(EndAllSessions, end_all_sessions_fields)

/// Refuses: login_failed (no such identity, not a member, tenant not active), stale_version (the identity changed since
/// its password was verified). Beyond limits::sessions_per_identity_max the oldest one ends.
CreatedSession create_session(Tx& tx, const CreateSession& request);
/// Puts the idle end off; nothing happens if it has ended.
Done touch_session(Tx& tx, const SessionRequest& request);
Done end_session(Tx& tx, const SessionRequest& request);
Done end_all_sessions(Tx& tx, const EndAllSessions& request);

/// Job: erases sessions past their end, a bounded number at a time. True if there are more.
bool purge_sessions(Tx& tx);

}  // namespace interlock::domains
