// SPDX-License-Identifier: Apache-2.0
// Forward to a newer format and back one release.
#include "store/sqlite/fixture_for_test.h"

namespace interlock::store::sqlite {
namespace {

/// The same collection as the next release describes it: a field more, an index more, another field searched.
struct NextPerson : RecordHeader {
  std::string name;
  std::string email;
  std::string phone;
  std::string status;
  std::string address;
  std::vector<std::string> tags;
  std::optional<Id<Person>> assigned_to;
  std::optional<std::int64_t> credit;
  bool vip = false;
  std::string code;
  std::optional<Time> seen_at;
  Subject about;
  JsonText extra;
  std::string nickname;
};

constexpr auto next_fields =
    fields<NextPerson>(field<&NextPerson::name>(required, searchable), field<&NextPerson::email>(searchable),
                       field<&NextPerson::phone>(searchable), field<&NextPerson::status>(indexed),
                       field<&NextPerson::address>(indexed, searchable), field<&NextPerson::tags>(),
                       field<&NextPerson::assigned_to>(), field<&NextPerson::credit>(indexed),
                       field<&NextPerson::vip>(), field<&NextPerson::code>(unique), field<&NextPerson::seen_at>(),
                       field<&NextPerson::about>(), field<&NextPerson::extra>(), field<&NextPerson::nickname>());

const RecordType& record_type_of(const NextPerson*) {
  static const RecordType type = make_record_type<NextPerson>(7002, "nextperson", "test-people", next_fields, {});
  return type;
}

const Schema& next_schema() {
  static const Schema& schema = []() -> const Schema& {
    static Schema made;
    made.add(type_of<NextPerson>(), LaneKind::both);
    return made;
  }();
  return schema;
}

class FormatTest : public StoreTest {
 protected:
  void restart(const Schema& schema, Format format, std::span<const Migration> migrations = {}) {
    store_.reset();
    options_.schema = &schema;
    options_.format = format;
    options_.migrations = migrations;
    start();
  }
  template <class T>
  std::vector<RecordBox> search(LaneStore& lane, const std::string& words) {
    Query query;
    query.search = words;
    return lane.writer().select(type_of<T>(), query);
  }
};

TEST_F(FormatTest, FieldsIndexesAndSearchAreAddedAndTheReleaseBeforeRunsOnThem) {
  auto ana = person("Ana");
  ana.address = "Main Street";
  {
    auto lane = open();
    commit_new(lane->writer(), ana);
    EXPECT_TRUE(search<Person>(*lane, "main").empty());
  }
  restart(next_schema(), {1, 1});
  {
    auto lane = open();
    EXPECT_EQ(search<NextPerson>(*lane, "main").size(), 1U);
    NextPerson next;
    ASSERT_TRUE(lane->writer().load(type_of<NextPerson>(), ana.id, &next));
    EXPECT_EQ(next.nickname, "");
    const auto before = next;
    next.nickname = "Anita";
    lane->writer().begin();
    lane->writer().put(type_of<NextPerson>(), &next, &before);
    lane->writer().commit();
  }
  restart(person_schema(), {1, 0});
  {
    auto lane = open();
    Person back;
    ASSERT_TRUE(lane->writer().load(type_of<Person>(), ana.id, &back));
    const auto before = back;
    back.name = "Berta";
    lane->writer().begin();
    update(lane->writer(), back, before);
    auto bob = person("Bob");
    put_new(lane->writer(), bob);
    lane->writer().commit();
  }
  restart(next_schema(), {1, 1});
  auto lane = open();
  NextPerson next;
  ASSERT_TRUE(lane->writer().load(type_of<NextPerson>(), ana.id, &next));
  EXPECT_EQ(next.nickname, "Anita");
  EXPECT_EQ(next.name, "Berta");
  EXPECT_EQ(search<NextPerson>(*lane, "berta").size(), 1U);
  EXPECT_EQ(search<NextPerson>(*lane, "bob").size(), 1U);
}

TEST_F(FormatTest, ANewerMajorIsRefusedAndUntouched) {
  {
    auto lane = open();
    auto ana = person("Ana");
    commit_new(lane->writer(), ana);
  }
  restart(person_schema(), {2, 0});
  open();
  const auto content = content_of(file());
  restart(person_schema(), {1, 7});
  EXPECT_THROW(open(), FormatTooNew);
  EXPECT_EQ(content_of(file()), content);
}

TEST_F(FormatTest, MigrationsRunOnceInOrderAfterABackupThatRestores) {
  {
    auto lane = open();
    auto ana = person("Ana");
    commit_new(lane->writer(), ana);
  }
  static constexpr Migration migrations[] = {
      {{1, 1}, "insert into facts values ('steps', 'one')"},
      {{2, 0}, "update facts set value = value || ',two' where name = 'steps'; delete from records_test_people"},
  };
  restart(person_schema(), {2, 0}, migrations);
  for (int i = 0; i < 2; ++i) {
    auto lane = open();
    EXPECT_EQ(lane->writer().fact("steps"), "one,two");
    EXPECT_EQ(lane->writer().count(type_of<Person>(), {}), 0);
  }
  const auto backup = options_.directory + "/backups/" + uuid_text(tenant_.uuid) + "-1.0.db";
  ASSERT_TRUE(std::filesystem::exists(backup));
  restart(person_schema(), {1, 0});
  EXPECT_THROW(open(), FormatTooNew);
  store_->restore(tenant_, backup);
  EXPECT_EQ(open()->writer().count(type_of<Person>(), {}), 1);
}

TEST_F(FormatTest, AMigrationThatFailsChangesNothing) {
  open();
  static constexpr Migration broken[] = {{{1, 1}, "insert into facts values ('half', 'done'); nonsense"}};
  restart(person_schema(), {1, 1}, broken);
  EXPECT_THROW(open(), StoreError);
  restart(person_schema(), {1, 0});
  EXPECT_EQ(open()->writer().fact("half"), "");
}

TEST_F(FormatTest, AnEmptyTenantIsSmall) {
  open();
  EXPECT_LE(std::filesystem::file_size(file()), 64U * 1024);
}

}  // namespace
}  // namespace interlock::store::sqlite
