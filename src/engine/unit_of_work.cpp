// SPDX-License-Identifier: Apache-2.0
#include "engine/unit_of_work.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "engine/outbox_facts.h"
#include "engine/redaction.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

Time milliseconds_floor(Time time) { return {time.us - ((time.us % 1'000) + 1'000) % 1'000}; }

Query references_to(const FieldInfo& field, const Uuid& id) {
  return Query{}.with(field, Comparison::equal, Value{id}).at_most(limits::list_items_max);
}

}  // namespace

UnitOfWork::UnitOfWork(const Schema& schema, store::Writer& writer, const Clock& clock, const LaneCounters& counters,
                       const OperationContext& context, const Actor& actor)
    : schema_(schema),
      writer_(writer),
      clock_(clock),
      counters_(counters),
      counters_before_(counters),
      context_(context),
      actor_(actor),
      random_(context.key, context.seed) {}

UnitOfWork::Entry* UnitOfWork::find_entry(const RecordType& type, const Uuid& id) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return nullptr;
  for (auto* candidate : at->second)
    if (candidate->type == &type) return candidate;
  return nullptr;
}

UnitOfWork::Entry& UnitOfWork::entry(const RecordType& type, const Uuid& id) {
  if (auto* found = find_entry(type, id)) return *found;
  auto& fresh = *entries_.emplace_back(std::make_unique<Entry>());
  fresh.type = &type;
  fresh.id = id;
  by_id_[id].push_back(&fresh);
  return fresh;
}

bool UnitOfWork::load(const RecordType& type, const Uuid& id, void* record) {
  check_deadline();
  if (const auto* known = find_entry(type, id)) {
    const auto& box = known->now ? known->now : known->before;
    if (!box || known->erased) return false;
    type.assign(record, box->get());
    return true;
  }
  if (!writer_.load(type, id, record)) return false;
  auto& fresh = entry(type, id);
  fresh.before = std::make_shared<RecordBox>(type, record);
  fresh.written = fresh.before;
  return true;
}

std::vector<RecordBox> UnitOfWork::select(const RecordType& type, const Query& query) {
  check_deadline();
  flush(&type);
  return writer_.select(type, query);
}

std::int64_t UnitOfWork::count(const RecordType& type, const Query& query) {
  check_deadline();
  flush(&type);
  return writer_.count(type, query);
}

void UnitOfWork::save(const RecordType& type, void* record) {
  check_deadline();
  if (entries_.size() >= limits::operation_saves_max)
    throw Refusal(ErrorCode::out_of_range, "one operation may touch at most this many records")
        .with_limit(limits::operation_saves_max);
  auto& h = header(record);
  const bool is_new = h.version == 0;
  if (is_new && h.id.is_nil()) h.id = make_uuid(context_.now, random_);
  if (find_entry(type, h.id) == nullptr) {
    RecordBox probe(type);
    load(type, h.id, probe.get());
  }
  auto& e = entry(type, h.id);
  if (is_new && (e.before || e.now)) throw Refusal(ErrorCode::id_taken, "this id is taken").at_field("id");
  const void* before = e.before ? e.before->get() : nullptr;
  if (type.options.before_save != nullptr) type.options.before_save(*this, before, record);
  check_references(type, before, record);
  check_unique(type, before, record);
  start_change(e, record);
  if (type.options.after_save != nullptr) type.options.after_save(*this, before, record);
}

void UnitOfWork::start_change(Entry& e, void* record) {
  auto& h = header(record);
  const auto now = milliseconds_floor(context_.now);
  if (e.before) {
    const auto& old = e.before->header();
    h.version = old.version + 1;
    h.created_at = old.created_at;
    h.created_by = old.created_by;
    h.updated_at = std::max(now, milliseconds_floor(old.updated_at) + milliseconds(1));
  } else {
    h.version = 1;
    h.created_at = h.updated_at = now;
    if (h.created_by.is_nil()) h.created_by = actor_.id;
  }
  if (e.type->options.logged && e.seq == 0) {
    e.seq = ++counters_.seq;
    order_.push_back(&e);
  }
  h.last_seq = e.seq;
  INVARIANT(!steps_.empty());
  const std::string_view step = steps_.front();
  e.operation = e.operation.empty() || e.operation == step ? step : "batch";
  e.now = std::make_shared<RecordBox>(*e.type, record);
  e.dirty = true;
  e.erased = false;
}

bool UnitOfWork::refers_to_nothing(const FieldInfo& f, const void* record) {
  if (is_empty(f, record)) return false;
  RecordBox found(f.refers_to());
  return !load(f.refers_to(), *static_cast<const Uuid*>(value_address(f, record)), found.get()) ||
         found.header().deleted_at;
}

void UnitOfWork::check_references(const RecordType& type, const void* before, const void* after) {
  const bool comes_back = before != nullptr && header(before).deleted_at && !header(after).deleted_at;
  for (const auto& f : type.fields()) {
    if (f.kind != FieldKind::reference || f.refers_to == nullptr) continue;
    if (before != nullptr && !comes_back && fields_equal(f, before, after)) continue;
    if (refers_to_nothing(f, after))
      throw Refusal(ErrorCode::unknown_reference, "there is no such " + std::string(f.refers_to().name))
          .at_field(std::string(f.name));
  }
}

void UnitOfWork::check_unique(const RecordType& type, const void* before, const void* after) {
  for (const auto& f : type.fields()) {
    if (!f.unique || is_empty(f, after) || header(after).deleted_at) continue;
    if (before != nullptr && fields_equal(f, before, after) && !header(before).deleted_at) continue;
    for (const auto& other : select(type, Query{}.with(f, Comparison::equal, value_of(f, after)).at_most(2)))
      if (other.header().id != header(after).id)
        throw Refusal(ErrorCode::not_unique, "this " + std::string(f.name) + " is taken").at_field(std::string(f.name));
  }
}

void UnitOfWork::remove(const RecordType& type, void* record) {
  auto& h = header(record);
  if (h.deleted_at) return;
  h.deleted_at = context_.now;
  save(type, record);
  follow_references(type, h.id);
}

void UnitOfWork::follow_references(const RecordType& type, const Uuid& id) {
  if (++cascade_depth_ > limits::cascade_depth_max) throw std::runtime_error("deletion cascades too deep");
  for (const auto& [referring, field] : schema_.referrers(type)) {
    // What was followed refers to it no more, so that each question gives the next page.
    for (bool more = true; more;) {
      auto page = select(*referring, references_to(*field, id));
      more = static_cast<std::int64_t>(page.size()) == limits::list_items_max;
      for (auto& box : page) follow_reference(*referring, *field, box);
    }
  }
  --cascade_depth_;
}

void UnitOfWork::follow_reference(const RecordType& referring, const FieldInfo& field, RecordBox& box) {
  load(referring, box.header().id, box.get());
  switch (field.on_delete) {
    case OnDelete::refuse:
      throw Refusal(ErrorCode::referenced, "a " + std::string(referring.name) + " refers to it")
          .with_extra("\"referenced_by\":\"" + type_id_text(referring.name, box.header().id) + "\"");
    case OnDelete::cascade:
      remove(referring, box.get());
      break;
    case OnDelete::clear:
      clear_field(field, box.get());
      save(referring, box.get());
      break;
  }
}

void UnitOfWork::restore(const RecordType& type, void* record) {
  header(record).deleted_at.reset();
  // A deletion clears references of live records only; this one was none when it happened.
  for (const auto& f : type.fields())
    if (f.refers_to != nullptr && f.on_delete == OnDelete::clear && refers_to_nothing(f, record))
      clear_field(f, record);
  save(type, record);
}

void UnitOfWork::erase(const RecordType& type, const Uuid& id) {
  INVARIANT(!type.options.logged);
  // Whoever watches the record of a lease is told that the lease has ended: then it must be known whose it was.
  if (type.options.announces_lease && find_entry(type, id) == nullptr) {
    RecordBox ended(type);
    load(type, id, ended.get());
  }
  auto& e = entry(type, id);
  e.erased = e.dirty = true;
  e.now.reset();
}

void UnitOfWork::redact(const RecordType& type, void* record, const std::vector<const FieldInfo*>& redacted) {
  const Uuid id = header(record).id;
  const auto blank = [&](std::string_view text) { return redacted_text(type, id, redacted, text); };
  for (const auto* f : redacted) clear_field(*f, record);
  save(type, record);
  take_savepoint();
  writer_.rewrite_history({type.number, id}, blank);
  redacted_ = true;
}

void UnitOfWork::send(OutboxRequest request) {
  OutboxMessage message;
  message.provider = std::move(request.provider);
  message.destination = std::move(request.destination);
  message.payload.text = std::move(request.payload);
  message.subject = std::move(request.subject);
  message.status = outbox_transitions.initial();
  message.number = ++counters_.outbox_number;
  message.due_at = context_.now;
  message.give_up_at = context_.now + limits::message_life;
  Tx::save(message);
  sent_ = true;
  wake_at(message.due_at);
}

void UnitOfWork::wake_at(Time time) { wake_ = wake_ ? std::min(*wake_, time) : time; }

void UnitOfWork::check_deadline() {
  if (clock_.monotonic() > context_.deadline) throw Refusal(ErrorCode::timed_out);
}

void UnitOfWork::take_savepoint() {
  if (savepoint_) return;
  writer_.savepoint();
  savepoint_ = true;
}

void UnitOfWork::flush(const RecordType* type) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto& e = *entries_[i];
    if (!e.dirty || e.type != type) continue;
    take_savepoint();
    write(e);
  }
}

