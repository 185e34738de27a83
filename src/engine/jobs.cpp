// SPDX-License-Identifier: Apache-2.0
#include "engine/jobs.h"

#include <algorithm>

namespace interlock::engine {

namespace {

std::string time_fact(const LaneJob& job) { return "job." + job.name; }

Time last_run(const LaneJob& job, store::Writer& writer) {
  const auto text = writer.fact(time_fact(job));
  return text.empty() ? Time{0} : Time{std::stoll(text)};
}

Time due_at(const LaneJob& job, UnitOfWork& work, store::Writer& writer) {
  auto due = last_run(job, writer) + job.period;
  if (job.next)
    if (const auto earlier = job.next(work)) due = std::min(due, *earlier);
  return due;
}

using Types = std::vector<const RecordType*>;

void erase_with_dependants(const Types& types, store::Writer& writer, const Subject& purged, std::size_t depth = 0);

/// What was seen through the record, and by nobody since it was deleted: comments, files. What refers to it by a field
/// of its type was settled when it was deleted.
void erase_dependants(const Types& types, store::Writer& writer, const Subject& purged, std::size_t depth) {
  for (const auto* type : types) {
    const auto* through = type->find_field(type->options.visible_through);
    if (through == nullptr || through->kind != FieldKind::subject || !type->options.logged) continue;
    auto query = Query{}.with(*through, Comparison::equal, Value{subject_bytes(purged)});
    query.include_deleted = true;
    for (bool more = true; more;) {
      const auto rows = writer.select(*type, query);
      more = static_cast<std::int64_t>(rows.size()) == query.limit;
      for (const auto& row : rows) erase_with_dependants(types, writer, {type->number, row.header().id}, depth + 1);
    }
  }
}

void erase_with_dependants(const Types& types, store::Writer& writer, const Subject& purged, std::size_t depth) {
  if (depth < limits::visibility_depth_max) erase_dependants(types, writer, purged, depth);
  writer.erase(*record_type_by_number(purged.type), purged.id);
}

bool purge_deleted(const Schema& schema, LaneKind kind, UnitOfWork& work, store::Writer& writer) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  for (const auto* type : schema.types(kind)) {
    if (!type->options.logged) continue;
    Query query;
    query.only_deleted = true;
    query.limit = limit;
    query.conditions.push_back(
        {&header_field::deleted_at(), Comparison::less, {Value{(work.now() - limits::deleted_retention).us}}});
    const auto rows = writer.select(*type, query);
    for (const auto& row : rows) erase_with_dependants(schema.types(kind), writer, {type->number, row.header().id});
    if (static_cast<std::int64_t>(rows.size()) == limit) return true;
  }
  return false;
}

/// Messages that are settled for good and old enough that nobody asks for them any more.
bool purge_messages(UnitOfWork& work, store::Writer& writer) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  const auto& type = type_of<OutboxMessage>();
  Query query;
  query.limit = limit;
  query.conditions.push_back({&field_of(&OutboxMessage::status),
                              Comparison::one_of,
                              {std::string("sent"), std::string("failed"), std::string("cancelled")}});
  query.conditions.push_back(
      {&header_field::updated_at(), Comparison::less, {Value{(work.now() - limits::message_retention).us}}});
  const auto rows = writer.select(type, query);
  for (const auto& row : rows) writer.erase(type, row.header().id);
  return static_cast<std::int64_t>(rows.size()) == limit;
}

}  // namespace

std::vector<LaneJob> jobs_of(const Schema& schema, LaneKind kind, Duration key_retention) {
  std::vector<LaneJob> jobs;
  jobs.push_back({"keys/purge",
                  hours(6),
                  [key_retention](UnitOfWork& work, store::Writer& writer) {
                    const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
                    return writer.purge_keys(work.now() - key_retention, limit) == limit;
                  },
                  {}});
  jobs.push_back(
      {"deleted/purge",
       hours(24),
       [&schema, kind](UnitOfWork& work, store::Writer& writer) { return purge_deleted(schema, kind, work, writer); },
       {}});
  jobs.push_back({"outbox/purge", hours(24), &purge_messages, {}});
  for (const auto& job : schema.jobs()) {
    if (job.lane != LaneKind::both && job.lane != kind) continue;
    LaneJob own{
        std::string(job.name), job.period, [run = job.run](UnitOfWork& work, store::Writer&) { return run(work); }, {}};
    if (job.next != nullptr) own.next = job.next;
    jobs.push_back(std::move(own));
  }
  return jobs;
}

std::vector<std::string> due_jobs(const std::vector<LaneJob>& jobs, UnitOfWork& work, store::Writer& writer) {
  std::vector<std::string> due;
  for (const auto& job : jobs)
    if (due_at(job, work, writer) <= work.now()) due.push_back(job.name);
  return due;
}

bool run_job(const LaneJob& job, UnitOfWork& work, store::Writer& writer) {
  if (due_at(job, work, writer) > work.now()) return false;  // another wake was faster
  const bool more = job.run(work, writer);
  if (!more) writer.put_fact(time_fact(job), std::to_string(work.now().us));
  return more;
}

Time next_wake(const std::vector<LaneJob>& jobs, UnitOfWork& work, store::Writer& writer) {
  auto next = work.now() + hours(24);
  for (const auto& job : jobs) next = std::min(next, due_at(job, work, writer));
  // One that is being sent counts too: if the server stops meanwhile, it is the wake that brings it back.
  for (const auto* status : {"queued", "sending"})
    for (const auto& waiting : work.all<OutboxMessage>(
             (where(&OutboxMessage::status) == status).order_by(field_of(&OutboxMessage::due_at)).at_most(1)))
      next = std::min(next, waiting.due_at);
  return next;
}

}  // namespace interlock::engine
