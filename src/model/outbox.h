// SPDX-License-Identifier: Apache-2.0
// Outbox messages: effects to be performed outside, written with the operation that asked for them (Tx::send). The
// engine's dispatcher claims, delivers and settles them; this is only their shape.
#pragma once

#include "model/record.h"
#include "model/transition_table.h"

namespace interlock {

struct OutboxMessage : RecordHeader {
  std::string provider;     ///< "mail", "lane", "file"
  std::string destination;  ///< address, or tenant id in hexadecimal for "lane"
  JsonText payload;
  std::string subject;      ///< TypeID of the record that it concerns, or empty
  std::string status;       ///< queued, sending, sent, failed, unknown, cancelled
  std::int64_t number = 0;  ///< rising per source lane; what the receiving lane's high-water mark counts
  std::int64_t tries = 0;
  Time due_at;  ///< next try
  Time give_up_at;
  std::string last_error;
  std::string claimed_by;  ///< the node that is sending it, or was
  Time claimed_until;      ///< then another node takes it for one that a crash has left
};
INTERLOCK_RECORD(OutboxMessage)

/// queued → sending → sent | queued (retry) | failed | unknown; unknown → queued | sent | failed; queued → cancelled.
extern const TransitionTable outbox_transitions;

}  // namespace interlock
