// SPDX-License-Identifier: Apache-2.0
// A tenant with people in it, asked by name.
#pragma once

#include "store/sqlite/fixture_for_test.h"

namespace interlock::store::sqlite {

using Names = std::vector<std::string>;

inline Names names(const std::vector<RecordBox>& records) {
  Names out;
  for (const auto& record : records) out.push_back(static_cast<const Person*>(record.get())->name);
  return out;
}

inline Query by_name() { return Query{}.order_by(field_of(&Person::name)); }

class PeopleTest : public StoreTest {
 protected:
  void add(std::initializer_list<std::string> people) {
    auto& writer = lane_->writer();
    writer.begin();
    for (const auto& name : people) {
      auto one = person(name);
      put_new(writer, one);
      added_.push_back(one);
    }
    writer.commit();
  }
  std::vector<std::string> select(const Query& query) {
    return names(lane_->writer().select(type_of<Person>(), query));
  }
  std::vector<std::string> search(const std::string& words) {
    auto query = by_name();
    query.search = words;
    return select(query);
  }

  std::unique_ptr<LaneStore> lane_ = open();
  std::vector<Person> added_;
};

}  // namespace interlock::store::sqlite
