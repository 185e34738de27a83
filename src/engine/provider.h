// SPDX-License-Identifier: Apache-2.0
// What the outbox speaks to: one provider per kind of outside effect, given to the engine by name.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "model/outbox.h"

namespace interlock::engine {

enum class Delivery : std::uint8_t {
  delivered,
  retry,    ///< nothing happened outside; try again later
  refused,  ///< nothing happened and never will (a malformed address)
  unclear,  ///< it may have happened
};

struct DeliveryResult {
  Delivery delivery = Delivery::delivered;
  std::string error;  ///< for people; no secrets
};

/// Called from threads of its own, at most limits::provider_calls_at_once_max at once. A call that has not answered
/// after limits::delivery_time_max counts as unclear and is waited for no longer, but keeps its place among those calls
/// until it ends: whoever hangs is asked no more. Throws nothing but std::exception, which counts as unclear. May
/// outlive the dispatcher by such a call.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual DeliveryResult deliver(const OutboxMessage& message) = 0;
  /// Whether the receiver recognises our message id, so that an unclear delivery may be sent again.
  virtual bool deduplicates() const = 0;
};

using Providers = std::map<std::string, std::shared_ptr<Provider>, std::less<>>;

}  // namespace interlock::engine
