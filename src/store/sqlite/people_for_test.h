// SPDX-License-Identifier: Apache-2.0
// A tenant with people in it.
#pragma once

#include "store/sqlite/fixture_for_test.h"

namespace interlock::store::sqlite {

class PeopleTest : public StoreTest {
 protected:
  void add(std::initializer_list<std::string> people) { PeopleFixture::add(lane_->writer(), people); }
  std::vector<std::string> select(const Query& query) {
    return names(lane_->writer().select(type_of<Person>(), query));
  }

  std::unique_ptr<LaneStore> lane_ = open();
};

}  // namespace interlock::store::sqlite
