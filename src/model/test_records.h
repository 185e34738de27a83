// SPDX-License-Identifier: Apache-2.0
// Record types for this folder's tests: Thing has a field of every kind and attribute, the others stand around it.
#pragma once

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/refusal.h"
#include "base/test_refusal.h"
#include "model/record_json.h"
#include "model/schema.h"

namespace interlock {

struct Member : RecordHeader {
  std::string name;
};
inline constexpr auto member_fields = fields<Member>(field<&Member::name>(required, max_bytes(200)));
inline const RecordType& record_type_of(const Member*) {
  static const RecordType type = make_record_type<Member>(7101, "member", "members", member_fields, {});
  return type;
}

inline const StructInfo& struct_info_of(const Member*) { return type_of<Member>().info; }

inline constexpr std::string_view thing_kinds[] = {"small", "large"};

struct Thing : RecordHeader {
  std::string name;
  std::optional<std::string> nickname;
  std::string note;
  std::string kind = "small";
  std::optional<std::string> colour;
  std::int64_t size = 1;
  std::optional<std::int64_t> price_minor;
  bool active = true;
  std::optional<bool> approved;
  Time at;
  std::optional<Time> seen_at;
  Id<Member> owner;
  std::optional<Id<Member>> helper;
  Subject about;
  std::optional<Subject> origin;
  std::vector<std::string> tags;
  JsonText extra;
  std::string code;
  std::string token_digest;
  std::int64_t rank = 0;
  std::string serial;
};
inline constexpr auto thing_fields = fields<Thing>(
    field<&Thing::name>(required, max_bytes(8), mergeable, searchable), field<&Thing::nickname>(),
    field<&Thing::note>(searchable), field<&Thing::kind>(one_of(thing_kinds)),
    field<&Thing::colour>(one_of(thing_kinds)), field<&Thing::size>(between(1, 10), indexed),
    field<&Thing::price_minor>(), field<&Thing::active>(), field<&Thing::approved>(), field<&Thing::at>(),
    field<&Thing::seen_at>(indexed), field<&Thing::owner>(reference<Member>(OnDelete::cascade)),
    field<&Thing::helper>(reference<Member>(OnDelete::clear)), field<&Thing::about>(indexed), field<&Thing::origin>(),
    field<&Thing::tags>(), field<&Thing::extra>(max_bytes(64)), field<&Thing::code>(unique),
    field<&Thing::token_digest>(secret), field<&Thing::rank>(read_only), field<&Thing::serial>(fixed));
inline const RecordType& record_type_of(const Thing*) {
  static const RecordType type = make_record_type<Thing>(7102, "thing", "things", thing_fields,
                                                         {.assigned_field = "helper", .own_field = "owner"});
  return type;
}

/// About a record of any type, and seen by whoever sees that.
struct Remark : RecordHeader {
  Subject subject;
  std::string text;
};
inline constexpr auto remark_fields =
    fields<Remark>(field<&Remark::subject>(required, indexed), field<&Remark::text>(required));
inline const RecordType& record_type_of(const Remark*) {
  static const RecordType type =
      make_record_type<Remark>(7103, "remark", "remarks", remark_fields, {.visible_through = "subject"});
  return type;
}

/// Stands in the way of its member's deletion.
struct Debt : RecordHeader {
  Id<Member> debtor;
  std::int64_t amount_minor = 0;
};
inline constexpr auto debt_fields =
    fields<Debt>(field<&Debt::debtor>(required, reference<Member>(OnDelete::refuse)), field<&Debt::amount_minor>());
inline const RecordType& record_type_of(const Debt*) {
  static const RecordType type =
      make_record_type<Debt>(7104, "debt", "debts", debt_fields, {.visible_through = "debtor", .permission = "money"});
  return type;
}

/// Whoever wears one is called by its title; nobody is called nothing.
struct Badge : RecordHeader {
  Id<Member> wearer;
  std::string title;
};
inline constexpr auto badge_fields =
    fields<Badge>(field<&Badge::wearer>(required, reference<Member>(OnDelete::cascade)), field<&Badge::title>());
inline void name_wearer(Tx& tx, const void*, const void* after);
inline const RecordType& record_type_of(const Badge*) {
  static const RecordType type =
      make_record_type<Badge>(7105, "badge", "badges", badge_fields, {.after_save = &name_wearer});
  return type;
}
inline void name_wearer(Tx& tx, const void*, const void* after) {
  const auto& badge = *static_cast<const Badge*>(after);
  if (badge.title.empty()) throw Refusal(ErrorCode::required).at_field("title");
  auto wearer = *tx.find(badge.wearer);
  wearer.name = badge.title + std::to_string(tx.count(type_of<Badge>(), {}));
  tx.save(wearer);
}

inline const Schema& test_schema() {
  static const Schema& schema = []() -> const Schema& {
    static Schema made;
    made.add(type_of<Thing>());
    made.add(type_of<Member>());
    made.add(type_of<Remark>());
    made.add(type_of<Debt>());
    made.add(type_of<Badge>());
    return made;
  }();
  return schema;
}

inline Uuid test_id(std::uint8_t number) {
  Uuid id;
  id.bytes.front() = 1;
  id.bytes.back() = number;
  return id;
}

template <class T>
std::string record_json(const T& record) {
  std::string text;
  append_record_json(text, type_of<T>(), &record);
  return text;
}

}  // namespace interlock
