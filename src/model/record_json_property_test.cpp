// SPDX-License-Identifier: Apache-2.0
// Histories of random records: what is written reads back, and the differences lead from one state to the next.
#include <rapidcheck/gtest.h>

#include "base/test_texts.h"
#include "model/test_records.h"

namespace interlock {
namespace {

rc::Gen<Uuid> ids() {
  return rc::gen::map(rc::gen::inRange(1, 200), [](int n) { return test_id(static_cast<std::uint8_t>(n)); });
}
rc::Gen<Time> times() {
  return rc::gen::map(rc::gen::inRange<std::int64_t>(-62'135'596'800'000'000, 253'402'300'800'000'000),
                      [](std::int64_t us) { return Time{us}; });
}
rc::Gen<Subject> subjects() {
  return rc::gen::map(rc::gen::pair(rc::gen::element(7101, 7102), ids()), [](const auto& parts) {
    return Subject{static_cast<std::uint16_t>(parts.first), parts.second};
  });
}
template <class T>
std::optional<T> maybe(const rc::Gen<T>& gen) {
  return *rc::gen::arbitrary<bool>() ? std::optional<T>(*gen) : std::nullopt;
}

/// Within a property only.
Thing any_thing() {
  test_schema();
  const auto texts = utf8_texts(1);  // a record holds no NUL
  Thing thing;
  thing.name = *texts;
  thing.nickname = maybe(texts);
  thing.note = *texts;
  thing.kind = *rc::gen::element<std::string>("small", "large");
  thing.size = *rc::gen::arbitrary<std::int64_t>();
  thing.price_minor = maybe(rc::gen::arbitrary<std::int64_t>());
  thing.active = *rc::gen::arbitrary<bool>();
  thing.approved = maybe(rc::gen::arbitrary<bool>());
  thing.at = *times();
  thing.seen_at = maybe(times());
  thing.owner = {*ids()};
  if (const auto helper = maybe(ids())) thing.helper = Id<Member>{*helper};
  thing.about = *subjects();
  thing.origin = maybe(subjects());
  thing.tags = *rc::gen::container<std::vector<std::string>>(texts);
  append_json_string(thing.extra.text = "", *texts);
  thing.serial = *texts;
  thing.id = *ids();
  thing.version = *rc::gen::inRange<std::int64_t>(1, INT64_MAX);
  thing.created_at = *times();
  thing.updated_at = *times();
  if (const auto creator = maybe(ids())) thing.created_by = *creator;
  thing.deleted_at = maybe(times());
  return thing;
}

/// The state after `changes`, as a reader of the history makes it.
void apply(const Json& changes, Thing& thing) {
  for (const auto& [name, change] : *changes.if_object()) {
    const auto& f = *type_of<Thing>().find_field(name);
    FieldInfo unbounded = f;
    unbounded.bytes_max = unbounded.items_max = SIZE_MAX;
    unbounded.min = INT64_MIN, unbounded.max = INT64_MAX;
    std::string held;
    append_field_json(held, f, &thing);
    RC_ASSERT(parse_json(held) == *change.find("from"));
    read_field_json(unbounded, *change.find("to"), &thing);
  }
}

RC_GTEST_PROP(RecordJsonProperty, ReadsWhatItWrites, ()) {
  const auto thing = any_thing();
  const auto text = record_json(thing);
  Thing again;
  read_record_json(type_of<Thing>(), parse_json(text), &again);
  RC_ASSERT(record_json(again) == text);
  for (const auto& f : type_of<Thing>().fields()) RC_ASSERT(f.secret || fields_equal(f, &thing, &again));
}

RC_GTEST_PROP(RecordJsonProperty, ChangesLeadFromOneStateToTheNextAndBack, ()) {
  const auto from = any_thing();
  auto to = any_thing();
  for (const auto& f : type_of<Thing>().fields())
    if (*rc::gen::arbitrary<bool>()) copy_field(f, &to, &from);
  const auto before = parse_json(record_json(from)), after = parse_json(record_json(to));
  const auto changes = parse_json(changes_json(type_of<Thing>(), &before, after));
  Thing reached = from;
  apply(changes, reached);
  for (const auto& f : type_of<Thing>().fields()) RC_ASSERT(f.secret || fields_equal(f, &reached, &to));
  RC_ASSERT(reached.deleted_at == to.deleted_at);
  for (const auto& f : type_of<Thing>().fields())
    RC_ASSERT(f.secret || (changes.find(f.name) == nullptr) == fields_equal(f, &from, &to));
  apply(parse_json(changes_json(type_of<Thing>(), &after, before)), reached);
  for (const auto& f : type_of<Thing>().fields()) RC_ASSERT(f.secret || fields_equal(f, &reached, &from));
}

/// Any JSON at all for any field is read or refused by the field's name, and never leaves half of it behind.
RC_GTEST_PROP(RecordJsonProperty, AnythingIsReadOrRefused, ()) {
  test_schema();
  const auto text = *utf8_texts();
  const auto number = *rc::gen::arbitrary<std::int64_t>();
  const auto value = *rc::gen::element<Json>(Json(), Json(true), Json(number), Json(JsonNumber{"1e400"}), Json(text),
                                             Json(JsonArray{Json(text), Json(number)}), Json(JsonArray(60, Json(text))),
                                             Json(JsonObject{{text, Json(number)}}));
  for (const auto& f : type_of<Thing>().fields()) {
    Thing thing;
    const auto before = record_json(thing);
    try {
      read_field_json(f, value, &thing);
      std::string written;
      append_field_json(written, f, &thing);
      parse_json(written);
    } catch (const Refusal& refusal) {
      RC_ASSERT(refusal.field == f.name);
      RC_ASSERT(record_json(thing) == before);
    }
  }
}

// ---- what a history shows

std::string changes(const Json* before, const Json& after) { return changes_json(type_of<Thing>(), before, after); }

TEST(ChangesJson, OfACreationNamesWhatWasGiven) {
  test_schema();
  Thing thing;
  thing.name = "Anvil";
  thing.token_digest = "hush";
  const auto json = parse_json(changes(nullptr, parse_json(record_json(thing))));
  EXPECT_EQ(json_text(*json.find("name")), R"({"from":null,"to":"Anvil"})");
  EXPECT_EQ(json_text(*json.find("active")), R"({"from":null,"to":true})");
  for (const auto* left_out : {"nickname", "note", "tags", "owner", "about", "token_digest", "version", "updated_at"})
    EXPECT_EQ(json.find(left_out), nullptr) << left_out;
}

TEST(ChangesJson, SaysWhatBecameEmptyAndThatItWasDeleted) {
  test_schema();
  Thing thing;
  thing.name = "Anvil";
  thing.tags = {"a"};
  const auto before = parse_json(record_json(thing));
  EXPECT_EQ(changes(&before, before), "{}");
  thing.version = 2;
  thing.updated_at = Time{7};
  thing.tags.clear();
  thing.token_digest = "other";
  const auto emptied = parse_json(record_json(thing));
  EXPECT_EQ(changes(&before, emptied), R"({"tags":{"from":["a"],"to":[]}})");
  thing.deleted_at = Time{0};
  EXPECT_EQ(changes(&emptied, parse_json(record_json(thing))),
            R"({"deleted_at":{"from":null,"to":"1970-01-01T00:00:00.000000Z"}})");
}

TEST(ChangesJson, FieldsOfOtherReleasesDoNotDisturb) {
  const auto before = parse_json(R"({"name":"a","gone":1})"), after = parse_json(R"({"name":"a","note":"n","new":2})");
  EXPECT_EQ(changes(&before, after), R"({"note":{"from":null,"to":"n"}})");
}

}  // namespace
}  // namespace interlock
