// SPDX-License-Identifier: Apache-2.0
// Tasks and their reminders. Tenant lane.
//
// A reminder waits while its task is open and its time has not brought one yet. The lane is asked to come back at that
// time; a job then notes the reminder in the task and sends it, in one commit: once, however often the lane is woken.
#pragma once

#include "domains/crm/task.h"
#include "model/schema.h"

namespace interlock::domains {

/// before_save of tasks. Refuses: not_found (subject).
void check_task(Tx& tx, const void* before, void* after);

/// Sends what is due: an activity `reminder` in the timeline of the customer that it is about (of the subject, if it
/// hangs on none), and a mail to whoever it is assigned to (its author, if nobody), provided that they see the task. If
/// its subject is deleted it is only noted. Answers whether there is more.
bool send_reminders(Tx& tx);
/// When the next reminder is due; nothing if none waits.
std::optional<Time> next_reminder(Reader& reader);

}  // namespace interlock::domains
