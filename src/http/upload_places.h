// SPDX-License-Identifier: Apache-2.0
// How many uploads are in progress: each holds a draft on the disk, so that one session cannot fill it, and all
// together are bounded.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/ids.h"

namespace interlock::http {

/// Thread-safe.
class UploadPlaces {
 public:
  /// One of the limits::uploads_per_session_max places of a session or API token; free again when what is returned is
  /// gone. Throws Refusal too_many, or overloaded when limits::uploads_at_once_max are taken.
  std::shared_ptr<void> take(const Uuid& holder);

 private:
  struct Taken {
    std::mutex mutex;
    std::size_t all = 0;
    std::unordered_map<Uuid, std::size_t> by_holder;
  };
  std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace interlock::http
