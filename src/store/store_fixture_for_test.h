// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/people_for_test.h"
#include "store/test_store.h"

namespace interlock::store {

/// On either store; see test_store.h.
class StoreTest : public PeopleFixture {
 protected:
  StoreTest() {
    start();
    store_->create(tenant_);
    lane_ = open();
  }
  ~StoreTest() override {
    lane_.reset();
    store_.reset();
    drop_test_store(directory_.path());
  }

  void start() { store_ = open_test_store(directory_.path(), person_schema()); }
  std::unique_ptr<LaneStore> open() { return store_->open(tenant_, false); }
  void add(std::initializer_list<std::string> people) { PeopleFixture::add(lane_->writer(), people); }
  Names select(const Query& query) { return names(lane_->writer().select(type_of<Person>(), query)); }
  Names search(const std::string& words) {
    auto query = by_name();
    query.search = words;
    return select(query);
  }

  std::unique_ptr<Store> store_;
  std::unique_ptr<LaneStore> lane_;
};

}  // namespace interlock::store
