// SPDX-License-Identifier: Apache-2.0
#include "http/sessions.h"

#include <algorithm>

#include <iterator>

#include "base/limits.h"
#include "engine/nodes.h"
#include "http/csrf.h"
#include "http/text.h"
#include "http/websocket.h"

namespace interlock::http {

namespace {
constexpr std::string_view topic = "sessions";  ///< between nodes
}

std::string_view token_of(const Request& request, bool& by_cookie) {
  by_cookie = false;
  if (auto authorization = request.header("authorization")) {
    constexpr std::string_view scheme = "bearer ";
    if (authorization->size() <= scheme.size() ||
        !equal_ignoring_case(authorization->substr(0, scheme.size()), scheme)) {
      throw Refusal(ErrorCode::unauthenticated, "Authorization must be a bearer token");
    }
    return trim(authorization->substr(scheme.size()));
  }
  by_cookie = true;
  return request.cookie(session_cookie);
}

Sessions::Sessions(engine::Engine& engine, const Accounts& accounts, const Clock& clock, const OwnOrigin& own_origin)
    : engine_(engine),
      accounts_(accounts),
      clock_(clock),
      own_origin_(own_origin),
      listener_(engine.nodes().hear(std::string(topic), [this](auto, auto text) { hear(text); })) {}

std::string_view Sessions::checked_token(const Request& request) const {
  bool by_cookie = false;
  auto token = token_of(request, by_cookie);
  if (by_cookie && is_cross_site_forgery(request, own_origin_)) {
    throw Refusal(ErrorCode::cross_site, "The request comes from another site");
  }
  return token;
}

std::optional<Login> Sessions::kept(const Request& request) {
  const auto token = checked_token(request);
  if (token.empty()) throw Refusal(ErrorCode::unauthenticated);
  std::lock_guard lock(mutex_);
  const auto found = kept_.find(token);
  const bool fresh = found != kept_.end() && clock_.monotonic() - found->second.since < limits::cached_session_life;
  return fresh ? std::optional(found->second.login) : std::nullopt;
}

std::optional<Login> Sessions::of(const Request& request) {
  const std::string token(checked_token(request));
  if (token.empty()) return std::nullopt;
  auto login = find(token);
  if (!login) throw Refusal(ErrorCode::unauthenticated, "The session or token is unknown or has ended");
  return login;
}

std::optional<Login> Sessions::find(const std::string& token) {
  std::uint64_t generation = 0;
  auto now = clock_.monotonic();
  {
    std::lock_guard lock(mutex_);
    auto found = kept_.find(token);
    if (found != kept_.end() && now - found->second.since < limits::cached_session_life) return found->second.login;
    generation = generation_;
  }
  auto login = look_up(token);
  std::lock_guard lock(mutex_);
  if (generation != generation_) return login;
  if (!login) {
    kept_.erase(token);
  } else {
    if (kept_.size() >= limits::cached_sessions_max) kept_.clear();
    kept_.insert_or_assign(token, Kept{*login, now});
  }
  return login;
}

std::optional<Login> Sessions::look_up(const std::string& token) {
  return accounts_.is_api_token(token) ? look_up_api_token(token) : look_up_session(token);
}

std::optional<Login> Sessions::look_up_session(const std::string& token) {
  std::optional<AccountSession> session;
  {
    auto platform = engine_.read(store::platform_tenant(), engine::system_caller());
    session = accounts_.find_session(platform->reader(), token, clock_.now());
  }
  if (!session) return std::nullopt;
  if (session->touch_due) {
    engine::Submission touch;
    touch.tenant = store::platform_tenant();
    touch.caller = engine::system_caller();
    touch.steps.push_back(
        {"sessions/touch", JsonObject{{"session", type_id_text("session", session->session)}}, {}, {}});
    engine_.submit(std::move(touch), [](engine::Answer) {});
  }
  return Login{session->tenant, session->caller, session->session, session->identity, session->expires_at};
}

std::optional<Login> Sessions::look_up_api_token(const std::string& text) {
  auto token = accounts_.parse_api_token(text);
  if (!token) return std::nullopt;
  {
    auto platform = engine_.read(store::platform_tenant(), engine::system_caller());
    if (!accounts_.tenant_is_active(platform->reader(), token->tenant)) return std::nullopt;
  }
  auto view = engine_.read(token->tenant, engine::system_caller());
  auto caller = accounts_.check_api_token(view->reader(), *token, clock_.now());
  if (!caller) return std::nullopt;
  return Login{token->tenant, *caller, {}, {}, {}};
}

void Sessions::forget() {
  forget_here();
  engine_.nodes().tell(topic, "");
}

/// Of another node. If it is lost, what is kept here is looked up anew within limits::cached_session_life, and a stream
/// is looked at with its next heartbeat.
void Sessions::hear(std::string_view text) {
  forget_here();
  const auto middle = text.find(' ');
  const auto owner = parse_uuid(text.substr(0, middle));
  const auto keep = middle == text.npos ? std::nullopt : parse_uuid(text.substr(middle + 1));
  if (owner && keep) close_streams_here(*owner, *keep);
}

void Sessions::forget_here() {
  std::lock_guard lock(mutex_);
  ++generation_;
  kept_.clear();
}

std::shared_ptr<void> Sessions::take_stream_place(const Login& login) {
  const auto holder = login.session.is_nil() ? login.caller.token : login.session;
  std::lock_guard lock(mutex_);
  auto& taken = stream_places_[holder];
  if (taken >= limits::streams_per_session_max) {
    throw Refusal(ErrorCode::too_many, "This session or token has too many streams open")
        .with_limit(static_cast<std::int64_t>(limits::streams_per_session_max));
  }
  ++taken;
  return {nullptr, [this, holder](void*) { free_stream_place(holder); }};
}

void Sessions::free_stream_place(const Uuid& holder) {
  std::lock_guard lock(mutex_);
  auto found = stream_places_.find(holder);
  if (--found->second == 0) stream_places_.erase(found);
}

void Sessions::attach(const Uuid& owner, std::weak_ptr<Stream> stream) {
  if (owner.is_nil()) return;
  std::lock_guard lock(mutex_);
  auto& streams = streams_[owner];
  std::erase_if(streams, [](const auto& each) { return each.expired(); });
  streams.push_back(std::move(stream));
  // Owners whose streams have all gone are swept when the table has grown.
  if (streams_.size() % 1'024 == 0) {
    for (auto entry = streams_.begin(); entry != streams_.end();) {
      std::erase_if(entry->second, [](const auto& each) { return each.expired(); });
      entry = entry->second.empty() ? streams_.erase(entry) : std::next(entry);
    }
  }
}

void Sessions::close_streams(const Uuid& owner, const Uuid& keep) {
  close_streams_here(owner, keep);
  engine_.nodes().tell(topic, uuid_text(owner) + ' ' + uuid_text(keep));
}

void Sessions::close_streams_here(const Uuid& owner, const Uuid& keep) {
  std::vector<std::weak_ptr<Stream>> streams, staying;
  {
    std::lock_guard lock(mutex_);
    auto found = streams_.find(owner);
    if (found == streams_.end()) return;
    const auto kept = streams_.find(keep);
    const auto stays = [&](const std::weak_ptr<Stream>& each) {
      return kept != streams_.end() && std::ranges::any_of(kept->second, [&](const auto& other) {
               return !each.owner_before(other) && !other.owner_before(each);
             });
    };
    for (auto& each : found->second) (stays(each) ? staying : streams).push_back(each);
    if (staying.empty()) {
      streams_.erase(found);
    } else {
      found->second = std::move(staying);
    }
  }
  for (auto& weak : streams) {
    if (auto stream = weak.lock()) stream->close(close_code::policy_violation);
  }
}

}  // namespace interlock::http
