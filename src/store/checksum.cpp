// SPDX-License-Identifier: Apache-2.0
#include "store/checksum.h"

#include <fmt/format.h>

#include <cstring>

#include "base/limits.h"

namespace interlock::store {
namespace {

/// Parts with their lengths, so that no two lists of parts look alike.
class Item {
 public:
  Item& text(std::string_view part) {
    number(std::ssize(part));
    bytes_ += part;
    return *this;
  }
  Item& number(std::int64_t part) {
    bytes_.append(reinterpret_cast<const char*>(&part), sizeof part);
    return *this;
  }
  Item& id(const Uuid& part) { return text({reinterpret_cast<const char*>(part.bytes.data()), part.bytes.size()}); }
  Item& digest(const Digest16& part) { return text(bytes_of(part)); }
  Item& value(const Value& part) {
    number(static_cast<std::int64_t>(part.index()));
    std::visit([this](const auto& held) { add(held); }, part);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void add(std::monostate) {}
  void add(bool held) { number(held); }
  void add(std::int64_t held) { number(held); }
  void add(const std::string& held) { text(held); }
  void add(const Uuid& held) { id(held); }
  void add(const std::vector<std::string>& held) {
    number(std::ssize(held));
    for (const auto& one : held) text(one);
  }

  std::string bytes_;
};

Item item_of(const RecordType& type, const void* record) {
  const auto& head = header(record);
  Item item;
  item.number(type.number).id(head.id).number(head.version).number(head.created_at.us).number(head.updated_at.us);
  item.id(head.created_by).number(head.deleted_at ? head.deleted_at->us : INT64_MIN).number(head.last_seq);
  for (const auto& field : type.fields()) item.value(value_of(field, record));
  return item;
}

Item item_of(const Change& change) {
  Item item;
  item.number(change.seq).number(change.op_seq).number(change.prev_seq).number(change.type).id(change.id);
  item.number(change.version).text(change.operation).id(change.actor).number(change.at.us);
  item.text(change.key).text(change.state);
  return item;
}

Item item_of(const StoredKey& key) {
  Item item;
  item.digest(key.digest).digest(key.fingerprint).number(key.at.us).number(key.seq).number(key.op_seq);
  item.number(key.status).number(static_cast<std::int64_t>(key.form)).text(key.answer);
  return item;
}

}  // namespace

void ItemSum::add(std::string_view item) {
  const auto digest = digest16(item);
  std::uint64_t high = 0, low = 0;
  std::memcpy(&high, digest.data(), sizeof high);
  std::memcpy(&low, digest.data() + sizeof high, sizeof low);
  high_ += high;
  low_ += low;
}

std::string ItemSum::hex() const { return fmt::format("{:016x}{:016x}", high_, low_); }

std::string TenantChecksum::text() const {
  return fmt::format("{} records {}, {} changes {} to {}, {} keys {}, {} facts {}", counts.records, records,
                     counts.changes, changes, counts.last_seq, counts.keys, keys, counts.facts, facts);
}

TenantChecksum checksum_tenant(Snapshot& from, const std::vector<const RecordType*>& types,
                               const std::function<void()>& step) {
  TenantChecksum sum;
  ItemSum records, changes, keys, facts;
  std::int64_t items = 0;
  const auto add = [&](ItemSum& to, const Item& item, std::int64_t& count) {
    to.add(item.bytes());
    ++count;
    if (++items % limits::copy_rows_max == 0) step();
  };
  from.set_deadline(std::nullopt);
  for (const auto* type : types)
    from.each_record(*type, [&](const void* record) { add(records, item_of(*type, record), sum.counts.records); });
  for (const auto last = from.last_seq(); sum.counts.last_seq < last;) {
    const auto page = from.changes_after(sum.counts.last_seq, limits::copy_rows_max);
    if (page.empty()) throw Corrupt("the change log ends before its newest sequence");
    for (const auto& change : page) add(changes, item_of(change), sum.counts.changes);
    sum.counts.last_seq = page.back().seq;
  }
  from.each_key([&](const StoredKey& key) { add(keys, item_of(key), sum.counts.keys); });
  from.each_fact([&](std::string_view name, std::string_view value) {
    Item item;
    add(facts, item.text(name).text(value), sum.counts.facts);
  });
  sum.records = records.hex();
  sum.changes = changes.hex();
  sum.keys = keys.hex();
  sum.facts = facts.hex();
  return sum;
}

}  // namespace interlock::store