void UnitOfWork::write(Entry& e) {
  if (e.erased)
    writer_.erase(*e.type, e.id);
  else
    writer_.put(*e.type, e.now->get(), e.written ? e.written->get() : nullptr);
  e.written = e.erased ? nullptr : e.now;
  e.dirty = false;
}

RecordChange UnitOfWork::make_change(const Entry& e) {
  RecordChange change;
  change.type = e.type;
  change.before = e.before;
  change.after = e.now;
  change.visibility_before = e.before ? visibility(*e.type, e.before->get()) : Visibility{};
  change.visibility_after = visibility(*e.type, e.now->get());
  auto& c = change.change;
  c.seq = e.seq;
  c.op_seq = order_.front()->seq;
  c.prev_seq = e.before ? e.before->header().last_seq : 0;
  c.type = e.type->number;
  c.id = e.id;
  c.version = e.now->header().version;
  c.operation = e.operation;
  c.actor = actor_.id;
  c.at = context_.now;
  append_record_json(c.state, *e.type, e.now->get());
  if (c.state.size() > limits::record_bytes_max)
    throw Refusal(ErrorCode::too_long, "the record is too large").with_limit(limits::record_bytes_max);
  return change;
}

void UnitOfWork::finish(std::string_view key) {
  // Everything that can be refused comes before the first write.
  for (const auto* e : order_) changes_.push_back(make_change(*e));
  if (!changes_.empty()) changes_.front().change.key = key;
  finishing_ = true;
  for (auto& e : entries_)
    if (e->dirty) write(*e);
  for (const auto& change : changes_) writer_.append(change.change);
  if (counters_.outbox_number != counters_before_.outbox_number)
    writer_.put_fact(outbox_number_fact, std::to_string(counters_.outbox_number));
  if (redacted_) writer_.put_fact("feed_from_seq", std::to_string(counters_.seq));
  if (savepoint_) writer_.release_savepoint();
  savepoint_ = false;
}

