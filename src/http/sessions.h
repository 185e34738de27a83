// SPDX-License-Identifier: Apache-2.0
// Who calls: sessions (cookie or bearer) and API tokens. What was found is kept for limits::cached_session_life, so
// that a busy caller costs one look-up a second; what ends a session here takes effect at once. Rights are never cached
// here: the lane looks at the membership with every operation, and every view with every read.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/engine.h"
#include "http/csrf.h"
#include "http/message.h"
#include "model/accounts.h"

namespace interlock::http {

/// Who is behind a request.
struct Login {
  TenantId tenant;
  Caller caller;
  Uuid session;     ///< nil for an API token
  Uuid identity;    ///< nil for an API token
  Time expires_at;  ///< of the session
};

inline constexpr std::string_view session_cookie = "interlock_session";

/// Thread-safe.
class Sessions {
 public:
  Sessions(engine::Engine& engine, const Accounts& accounts, const Clock& clock, const OwnOrigin& own_origin);

  /// Nothing if the request names nobody. Throws Refusal unauthenticated for a session or token that is not good (any
  /// more), cross_site for a cookie that another site makes the browser send.
  std::optional<Login> of(const Request& request);
  /// The same without a look at any lane, for threads that must not wait: nothing if that is needed. Throws Refusal
  /// unauthenticated if the request names nobody.
  std::optional<Login> kept(const Request& request);
  /// The login behind a token's text; nothing if it is not good.
  std::optional<Login> find(const std::string& token);
  /// Some sessions or tokens ended: nothing kept is believed any more, at any node.
  void forget();
  /// One of the limits::streams_per_session_max places that a session, or an API token, has for streams; it is free
  /// again when what is returned is gone. Throws Refusal too_many.
  std::shared_ptr<void> take_stream_place(const Login& login);
  /// Ties a stream to a session or an identity, by whose id close_streams() ends it; nil: to nothing.
  void attach(const Uuid& owner, std::weak_ptr<Stream> stream);
  /// Closes the streams of one session, or of all sessions of one identity but `keep`, at every node.
  void close_streams(const Uuid& owner, const Uuid& keep = {});

 private:
  struct Kept {
    Login login;
    Duration since;
  };
  /// Finds a text by a view of it.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  /// As token_of, if no other site had the browser send it.
  std::string_view checked_token(const Request& request) const;
  void forget_here();
  void close_streams_here(const Uuid& owner, const Uuid& keep);
  void hear(std::string_view text);
  void free_stream_place(const Uuid& holder);
  std::optional<Login> look_up(const std::string& token);
  std::optional<Login> look_up_session(const std::string& token);
  std::optional<Login> look_up_api_token(const std::string& token);

  engine::Engine& engine_;
  const Accounts& accounts_;
  const Clock& clock_;
  const OwnOrigin& own_origin_;
  std::mutex mutex_;
  std::unordered_map<std::string, Kept, TextHash, std::equal_to<>> kept_;
  std::uint64_t generation_ = 0;  ///< raised by forget(): what was looked up before must not be kept after
  std::unordered_map<Uuid, std::vector<std::weak_ptr<Stream>>> streams_;  ///< by session and by identity
  std::unordered_map<Uuid, std::size_t> stream_places_;                   ///< taken ones, by session or API token
  std::shared_ptr<void> listener_;  ///< last, so that nothing is heard when the rest goes
};

/// The bearer token or session cookie of a request, empty if there is none; lives as long as the request stays.
std::string_view token_of(const Request& request, bool& by_cookie);

}  // namespace interlock::http
