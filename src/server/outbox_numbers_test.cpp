// SPDX-License-Identifier: Apache-2.0
#include "server/outbox_numbers.h"

#include <filesystem>

#include "domains/schema.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::server {
namespace {

class OutboxNumbersTest : public ::testing::Test {
 protected:
  OutboxNumbersTest() {
    std::filesystem::remove_all(directory_);
    tenant_.uuid.bytes[0] = 1;
    store::sqlite::SqliteStoreOptions options;
    options.directory = directory_;
    options.schema = &schema_;
    store_ = std::make_unique<store::sqlite::SqliteStore>(options);
    store_->create(store::platform_tenant());
    store_->create(tenant_);
  }
  ~OutboxNumbersTest() override {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  void put(TenantId lane, const std::string& fact, std::int64_t value) {
    const auto opened = store_->open(lane, false);
    opened->writer().begin();
    opened->writer().put_fact(fact, std::to_string(value));
    opened->writer().commit();
  }
  std::string number(TenantId lane) { return store_->open(lane, false)->writer().fact("outbox_number"); }
  static std::string seen(TenantId source) { return "from." + hex(source.uuid.view()); }

  std::string directory_ =
      ::testing::TempDir() + "outbox-numbers-" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
  Schema schema_ = domains::make_schema();
  std::unique_ptr<store::Store> store_;
  TenantId tenant_;
};

TEST_F(OutboxNumbersTest, a_lane_that_went_back_goes_on_above_what_the_platform_has_seen) {
  put(tenant_, "outbox_number", 3);
  put(store::platform_tenant(), seen(tenant_), 9);
  align_outbox_numbers(*store_);
  EXPECT_EQ(number(tenant_), "9");
}

TEST_F(OutboxNumbersTest, a_platform_that_went_back_goes_on_above_what_any_lane_has_seen) {
  put(store::platform_tenant(), "outbox_number", 3);
  put(tenant_, seen(store::platform_tenant()), 5);
  align_outbox_numbers(*store_);
  EXPECT_EQ(number(store::platform_tenant()), "5");
}

TEST_F(OutboxNumbersTest, a_counter_never_goes_back) {
  put(tenant_, "outbox_number", 12);
  put(store::platform_tenant(), seen(tenant_), 9);
  align_outbox_numbers(*store_);
  EXPECT_EQ(number(tenant_), "12");
}

}  // namespace
}  // namespace interlock::server
