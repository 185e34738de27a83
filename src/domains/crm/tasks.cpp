// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/tasks.h"

#include "base/json.h"
#include "domains/crm/activity.h"
#include "domains/crm/comments.h"
#include "domains/crm/customer.h"
#include "domains/platform/lanes.h"
#include "domains/platform/rights.h"

namespace interlock::domains {

namespace {

constexpr std::string_view waiting = "waiting";
constexpr std::string_view reminder_kind = "reminder";

std::string reminder_of(const Task& task) {
  if (!task.remind_at) return "none";
  if (task.reminded_at && *task.remind_at <= *task.reminded_at) return "sent";
  return task.done ? "none" : std::string(waiting);
}

/// The customer that a record hangs on, at once or by way of others; the record itself if there is none.
Subject timeline_of(Reader& reader, const Subject& subject) {
  auto at = subject;
  for (std::size_t depth = 0; depth <= limits::visibility_depth_max; ++depth) {
    if (at.type == type_of<Customer>().number) return at;
    const auto* type = record_type_by_number(at.type);
    RecordBox record(*type);
    const auto next = reader.load(*type, at.id, record.get()) ? seen_through(*type, record.get()) : std::nullopt;
    if (!next) break;
    at = *next;
  }
  return subject;
}

/// Whom to tell: nobody who is no active member, or does not see the task any more.
std::optional<User> recipient_of(Tx& tx, const Task& task) {
  const auto user = task.assigned_to ? tx.find(*task.assigned_to) : tx.find(Id<User>{task.created_by});
  if (!user || user->status != "active") return std::nullopt;
  Caller caller;
  caller.kind = Caller::Kind::user;
  caller.user = user->id;
  const auto actor = actor_of(tx, caller, tx.tenant(), tx.now());
  const bool sees = actor.allows("tasks.read") && is_visible(tx, actor, type_of<Task>(), &task);
  return sees ? user : std::nullopt;
}

void mail_reminder(Tx& tx, const Task& task, const User& to) {
  JsonObject mail{{"template", Json("task_reminder")}, {"to", Json(to.email)}, {"name", Json(to.name)}};
  mail.push_back({"title", Json(task.title)});
  mail.push_back({"task", json_id(id_of(task))});
  if (task.due_at) mail.push_back({"due_at", Json(rfc3339(*task.due_at))});
  tx.send({"mail", to.email, json_text(Json(std::move(mail))), type_id_text("task", task.id)});
}

void remind(Tx& tx, Task task) {
  task.reminded_at = tx.now();
  tx.save(task);
  if (tx.visibility(type_of<Task>(), &task).gone) return;
  Activity activity;
  activity.subject = timeline_of(tx, task.subject);
  activity.kind = reminder_kind;
  activity.text = task.title;
  tx.save(activity);
  if (const auto to = recipient_of(tx, task)) mail_reminder(tx, task, *to);
}

Query waiting_tasks() { return (where(&Task::reminder) == waiting).order_by(field_of(&Task::remind_at)); }

}  // namespace

void check_task(Tx& tx, const void* before, void* after) {
  auto& task = *static_cast<Task*>(after);
  if (before == nullptr) require_subject(tx, task.subject, type_of<Task>(), after);
  if (!task.done)
    task.done_at.reset();
  else if (!task.done_at)
    task.done_at = tx.now();
  task.reminder = reminder_of(task);
  if (task.reminder == waiting && !task.deleted_at) tx.wake_at(*task.remind_at);
}

bool send_reminders(Tx& tx) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  const auto due = tx.all<Task>((waiting_tasks() && where(&Task::remind_at) <= tx.now()).at_most(limit));
  for (const auto& task : due) remind(tx, task);
  return static_cast<std::int64_t>(due.size()) == limit;
}

std::optional<Time> next_reminder(Reader& reader) {
  const auto next = reader.first<Task>(waiting_tasks());
  return next ? next->remind_at : std::nullopt;
}

}  // namespace interlock::domains
