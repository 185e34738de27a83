// SPDX-License-Identifier: Apache-2.0
// A Tx over maps: no lane, no store, no log. Tests of the domains' behaviour run on it, and it is the simple model that
// answers of the real engine are held against. It keeps to the contract of model/tx.h: rules, references, uniqueness,
// versions, cascades. One thread.
//
//   MemoryTx tx(schema, tenant);
//   tx.as(owner);
//   auto user = tx.attempt([&] { return invite_user(tx, {...}); });     // a refusal takes everything back
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/random.h"
#include "model/schema.h"
#include "model/tx.h"

namespace interlock::testing {

class MemoryTx final : public Tx {
 public:
  using Key = std::pair<std::uint16_t, Uuid>;
  struct Redaction {
    Subject subject;
    std::vector<std::string> fields;
  };

  /// Begins as the system, in 2026.
  explicit MemoryTx(const Schema& schema, TenantId tenant = {}, std::uint64_t seed = 1)
      : schema_(schema), tenant_(tenant), random_(seed) {
    as_system();
  }

  void as(Actor actor) { actor_ = std::move(actor); }
  /// The actor that the tenant's own records make of a caller; throws Refusal unauthenticated.
  void as(const Caller& caller) { actor_ = schema_.hooks.actor_of(*this, caller, tenant_, now_); }
  void as_user(const Uuid& user) {
    Caller caller;
    caller.kind = Caller::Kind::user;
    caller.user = user;
    as(caller);
  }
  void as_system() {
    Caller caller;
    caller.kind = Caller::Kind::system;
    Actor actor;
    actor.caller = caller;
    actor.name = actor.role = "system";
    actor.system = true;
    as(actor);
  }
  /// The ids of the next new records that come without one, in order; beyond them they are made as ever.
  void give_ids(std::vector<Uuid> ids) { ids_.assign(ids.begin(), ids.end()); }
  void advance(Duration time) { now_ = now_ + time; }
  void set_now(Time time) { now_ = time; }

  /// Runs one operation: all of it or, where it throws, nothing; each record saved once gets one version.
  template <class Body>
  auto attempt(Body body) {
    begin();
    try {
      if constexpr (std::is_void_v<decltype(body())>) {
        body();
        end();
      } else {
        auto answer = body();
        end();
        return answer;
      }
    } catch (...) {
      roll_back();
      throw;
    }
  }

  bool load(const RecordType& type, const Uuid& id, void* record) override {
    const auto at = records_.find({type.number, id});
    if (at == records_.end()) return false;
    type.assign(record, at->second.get());
    return true;
  }

  std::vector<RecordBox> select(const RecordType& type, const Query& query) override {
    std::vector<RecordBox> found;
    for_each(type, [&](const RecordBox& box) {
      if (matches(query, box.get()) && found_by_search(type, query.search, box.get())) found.push_back(box);
    });
    if (query.sort != nullptr)
      std::sort(found.begin(), found.end(), [&](const RecordBox& a, const RecordBox& b) {
        return query.descending ? place(query, b) < place(query, a) : place(query, a) < place(query, b);
      });
    else if (query.descending)
      std::reverse(found.begin(), found.end());
    if (query.after) skip_to(found, query);
    if (found.size() > static_cast<std::size_t>(query.limit))
      found.erase(found.begin() + static_cast<std::ptrdiff_t>(query.limit), found.end());
    return found;
  }

  std::int64_t count(const RecordType& type, const Query& query) override {
    std::int64_t n = 0;
    for_each(type, [&](const RecordBox& box) {
      n += matches(query, box.get()) && found_by_search(type, query.search, box.get());
    });
    return n;
  }

  Time now() const override { return now_; }
  Random& random() override { return random_; }
  const Actor& actor() const override { return actor_; }
  TenantId tenant() const override { return tenant_; }

  void save(const RecordType& type, void* record) override {
    auto& h = header(record);
    const bool is_new = h.version == 0;
    if (is_new && h.id.is_nil()) h.id = next_id();
    const Key key{type.number, h.id};
    const auto* known = before_operation(key);
    const auto old = known == nullptr ? std::nullopt : std::optional<RecordBox>(*known);  // put() moves what is known
    if (is_new && records_.contains(key)) throw Refusal(ErrorCode::id_taken).at_field("id");
    if (type.options.before_save != nullptr) type.options.before_save(*this, old ? old->get() : nullptr, record);
    check_references(type, old ? old->get() : nullptr, record);
    check_unique(type, record);
    stamp(old ? &*old : nullptr, record);
    put(key, RecordBox(type, record));
    if (type.options.after_save != nullptr) type.options.after_save(*this, old ? old->get() : nullptr, record);
  }

