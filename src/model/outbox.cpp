// SPDX-License-Identifier: Apache-2.0
#include "model/outbox.h"

namespace interlock {

namespace {

constexpr std::string_view states[] = {"queued", "sending", "sent", "failed", "unknown", "cancelled"};
constexpr Transition transitions[] = {
    {"queued", "claim", "sending"},   {"sending", "deliver", "sent"},   {"sending", "retry", "queued"},
    {"sending", "give_up", "failed"}, {"sending", "lose", "unknown"},   {"unknown", "requeue", "queued"},
    {"unknown", "confirm", "sent"},   {"unknown", "give_up", "failed"}, {"queued", "cancel", "cancelled"},
    {"queued", "give_up", "failed"},  {"failed", "requeue", "queued"},
};

constexpr auto outbox_fields = fields<OutboxMessage>(
    field<&OutboxMessage::provider>(max_bytes(32)), field<&OutboxMessage::destination>(),
    field<&OutboxMessage::payload>(max_bytes(64 * 1024)), field<&OutboxMessage::subject>(indexed),
    field<&OutboxMessage::status>(indexed), field<&OutboxMessage::number>(indexed), field<&OutboxMessage::tries>(),
    field<&OutboxMessage::due_at>(indexed), field<&OutboxMessage::give_up_at>(), field<&OutboxMessage::last_error>(),
    field<&OutboxMessage::claimed_by>(max_bytes(32)), field<&OutboxMessage::claimed_until>());

}  // namespace

const TransitionTable outbox_transitions{states, transitions};

const RecordType& record_type_of(const OutboxMessage*) {
  static const RecordType type = make_record_type<OutboxMessage>(
      40, "message", "outbox-messages", outbox_fields,
      {.logged = false, .creatable = false, .deletable = false, .permission = "outbox"});
  return type;
}

}  // namespace interlock
