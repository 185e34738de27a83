// SPDX-License-Identifier: Apache-2.0
// What a deletion does to the records that refer to the deleted one: refuse, cascade or clear, all or nothing.
#include "engine/fixture_for_test.h"

namespace interlock::engine {

struct Shelf : RecordHeader {
  std::string name;
};
INTERLOCK_RECORD(Shelf)

/// Goes with its shelf.
struct Crate : RecordHeader {
  Id<Shelf> shelf;
};
INTERLOCK_RECORD(Crate)

/// Goes with its crate.
struct Bottle : RecordHeader {
  Id<Crate> crate;
};
INTERLOCK_RECORD(Bottle)

/// Its shelf or bottle cannot go while it is there.
struct Padlock : RecordHeader {
  std::optional<Id<Shelf>> shelf;
  std::optional<Id<Bottle>> bottle;
};
INTERLOCK_RECORD(Padlock)

/// Forgets its shelf.
struct Sticker : RecordHeader {
  std::optional<Id<Shelf>> shelf;
};
INTERLOCK_RECORD(Sticker)

namespace {

constexpr auto shelf_fields = fields<Shelf>(field<&Shelf::name>());
constexpr auto crate_fields = fields<Crate>(field<&Crate::shelf>(reference<Shelf>(OnDelete::cascade), indexed));
constexpr auto bottle_fields = fields<Bottle>(field<&Bottle::crate>(reference<Crate>(OnDelete::cascade), indexed));
constexpr auto padlock_fields = fields<Padlock>(field<&Padlock::shelf>(reference<Shelf>(OnDelete::refuse), indexed),
                                                field<&Padlock::bottle>(reference<Bottle>(OnDelete::refuse), indexed));
constexpr auto sticker_fields = fields<Sticker>(field<&Sticker::shelf>(reference<Shelf>(OnDelete::clear), indexed));

}  // namespace

const RecordType& record_type_of(const Shelf*) {
  static const RecordType type = make_record_type<Shelf>(9101, "shelf", "shelves", shelf_fields, {});
  return type;
}
const RecordType& record_type_of(const Crate*) {
  static const RecordType type = make_record_type<Crate>(9102, "crate", "crates", crate_fields, {});
  return type;
}
const RecordType& record_type_of(const Bottle*) {
  static const RecordType type = make_record_type<Bottle>(9103, "bottle", "bottles", bottle_fields, {});
  return type;
}
const RecordType& record_type_of(const Padlock*) {
  static const RecordType type = make_record_type<Padlock>(9104, "padlock", "padlocks", padlock_fields, {});
  return type;
}
const RecordType& record_type_of(const Sticker*) {
  static const RecordType type = make_record_type<Sticker>(9105, "sticker", "stickers", sticker_fields, {});
  return type;
}

namespace {

const Schema& storeroom() {
  static const Schema schema = [] {
    auto made = domains::make_schema();
    made.add(type_of<Shelf>());
    made.add(type_of<Crate>());
    made.add(type_of<Bottle>());
    made.add(type_of<Padlock>());
    made.add(type_of<Sticker>());
    return made;
  }();
  return schema;
}

class DeletionTest : public EngineTest {
 protected:
  DeletionTest() : EngineTest(storeroom()) {}