  void remove(const RecordType& type, void* record) override {
    auto& h = header(record);
    if (h.deleted_at) return;
    h.deleted_at = now_;
    save(type, record);
    follow_references(type, h.id);
  }

  void restore(const RecordType& type, void* record) override {
    header(record).deleted_at.reset();
    for (const auto& f : type.fields())
      if (f.refers_to != nullptr && f.on_delete == OnDelete::clear && refers_to_nothing(f, record))
        clear_field(f, record);
    save(type, record);
  }

  void erase(const RecordType& type, const Uuid& id) override { put({type.number, id}, std::nullopt); }

  void redact(const RecordType& type, void* record, const std::vector<const FieldInfo*>& fields) override {
    Redaction redaction{{type.number, header(record).id}, {}};
    for (const auto* f : fields) {
      clear_field(*f, record);
      redaction.fields.emplace_back(f->name);
    }
    save(type, record);
    redactions.push_back(std::move(redaction));
  }

  void send(OutboxRequest message) override { sent.push_back(std::move(message)); }
  void wake_at(Time time) override { wake = wake ? std::min(*wake, time) : time; }
  void check_deadline() override {}
  using Tx::erase;
  using Tx::remove;
  using Tx::save;

  const Schema& schema() const { return schema_; }
  /// All records that there are, deleted ones too.
  const std::map<Key, RecordBox>& records() const { return records_; }
  /// What the last attempt that succeeded wrote, in the order of type and id.
  const std::vector<Key>& written() const { return written_; }
  /// A record as it is, with its header: to begin from what exists.
  void adopt(const RecordType& type, const void* record) {
    put({type.number, header(record).id}, RecordBox(type, record));
  }

  std::vector<OutboxRequest> sent;
  std::vector<Redaction> redactions;
  std::optional<Time> wake;

 private:
  template <class Visit>
  void for_each(const RecordType& type, Visit visit) {
    for (auto at = records_.lower_bound({type.number, Uuid{}}); at != records_.end() && at->first.first == type.number;
         ++at)
      visit(at->second);
  }

  /// Where a record stands: by its sort key, and among equals in the order of creation.
  std::pair<Value, std::int64_t> place(const Query& query, const RecordBox& box) const {
    return {value_of(*query.sort, box.get()), numbers_.at({box.type().number, box.header().id})};
  }

  void skip_to(std::vector<RecordBox>& found, const Query& query) const {
    const auto& start = *query.after;
    const auto behind = [&](const RecordBox& box) {
      if (query.sort == nullptr) return query.descending ? box.header().id < start.id : start.id < box.header().id;
      const auto number = numbers_.find({box.type().number, start.id});
      const auto last = number != numbers_.end() ? number->second : query.descending ? next_number_ : 0;
      const std::pair<Value, std::int64_t> after{start.sort_value, last};
      return query.descending ? place(query, box) < after : after < place(query, box);
    };
    found.erase(found.begin(), std::find_if(found.begin(), found.end(), behind));
  }

