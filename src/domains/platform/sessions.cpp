// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/sessions.h"

#include <algorithm>

#include "domains/platform/accounts.h"
#include "domains/versions.h"

namespace interlock::domains {

namespace {

constexpr std::int64_t us_per_s = 1'000'000;

void make_room(Tx& tx, Id<Identity> identity) {
  auto sessions = tx.all<Session>(where(&Session::identity) == identity);
  if (sessions.size() < limits::sessions_per_identity_max) return;
  std::sort(sessions.begin(), sessions.end(),
            [](const auto& a, const auto& b) { return a.last_seen_at < b.last_seen_at; });
  const auto surplus = sessions.size() - limits::sessions_per_identity_max + 1;
  for (std::size_t i = 0; i < surplus; ++i) tx.erase(id_of(sessions[i]));
}

}  // namespace

CreatedSession create_session(Tx& tx, const CreateSession& request) {
  const auto identity = tx.find<Identity>(request.identity);
  if (!identity) throw Refusal(ErrorCode::login_failed);
  if (request.version && *request.version != identity->version) throw Refusal(ErrorCode::stale_version);
  const auto membership = choose_tenant(tenants_of(tx, id_of(*identity)), type_id_text("tenant", request.tenant.uuid));
  if (!membership) throw Refusal(ErrorCode::login_failed);
  make_room(tx, id_of(*identity));

  const auto token = random_hex(tx.random(), 32);
  Session session;
  session.token_digest = secret_digest(token);
  session.identity = request.identity;
  session.tenant = request.tenant;
  session.user = {membership->user};
  session.last_seen_at = tx.now();
  session.expires_at = tx.now() + limits::session_life_max;
  session.idle_s = request.idle_s.value_or(limits::session_idle_max.us / us_per_s);
  tx.save(session);
  return {id_of(session), token, session.user, session.tenant, membership->slug, membership->name, session.expires_at};
}

Done touch_session(Tx& tx, const SessionRequest& request) {
  auto session = tx.find<Session>(request.session);
  if (!session || tx.now() >= session->last_seen_at + seconds(session->idle_s)) return {};
  session->last_seen_at = tx.now();
  tx.save(*session);
  return {};
}

Done end_session(Tx& tx, const SessionRequest& request) {
  if (tx.find<Session>(request.session)) tx.erase(request.session);
  return {};
}

Done end_all_sessions(Tx& tx, const EndAllSessions& request) {
  for (const auto& session : tx.all<Session>(where(&Session::identity) == request.identity))
    if (!request.keep || id_of(session) != *request.keep) tx.erase(id_of(session));
  return {};
}

bool purge_sessions(Tx& tx) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  auto ended = tx.all<Session>((where(&Session::expires_at) <= tx.now()).at_most(limit));
  // Sessions with a longer idle time than the default are looked at and stay; with a shorter one they go a little
  // later.
  const Query idle = (where(&Session::last_seen_at) <= tx.now() - limits::session_idle_max).at_most(limit);
  for (auto& session : tx.all<Session>(idle))
    if (tx.now() < session.expires_at && tx.now() >= session.last_seen_at + seconds(session.idle_s))
      ended.push_back(std::move(session));
  for (const auto& session : ended) tx.erase(id_of(session));
  return static_cast<std::int64_t>(ended.size()) >= limit;
}

}  // namespace interlock::domains