  std::string make(const std::string& collection, const std::string& member = "", const std::string& of = "") {
    const auto request = member.empty() ? "{}" : "{\"" + member + "\":\"" + of + "\"}";
    const auto answer = as(owner, collection + "/create", request);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return text_of(answer, "id");
  }
  Answer remove(const std::string& collection, const std::string& id) {
    return as(owner, collection + "/delete", R"({"version":1,"id":")" + id + R"("})");
  }
  template <class T>
  T read(const std::string& id) {
    T record;
    const auto view = engine->read(tenant, user(owner));
    EXPECT_TRUE(view->reader().load(type_of<T>(), *parse_type_id(type_of<T>().name, id), &record));
    return record;
  }
  template <class T>
  bool is_deleted(const std::string& id) {
    return read<T>(id).deleted_at.has_value();
  }
};

TEST_F(DeletionTest, IsRefusedWhileSomethingThatForbidsItRefersToIt) {
  const auto shelf = make("shelves");
  const auto padlock = make("padlocks", "shelf", shelf);
  const auto refused = remove("shelves", shelf);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(text_of(refused, "code"), "referenced");
  EXPECT_EQ(text_of(refused, "referenced_by"), padlock);
  EXPECT_EQ(read<Shelf>(shelf).version, 1);
  EXPECT_EQ(remove("padlocks", padlock).status, 200);
  EXPECT_EQ(remove("shelves", shelf).status, 200);
}

TEST_F(DeletionTest, TakesAlongWhatBelongsToItInOneOperation) {
  const auto shelf = make("shelves"), other_shelf = make("shelves");
  const auto crate = make("crates", "shelf", shelf), other = make("crates", "shelf", other_shelf);
  const auto bottle = make("bottles", "crate", crate);
  const auto before = engine->seq(tenant);
  ASSERT_EQ(remove("shelves", shelf).status, 200);
  EXPECT_TRUE(is_deleted<Crate>(crate));
  EXPECT_TRUE(is_deleted<Bottle>(bottle));
  EXPECT_FALSE(is_deleted<Crate>(other));
  const auto view = engine->read(tenant, user(owner));
  const auto changes = view->snapshot().changes_after(before, 10);
  ASSERT_EQ(changes.size(), 3u);
  for (const auto& change : changes) EXPECT_EQ(change.op_seq, before + 1);
  EXPECT_EQ(as(owner, "bottles/create", R"({"crate":")" + crate + R"("})").status, 422) << "nothing refers to it anew";
}

TEST_F(DeletionTest, IsForgottenByWhatOnlyMentionsIt) {
  const auto shelf = make("shelves");
  const auto sticker = make("stickers", "shelf", shelf);
  ASSERT_EQ(remove("shelves", shelf).status, 200);
  const auto kept = read<Sticker>(sticker);
  EXPECT_FALSE(kept.shelf);
  EXPECT_FALSE(kept.deleted_at);
  EXPECT_EQ(kept.version, 2);
}

TEST_F(DeletionTest, IsRefusedAsAWholeWhenAnythingThatItTakesAlongIsHeld) {
  const auto shelf = make("shelves");
  const auto crate = make("crates", "shelf", shelf), bottle = make("bottles", "crate", crate);
  const auto sticker = make("stickers", "shelf", shelf), padlock = make("padlocks", "bottle", bottle);
  const auto before = engine->seq(tenant);
  const auto refused = remove("shelves", shelf);
  EXPECT_EQ(text_of(refused, "referenced_by"), padlock);
  EXPECT_EQ(engine->seq(tenant), before);
  EXPECT_FALSE(is_deleted<Shelf>(shelf) || is_deleted<Crate>(crate) || is_deleted<Bottle>(bottle));
  EXPECT_TRUE(read<Sticker>(sticker).shelf);
}

TEST_F(DeletionTest, FollowsMoreReferencesThanOnePageOfThem) {
  const auto shelf = make("shelves");
  const std::int64_t count = limits::list_items_max + 100;
  for (std::int64_t made = 0; made < count; made += 550) {
    auto batch = submission(user(owner), "crates/create", R"({"shelf":")" + shelf + R"("})", new_key());
    batch.mode = Mode::atomic;
    batch.steps.resize(550, batch.steps.front());
    ASSERT_EQ(submit_and_wait(*engine, batch).status, 200);
  }
  ASSERT_EQ(remove("shelves", shelf).status, 200);
  const auto view = engine->read(tenant, user(owner));
  EXPECT_EQ(view->reader().count(type_of<Crate>(), {}), 0);
}

}  // namespace

}  // namespace interlock::engine
