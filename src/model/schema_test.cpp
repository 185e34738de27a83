// SPDX-License-Identifier: Apache-2.0
#include "model/schema.h"

#include "model/operation.h"
#include "model/test_records.h"
#include "testing/memory_tx.h"

namespace interlock {
namespace {

struct Rename {
  std::string reason;
  Id<Member> id;
  std::string name;
};
constexpr auto rename_fields =
    fields<Rename>(field<&Rename::reason>(), field<&Rename::id>(required, reference<Member>(OnDelete::refuse)),
                   field<&Rename::name>(required, max_bytes(200)));
INTERLOCK_STRUCT(Rename, rename_fields)

Member rename(Tx& tx, const Rename& request) {
  auto member = tx.require(request.id);
  member.name = request.name;
  tx.save(member);
  return member;
}

TEST(Operations, AreDescribedByTheirBody) {
  const auto op = operation<&rename>("members/rename", "members.write", target<Member>(&Rename::id), answers_201,
                                     without_key, on_both, in_module("people"), shows_secret_once);
  EXPECT_EQ(op.name, "members/rename");
  EXPECT_EQ(op.permission, "members.write");
  EXPECT_EQ(op.request, &detail::struct_info<Rename>());
  EXPECT_EQ(op.answer_record, &type_of<Member>());
  EXPECT_EQ(op.target_type, &type_of<Member>());
  ASSERT_NE(op.target_field, nullptr);
  EXPECT_EQ(op.target_field->name, "id");
  EXPECT_EQ(op.status, 201);
  EXPECT_EQ(op.key, KeyRule::none);
  EXPECT_EQ(op.lane, LaneKind::both);
  EXPECT_EQ(op.module, "people");
  EXPECT_TRUE(op.answer_has_secret);
}

TEST(Operations, NeedAKeyAMemberAndATenantsLaneUnlessTheySayOtherwise) {
  const auto op = operation<&rename>("members/rename", "");
  EXPECT_EQ(op.key, KeyRule::required);
  EXPECT_EQ(op.access, Access::member);
  EXPECT_EQ(op.lane, LaneKind::tenant);
  EXPECT_EQ(op.status, 200);
  EXPECT_EQ(op.target_field, nullptr);
  EXPECT_EQ(operation<&rename>("a/b", "", anonymous).access, Access::anonymous);
  EXPECT_EQ(operation<&rename>("a/b", "", system_only).access, Access::system);
  EXPECT_EQ(operation<&rename>("a/b", "", on_platform).lane, LaneKind::platform);
}

TEST(Operations, RunFromRequestToAnswer) {
  testing::MemoryTx tx(test_schema());
  Member member;
  member.name = "Ada";
  tx.save(member);
  const auto op = operation<&rename>("members/rename", "members.write");
  StructBox request(*op.request), answer(*op.answer);
  read_struct_json(
      *op.request,
      Json(JsonObject{{"id", type_id_text("member", member.id)}, {"name", "A name that is moved to the heap"}}),
      request.get());
  StructBox moved(std::move(request));
  op.run(tx, moved.get(), answer.get());
  EXPECT_EQ(static_cast<const Member*>(answer.get())->name, "A name that is moved to the heap");
  EXPECT_EQ(tx.find(id_of(member))->name, "A name that is moved to the heap");
}

TEST(Schema, FindsTypesByNumberAndCollection) {
  const auto& schema = interlock::test_schema();
  EXPECT_EQ(schema.by_number(7102), &type_of<Thing>());
  EXPECT_EQ(schema.by_collection("things"), &type_of<Thing>());
  EXPECT_EQ(schema.by_number(1), nullptr);
  EXPECT_EQ(schema.by_collection("thing"), nullptr);
  EXPECT_EQ(schema.operation("things/none"), nullptr);
  EXPECT_EQ(record_type_by_prefix("thing"), &type_of<Thing>());
  EXPECT_EQ(type_of<Thing>().permission(), "things");
  EXPECT_EQ(type_of<Debt>().permission(), "money");
}

TEST(Schema, LanesHoldTheirTypes) {
  Schema schema;
  schema.add(type_of<Member>(), LaneKind::both);
  schema.add(type_of<Thing>());
  schema.add(type_of<Remark>(), LaneKind::platform);
  using Types = std::vector<const RecordType*>;
  EXPECT_EQ(schema.types(LaneKind::tenant), (Types{&type_of<Member>(), &type_of<Thing>()}));
  EXPECT_EQ(schema.types(LaneKind::platform), (Types{&type_of<Member>(), &type_of<Remark>()}));
  EXPECT_EQ(schema.types(LaneKind::both).size(), 3U);
  EXPECT_EQ(schema.lane_of(type_of<Remark>()), LaneKind::platform);
}

TEST(Schema, ReferrersAreKnownInWhicheverOrderTypesCome) {
  std::vector<const RecordType*> order{&type_of<Thing>(), &type_of<Member>(), &type_of<Remark>(), &type_of<Debt>()};
  std::sort(order.begin(), order.end());
  do {
    Schema schema;
    for (const auto* type : order) schema.add(*type);
    std::set<std::string> names;
    for (const auto& referrer : schema.referrers(type_of<Member>()))
      names.insert(std::string(referrer.type->name) + "." + std::string(referrer.field->name));
    EXPECT_EQ(names, (std::set<std::string>{"thing.owner", "thing.helper", "debt.debtor"}));
    EXPECT_EQ(schema.referrers(type_of<Member>()).size(), 3U) << "each once";
    EXPECT_TRUE(schema.referrers(type_of<Thing>()).empty());
  } while (std::next_permutation(order.begin(), order.end()));
}

class SchemaDeath : public ::testing::Test {
 protected:
  /// A type that differs from Remark in what `change` says; as of the schema's start, so never freed.
  template <class Change>
  static const RecordType& type(Change change) {
    static std::uint16_t number = 7150;
    static std::deque<RecordType> types;
    auto& made = types.emplace_back(type_of<Remark>());
    made.number = ++number;
    made.name = "odd";
    made.collection = "odds";
    change(made);
    return made;
  }
};

TEST_F(SchemaDeath, NothingIsCalledLikeSomethingElse) {
  Schema schema;
  schema.add(type_of<Remark>());
  EXPECT_DEATH(schema.add(type_of<Remark>()), "by_number_");
  EXPECT_DEATH(schema.add(type([](auto& t) { t.collection = "remarks"; })), "by_collection_");
  EXPECT_DEATH(schema.add(type([](auto& t) { t.name = "remark"; })), "name");
  schema.add(operation<&rename>("members/rename", ""));
  EXPECT_DEATH(schema.add(operation<&rename>("members/rename", "")), "operations_");
  EXPECT_DEATH(schema.add(Operation{}), "run");
}

TEST_F(SchemaDeath, OptionsNameFieldsThatAreThere) {
  Schema schema;
  EXPECT_DEATH(schema.add(type([](auto& t) { t.options.visible_through = "subjects"; })), "visible_through");
  EXPECT_DEATH(schema.add(type([](auto& t) { t.options.visible_through = "text"; })), "visible_through");
  EXPECT_DEATH(schema.add(type([](auto& t) { t.options.own_field = "owner"; })), "own_field");
  EXPECT_DEATH(schema.add(type([](auto& t) { t.options.assigned_field = "text"; })), "assigned_field");
  EXPECT_DEATH(schema.add(type([](auto& t) { t.options.default_sort = "-update_at"; })), "default_sort");
}

TEST_F(SchemaDeath, AJobHasANameOfItsOwnAPeriodAndABody) {
  Schema schema;
  const auto run = [](Tx&) { return false; };
  schema.add(Job{.name = "purge", .period = hours(1), .run = run});
  EXPECT_EQ(schema.jobs().size(), 1U);
  EXPECT_DEATH(schema.add(Job{.name = "purge", .period = hours(2), .run = run}), "name");
  EXPECT_DEATH(schema.add(Job{.name = "clean", .period = Duration{}, .run = run}), "period");
  EXPECT_DEATH(schema.add(Job{.name = "clean", .period = hours(1)}), "run");
}

TEST_F(SchemaDeath, ARecordsFieldsHaveValuesAndNamesOfTheirOwn) {
  Schema schema;
  static std::vector<FieldInfo> table(remark_fields.begin(), remark_fields.end());
  const auto with_second = [](auto change) {
    return [change](RecordType& t) {
      table.assign(remark_fields.begin(), remark_fields.end());
      change(table[1]);
      t.info.fields = table;
    };
  };
  EXPECT_DEATH(schema.add(type(with_second([](auto& f) { f.name = "subject"; }))), "name");
  EXPECT_DEATH(schema.add(type(with_second([](auto& f) { f.name = "version"; }))), "name");
  EXPECT_DEATH(schema.add(type(with_second([](auto& f) { f.kind = FieldKind::object; }))), "kind");
}

}  // namespace
}  // namespace interlock
