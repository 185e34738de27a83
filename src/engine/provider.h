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

/// Called from the dispatcher's threads, several at once. Must answer within limits::delivery_time_max; throws nothing
/// but std::exception, which counts as unclear.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual DeliveryResult deliver(const OutboxMessage& message) = 0;
  /// Whether the receiver recognises our message id, so that an unclear delivery may be sent again.
  virtual bool deduplicates() const = 0;
};

using Providers = std::map<std::string, std::unique_ptr<Provider>, std::less<>>;

}  // namespace interlock::engine
