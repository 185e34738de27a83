// SPDX-License-Identifier: Apache-2.0
// What the tests of both stores share: a directory of their own, a record type with a field of every kind, a tenant
// with people in it, asked by name.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/schema.h"
#include "store/store.h"

namespace interlock::store {

class TestDirectory {
 public:
  TestDirectory() {
    char name[] = "/tmp/interlock-sqlite-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Person : RecordHeader {
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
};

inline constexpr auto person_fields = fields<Person>(
    field<&Person::name>(required, searchable), field<&Person::email>(searchable), field<&Person::phone>(searchable),
    field<&Person::status>(indexed), field<&Person::address>(), field<&Person::tags>(), field<&Person::assigned_to>(),
    field<&Person::credit>(indexed), field<&Person::vip>(), field<&Person::code>(unique), field<&Person::seen_at>(),
    field<&Person::about>(), field<&Person::extra>());

inline const RecordType& record_type_of(const Person*) {
  static const RecordType type = make_record_type<Person>(7001, "person", "test-people", person_fields, {});
  return type;
}

inline const Schema& person_schema() {
  static const Schema& schema = []() -> const Schema& {
    static Schema made;
    made.add(type_of<Person>(), LaneKind::both);
    return made;
  }();
  return schema;
}

using Names = std::vector<std::string>;

inline Names names(const std::vector<RecordBox>& records) {
  Names out;
  for (const auto& record : records) out.push_back(static_cast<const Person*>(record.get())->name);
  return out;
}

inline Query by_name() { return Query{}.order_by(field_of(&Person::name)); }

/// A tenant of a store that the test's class opens.
class PeopleFixture : public ::testing::Test {
 protected:
  PeopleFixture() { tenant_.uuid = make_uuid(Time{1'000'000}, random_); }

  Person person(const std::string& name) {
    Person made;
    made.id = make_uuid(Time{++now_ * 1'000}, random_);
    made.version = 1;
    made.created_at = made.updated_at = Time{now_ * 1'000};
    made.name = name;
    return made;
  }
  /// The next change of the tenant for a record.
  static Change change_of(Writer& writer, const Person& record, const std::string& state = "{}") {
    Change change;
    change.seq = change.op_seq = writer.last_seq() + 1;
    change.prev_seq = record.last_seq;
    change.type = type_of<Person>().number;
    change.id = record.id;
    change.version = record.version;
    change.operation = "people/create";
    change.at = record.updated_at;
    change.state = state;
    return change;
  }
  static void put_new(Writer& writer, Person& record) {
    auto change = change_of(writer, record);
    record.last_seq = change.seq;
    writer.put(type_of<Person>(), &record, nullptr);
    writer.append(change);
  }
  static void commit_new(Writer& writer, Person& record) {
    writer.begin();
    put_new(writer, record);
    writer.commit();
  }
  static void update(Writer& writer, Person& record, const Person& before) {
    ++record.version;
    record.updated_at.us += 1'000;
    auto change = change_of(writer, record);
    record.last_seq = change.seq;
    writer.put(type_of<Person>(), &record, &before);
    writer.append(change);
  }
  void add(Writer& writer, std::initializer_list<std::string> people) {
    writer.begin();
    for (const auto& name : people) {
      auto one = person(name);
      put_new(writer, one);
      added_.push_back(one);
    }
    writer.commit();
  }

  TestDirectory directory_;
  SeededRandom random_{1};
  std::int64_t now_ = 1'700'000'000'000;
  TenantId tenant_;
  std::vector<Person> added_;
};

}  // namespace interlock::store
