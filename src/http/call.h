// SPDX-License-Identifier: Apache-2.0
// One request on its way through the API, shared by whoever works on it until it is answered.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/refusal.h"
#include "engine/engine.h"
#include "http/context.h"
#include "http/message.h"
#include "http/routes.h"

namespace interlock::http {

/// Lives in a shared_ptr (CallPtr). One thread at a time until it is answered; answering is thread-safe and done once:
/// a second answer is dropped.
class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(ApiContext& api, Request&& request, Responder responder);

  ApiContext& api;
  Request request;
  const Route* route = nullptr;
  std::optional<Login> login;
  std::string operation;  ///< for the log

  /// The path segment at the position of the route's n-th placeholder.
  std::string_view param(std::size_t n) const;
  const Login& who() const { return *login; }
  /// The body as JSON, `{}` if there is none. Throws Refusal media_type, malformed_json.
  Json body() const;
  /// The idempotency key. Throws Refusal key_invalid.
  std::string key() const;
  /// The client's address: the peer, or what a trusted proxy says.
  std::string address() const;

  /// Of a request whose body follows: has it go to the sink; what finishes that resumes the call.
  void take_body(std::unique_ptr<BodySink> sink);
  void resume(Responder responder) { responder_ = std::move(responder); }

  void answer(Response&& response);
  void answer(engine::Answer&& answer);
  void answer_json(int status, std::string body, std::optional<std::int64_t> seq = {});
  void refuse(const Refusal& refusal);
  void fail(const std::exception& error);

 private:
  void refuse_with(const Refusal& refusal, std::optional<std::int64_t> seq);
  std::optional<std::int64_t> found_seq() const;
  void log(int status, Duration took, std::string_view body);

  Responder responder_;
  const Duration begun_;
  std::atomic<bool> answered_ = false;
  bool replayed_ = false;
};

/// Runs `work` and answers what it throws.
template <class Work>
void guarded(const CallPtr& call, Work&& work) {
  try {
    work();
  } catch (const Refusal& refusal) {
    call->refuse(refusal);
  } catch (const std::exception& error) {
    call->fail(error);
  }
}

/// Runs `work` on a pool under the same guard. Throws Refusal overloaded when the pool's queue is full.
void run_on(WorkPool& pool, const CallPtr& call, std::function<void()> work);

}  // namespace interlock::http