  static std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> result(1);
    for (const char c : text) {
      const bool letter = static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c));
      if (letter)
        result.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      else if (!result.back().empty())
        result.emplace_back();
    }
    if (result.back().empty()) result.pop_back();
    return result;
  }

  static bool found_by_search(const RecordType& type, const std::string& search, const void* record) {
    if (search.empty()) return true;
    std::vector<std::string> held;
    for (const auto& f : type.fields())
      if (f.searchable && f.kind == FieldKind::text)
        for (auto& word : words(f.at<std::string>(record))) held.push_back(std::move(word));
    const auto wanted = words(search);
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& w) {
      return std::any_of(held.begin(), held.end(), [&](const std::string& h) { return h.starts_with(w); });
    });
  }

  Uuid next_id() {
    if (ids_.empty()) return make_uuid(now_, random_);
    const auto id = ids_.front();
    ids_.pop_front();
    return id;
  }

  void begin() {
    undo_.clear();
    sent_before_ = sent.size();
    redactions_before_ = redactions.size();
    wake_before_ = wake;
    in_operation_ = true;
  }
  void end() {
    written_.clear();
    for (const auto& [key, old] : undo_) written_.push_back(key);
    undo_.clear();
    in_operation_ = false;
  }
  void roll_back() {
    for (auto& [key, old] : undo_) {
      records_.erase(key);
      if (!old) numbers_.erase(key);
      if (old) records_.emplace(key, std::move(*old));
    }
    sent.erase(sent.begin() + static_cast<std::ptrdiff_t>(sent_before_), sent.end());
    redactions.erase(redactions.begin() + static_cast<std::ptrdiff_t>(redactions_before_), redactions.end());
    wake = wake_before_;
    undo_.clear();
    end();
  }

  void put(const Key& key, std::optional<RecordBox> box) {
    const auto at = records_.find(key);
    if (in_operation_ && !undo_.contains(key))
      undo_.emplace(key, at == records_.end() ? std::nullopt : std::optional<RecordBox>(at->second));
    if (at != records_.end()) records_.erase(at);
    if (!box) return;
    records_.emplace(key, std::move(*box));
    if (numbers_.emplace(key, next_number_).second) ++next_number_;
  }

  /// The record as it was when the operation began; nullptr if it was not there.
  const RecordBox* before_operation(const Key& key) const {
    if (const auto undone = undo_.find(key); undone != undo_.end()) return undone->second ? &*undone->second : nullptr;
    const auto at = records_.find(key);
    return at == records_.end() ? nullptr : &at->second;
  }

  void stamp(const RecordBox* old, void* record) const {
    auto& h = header(record);
    const Time now{now_.us / 1'000 * 1'000};
    if (old == nullptr) {
      h.version = 1;
      h.created_at = h.updated_at = now;
      if (h.created_by.is_nil()) h.created_by = actor_.id;
      return;
    }
    h.version = old->header().version + 1;
    h.created_at = old->header().created_at;
    h.created_by = old->header().created_by;
    h.updated_at = std::max(now, old->header().updated_at + milliseconds(1));
  }

  bool refers_to_nothing(const FieldInfo& f, const void* record) const {
    if (is_empty(f, record)) return false;
    const auto at = records_.find({f.refers_to().number, *static_cast<const Uuid*>(value_address(f, record))});
    return at == records_.end() || at->second.header().deleted_at;
  }

  void check_references(const RecordType& type, const void* old, const void* record) {
    const bool comes_back = old != nullptr && header(old).deleted_at && !header(record).deleted_at;
    for (const auto& f : type.fields()) {
      if (f.kind != FieldKind::reference || f.refers_to == nullptr) continue;
      if (old != nullptr && !comes_back && fields_equal(f, old, record)) continue;
      if (refers_to_nothing(f, record)) throw Refusal(ErrorCode::unknown_reference).at_field(std::string(f.name));
    }
  }

  void check_unique(const RecordType& type, const void* record) {
    if (header(record).deleted_at) return;
    for (const auto& f : type.fields()) {
      if (!f.unique || is_empty(f, record)) continue;
      for (const auto& other : select(type, Query{}.with(f, Comparison::equal, value_of(f, record))))
        if (other.header().id != header(record).id) throw Refusal(ErrorCode::not_unique).at_field(std::string(f.name));
    }
  }

  void follow_references(const RecordType& type, const Uuid& id) {
    for (const auto& [referring, field] : schema_.referrers(type))
      for (auto& box : select(*referring, Query{}.with(*field, Comparison::equal, Value(id)))) {
        switch (field->on_delete) {
          case OnDelete::refuse:
            throw Refusal(ErrorCode::referenced);
          case OnDelete::cascade:
            remove(*referring, box.get());
            break;
          case OnDelete::clear:
            clear_field(*field, box.get());
            save(*referring, box.get());
            break;
        }
      }
  }

  const Schema& schema_;
  TenantId tenant_;
  SeededRandom random_;
  std::deque<Uuid> ids_;
  Actor actor_;
  Time now_{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z
  std::map<Key, RecordBox> records_;
  std::map<Key, std::int64_t> numbers_;  ///< in the order of creation, from 1 on
  std::int64_t next_number_ = 1;
  std::map<Key, std::optional<RecordBox>> undo_;
  std::vector<Key> written_;
  std::size_t sent_before_ = 0;
  std::size_t redactions_before_ = 0;
  std::optional<Time> wake_before_;
  bool in_operation_ = false;
};

}  // namespace interlock::testing
