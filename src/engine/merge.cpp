// SPDX-License-Identifier: Apache-2.0
#include "engine/merge.h"

#include <algorithm>

#include "model/record_json.h"

namespace interlock::engine {

namespace {

std::int64_t ms(Time time) { return time.us / 1'000; }

bool is_current(const RecordBox& current, const Base& base) {
  if (base.any) return true;
  if (base.version && *base.version != current.header().version) return false;
  return !base.updated_at || ms(*base.updated_at) == ms(current.header().updated_at);
}

/// Walks the record's chain of changes back to the base. Nothing if it is past retention, too far back, or never was.
std::optional<RecordBox> find_base(UnitOfWork& work, const RecordBox& current, const Base& base) {
  auto seq = current.header().last_seq;
  if (seq > work.writer().last_seq()) {  // an earlier step of this operation changed it: the log does not have that yet
    const auto* before = work.before(current.type(), current.header().id);
    if (before == nullptr) return std::nullopt;
    seq = before->header().last_seq;
  }
  for (std::int64_t steps = 0; seq != 0 && steps < limits::merge_versions_back_max; ++steps) {
    const auto change = work.writer().change(seq);
    if (!change) return std::nullopt;
    if (base.version && change->version < *base.version) return std::nullopt;
    if (!base.version || change->version == *base.version) {
      RecordBox state(current.type());
      read_record_json(current.type(), parse_json(change->state), state.get());
      if (base.version || ms(state.header().updated_at) == ms(*base.updated_at)) return state;
    }
    if (steps % 64 == 63) work.check_deadline();
    seq = change->prev_seq;
  }
  return std::nullopt;
}

std::string record_text(const RecordBox& box) {
  std::string text;
  append_record_json(text, box.type(), box.get());
  return text;
}

struct Difference {
  std::vector<const FieldInfo*> yours;     ///< fields that differ from the base
  std::vector<const FieldInfo*> clashing;  ///< of these, those that stand in the way
};

Difference compare(const Patch& patch, const RecordBox& base, const RecordBox& current) {
  Difference d;
  for (const auto* f : patch.given) {
    if (fields_equal(*f, patch.values.get(), base.get())) continue;
    d.yours.push_back(f);
    const bool theirs = !fields_equal(*f, base.get(), current.get());
    const bool differs = !fields_equal(*f, patch.values.get(), current.get());
    if (!f->mergeable || (theirs && differs)) d.clashing.push_back(f);
  }
  return d;
}

Refusal stale(const RecordBox& current, const std::optional<RecordBox>& base, const Patch* patch,
              const std::vector<const FieldInfo*>& yours, const std::vector<const FieldInfo*>& clashing) {
  std::string extra;
  JsonWriter json(extra);
  json.key("base");
  base ? json.raw(record_text(*base)) : json.null();
  json.key("current").raw(record_text(current));
  json.key("yours").begin_object();
  for (const auto* f : yours) {
    std::string value;
    append_field_json(value, *f, patch->values.get());
    json.key(f->name).raw(value);
  }
  json.end_object();
  json.key("clashing_fields").begin_array();
  for (const auto* f : clashing) json.text(f->name);
  json.end_array();
  return Refusal(ErrorCode::stale_version,
                 "the record is at version " + std::to_string(current.header().version) + " now")
      .with_extra(std::move(extra));
}

PatchedRecord apply(const RecordBox& current, const Patch& patch, const std::vector<const FieldInfo*>& which,
                    bool merged) {
  PatchedRecord next{current, false, merged};
  for (const auto* f : which) {
    if (fields_equal(*f, patch.values.get(), current.get())) continue;
    copy_field(*f, next.record.get(), patch.values.get());
    next.changed = true;
  }
  return next;
}

void refuse_disagreement(const Base& base, const RecordBox& state) {
  if (base.version && base.updated_at && ms(*base.updated_at) != ms(state.header().updated_at))
    throw Refusal(ErrorCode::precondition_invalid, "version and updated_at name different states");
}

}  // namespace

PatchedRecord apply_patch(UnitOfWork& work, const RecordBox& current, const Patch& patch) {
  if (is_current(current, patch.base)) return apply(current, patch, patch.given, false);
  if (patch.base.version == current.header().version) refuse_disagreement(patch.base, current);
  const auto base = find_base(work, current, patch.base);
  if (!base) throw stale(current, base, &patch, patch.given, patch.given);
  refuse_disagreement(patch.base, *base);
  const auto difference = compare(patch, *base, current);
  if (!patch.merge || !difference.clashing.empty())
    throw stale(current, base, &patch, difference.yours, difference.clashing);
  return apply(current, patch, difference.yours, true);
}

void refuse_if_stale(UnitOfWork& work, const RecordBox& current, const Base& base) {
  if (!base.given() || is_current(current, base)) return;
  throw stale(current, find_base(work, current, base), nullptr, {}, {});
}

}  // namespace interlock::engine
