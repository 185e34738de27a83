// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/tasks.h"

namespace interlock::domains {

namespace {

constexpr std::string_view reminders[] = {"none", "waiting", "sent"};

constexpr auto task_fields =
    fields<Task>(field<&Task::subject>(required, fixed, indexed),
                 field<&Task::title>(required, max_bytes(500), searchable, mergeable),
                 field<&Task::due_at>(indexed, mergeable), field<&Task::assigned_to>(reference<User>(OnDelete::clear)),
                 field<&Task::done>(), field<&Task::done_at>(read_only), field<&Task::remind_at>(indexed, mergeable),
                 field<&Task::reminded_at>(read_only), field<&Task::reminder>(read_only, indexed, one_of(reminders)));

}  // namespace

const RecordType& record_type_of(const Task*) {
  static const RecordType type = make_record_type<Task>(
      64, "task", "tasks", task_fields,
      {.module = "crm", .visible_through = "subject", .default_sort = "due_at", .before_save = &check_task});
  return type;
}

}  // namespace interlock::domains
