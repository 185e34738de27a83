// SPDX-License-Identifier: Apache-2.0
// How many uploads are in progress: each holds a draft on the disk. All together are bounded, and neither a session nor
// a person with many sessions nor a tenant can take all the places from the others.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/ids.h"

namespace interlock::http {

/// Thread-safe.
class UploadPlaces {
 public:
  /// A place for this session (or API token) of that person in that tenant; free again when what is returned is gone.
  /// Throws Refusal too_many when the session has limits::uploads_per_session_max, the person
  /// limits::uploads_per_person_max or the tenant limits::uploads_per_tenant_max; overloaded when all of
  /// limits::uploads_at_once_max are taken.
  std::shared_ptr<void> take(const Uuid& session, const Uuid& person, const Uuid& tenant);

 private:
  struct Taken {
    std::mutex mutex;
    std::size_t all = 0;
    std::unordered_map<Uuid, std::size_t> by_holder;
  };
  std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace interlock::http