void UnitOfWork::discard() {
  if (savepoint_ && writer_.in_group()) writer_.rollback_to_savepoint();
  savepoint_ = false;
  counters_ = counters_before_;
  entries_.clear();
  by_id_.clear();
  order_.clear();
  changes_.clear();
  wake_.reset();
  sent_ = redacted_ = false;
}

bool UnitOfWork::touched(const RecordType& type) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& e) { return e->type == &type && (e->now != nullptr || e->erased); });
}

const RecordBox* UnitOfWork::before(const RecordType& type, const Uuid& id) {
  const auto* known = find_entry(type, id);
  return known == nullptr ? nullptr : known->before.get();
}

std::vector<Subject> UnitOfWork::leased_subjects() const {
  std::vector<Subject> subjects;
  for (const auto& e : entries_) {
    const auto& box = e->now ? e->now : e->before;
    if (!e->type->options.announces_lease || !box || (e->now == nullptr && !e->erased)) continue;
    subjects.push_back(*static_cast<const Subject*>(value_address(*e->type->find_field("subject"), box->get())));
  }
  return subjects;
}

std::int64_t UnitOfWork::change_seq(const RecordType& type, const Uuid& id) const {
  for (const auto* e : order_)
    if (e->type == &type && e->id == id) return e->seq;
  return 0;
}

}  // namespace interlock::engine
