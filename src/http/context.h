// SPDX-License-Identifier: Apache-2.0
// What the parts of the API share: one per server, made at start.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/random.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/csrf.h"
#include "http/metrics.h"
#include "http/request_log.h"
#include "http/sessions.h"
#include "http/throttle.h"
#include "http/upload_places.h"
#include "http/work_pool.h"
#include "model/accounts.h"

namespace interlock::http {

struct ApiContext {
  ApiContext(engine::Engine& engine_, const Accounts& accounts_, const Clock& clock_, Random& random_,
             ApiOptions options_);

  engine::Engine& engine;
  const Schema& schema;
  const Accounts accounts;
  const Clock& clock;
  Random& random;
  const ApiOptions options;
  std::function<ServerStats()> transport_stats;
  std::atomic<bool> ready = true;
  std::atomic<std::uint64_t> next_connection = 1;
  RequestMetrics metrics;
  RequestLog log;
  const OwnOrigin own_origin;
  Sessions sessions;
  SharedThrottle failures_per_account;
  SharedThrottle failures_per_address;
  Throttle anonymous_calls;
  Throttle script_errors;
  UploadPlaces upload_places;
  std::shared_ptr<const std::string> openapi;
  // Last, so that their work ends before what it uses goes.
  WorkPool reads;
  WorkPool feeds;      ///< catch-ups of feeds, apart: many that begin at once must not delay a read
  WorkPool transfers;  ///< what waits for the disk, or for where contents of files are kept
  WorkPool hashes;
};

/// A submission by the system to the platform's lane, for log-in and the like; these operations need no key.
void submit_to_platform(ApiContext& api, std::string operation, JsonObject request, const std::string& request_id,
                        engine::AnswerCallback callback);
void submit_by_system(ApiContext& api, TenantId tenant, std::string operation, JsonObject request,
                      const std::string& request_id, engine::AnswerCallback callback);

}  // namespace interlock::http
