// SPDX-License-Identifier: Apache-2.0
#include "store/checksum.h"

#include "store/store_fixture_for_test.h"

namespace interlock::store {
namespace {

class ChecksumTest : public StoreTest {
 protected:
  TenantChecksum sum() {
    return checksum_tenant(*lane_->snapshot(), types_of(person_schema(), tenant_), [] {});
  }
  template <class Work>
  void write(Work work) {
    auto& writer = lane_->writer();
    writer.begin();
    work(writer);
    writer.commit();
  }
};

TEST_F(ChecksumTest, IsTheSameForTheSameAndAnotherForAnythingElse) {
  add({"Ana", "Ben"});
  const auto before = sum();
  EXPECT_EQ(before, sum());
  EXPECT_EQ(before.counts.records, 2);
  write([](Writer& writer) { writer.put_fact("a", "b"); });
  const auto with_fact = sum();
  EXPECT_NE(with_fact, before);
  EXPECT_EQ(with_fact.records, before.records);
  write([](Writer& writer) { writer.put_fact("a", "c"); });
  EXPECT_NE(sum(), with_fact);
  add({"Cid"});
  EXPECT_NE(sum().records, before.records);
}

TEST(ItemSum, TakesItemsInAnyOrder) {
  ItemSum one, other;
  for (const auto* item : {"a", "b", "c"}) one.add(item);
  for (const auto* item : {"c", "a", "b"}) other.add(item);
  EXPECT_EQ(one.hex(), other.hex());
  other.add("a");
  EXPECT_NE(one.hex(), other.hex());
}

}  // namespace
}  // namespace interlock::store
