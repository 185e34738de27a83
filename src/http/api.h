// SPDX-License-Identifier: Apache-2.0
// The API of Interlock on top of the transport: docs/reference and /api/openapi.json describe what it answers.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "http/message.h"
#include "http/server.h"
#include "http/static_files.h"
#include "model/accounts.h"
#include "store/blobs.h"

namespace interlock::http {

struct ApiOptions {
  bool secure_cookies = false;               ///< cookies go over HTTPS only
  std::string public_url;                    ///< a further origin that is ours, besides the Host header; may be empty
  std::vector<std::string> trusted_proxies;  ///< addresses whose X-Forwarded-For and -Proto are believed
  std::string metrics_token;                 ///< bearer token of /metrics; empty: loopback callers only
  std::string set_up_token;                  ///< what POST /api/set-up asks for; empty: set-up is off
  std::string version;                       ///< of the program
  std::string demo;                          ///< JSON, told to everybody: demo log-ins; empty where there are none
  bool mail_is_sent = false;                 ///< told to everybody: whether mails reach the people they are for
  std::span<const StaticFile> pages;         ///< the console's files; none: there are no pages
  store::Blobs* blobs = nullptr;             ///< contents of files, outlives the Api; nullptr: files are not offered
  std::size_t file_bytes_max = limits::file_bytes_max;
  Duration key_retention = limits::key_retention;  ///< what clients are told
  std::string data_directory;                      ///< whose disk's free space /metrics tells; empty: none
};

struct ApiContext;

/// Serves requests; thread-safe. `engine`, `clock` and `random` must outlive it, and it the server that it handles for.
class Api final : public Handler {
 public:
  Api(engine::Engine& engine, const Accounts& accounts, const Clock& clock, Random& random, ApiOptions options);
  ~Api() override;

  void handle(Request&& request, Responder responder) override;
  std::optional<std::size_t> body_piecewise_max(const Request& request) const override;
  std::optional<Response> page_for_unreadable_target(const Request& request) const override;
  /// What /readyz says; true at first. A server that drains says no.
  void set_ready(bool ready);
  /// Where /metrics gets the transport's counters from; before the server starts.
  void set_transport_stats(std::function<ServerStats()> stats);

 private:
  std::unique_ptr<ApiContext> context_;
};

}  // namespace interlock::http
