// SPDX-License-Identifier: Apache-2.0
// What several nodes do to the contents of files; what holds on either store is in blobs_test.cpp.
#include "store/postgres/postgres_blobs.h"

#include <thread>

#include "base/limits.h"
#include "store/store_fixture_for_test.h"
#include "testing/manual_clock.h"

namespace interlock::store::postgres {
namespace {

class PostgresBlobsTest : public StoreTest {
 protected:
  void SetUp() override { ASSERT_NE(test_postgres(), nullptr) << "INTERLOCK_TEST_POSTGRES names no server"; }

  /// Each with a disk of its own.
  std::unique_ptr<Blobs> node(const std::string& name) {
    const auto options = test_postgres_options(directory_.path(), Schema{});
    return std::make_unique<PostgresBlobs>(ConnectionOptions{options.url, options.schema_name},
                                           directory_.path() + "/" + name, clock_, system_random());
  }
  std::string put(Blobs& blobs, std::string_view bytes) {
    const auto draft = blobs.begin();
    draft->write(bytes);
    return blobs.keep(tenant_, *draft);
  }
  Time old() { return clock_.now() - limits::blob_age_min; }

  testing::ManualClock clock_;
};

TEST_F(PostgresBlobsTest, WhatOneNodeKeepsAnotherServes) {
  const auto one = node("one"), other = node("other");
  const std::string content(2 * limits::postgres_blob_piece_bytes_max + 1, 'x');
  const auto name = put(*one, content);
  const auto blob = other->open(tenant_, name);
  ASSERT_NE(blob, nullptr);
  EXPECT_EQ(content_name(*blob), name);
}

TEST_F(PostgresBlobsTest, ABackupOnOneNodeKeepsAnotherFromRemoving) {
  const auto one = node("one"), other = node("other");
  const auto name = put(*one, "offer");
  clock_.advance(limits::blob_age_min + seconds(1));
  {
    const auto held = one->hold();
    EXPECT_FALSE(other->remove_if_older(tenant_, name, old()));
  }
  EXPECT_TRUE(other->remove_if_older(tenant_, name, old()));
}

TEST_F(PostgresBlobsTest, AContentThatNodesKeepAndRemoveAtOnceIsThereWholeOrNotAtAll) {
  std::vector<std::unique_ptr<Blobs>> nodes;
  for (const auto* name : {"one", "two", "three"}) nodes.push_back(node(name));
  const std::string content(limits::postgres_blob_piece_bytes_max + 1, 'x');
  const auto name = put(*nodes[0], content);
  std::atomic<bool> done = false;
  std::thread remover([&] {
    while (!done) nodes[2]->remove_if_older(tenant_, name, clock_.now() + seconds(1));
  });
  std::thread keeper([&] {
    for (int i = 0; i < 20; ++i) put(*nodes[1], content);
  });
  for (int i = 0; i < 20; ++i) put(*nodes[0], content);
  keeper.join();
  done = true;
  remover.join();
  // Removed last or kept last: no half of it is left.
  if (const auto blob = nodes[0]->open(tenant_, name)) {
    EXPECT_EQ(content_name(*blob), name);
    EXPECT_TRUE(nodes[0]->remove_if_older(tenant_, name, clock_.now() + seconds(1)));
  }
  Connection connection({test_postgres(), test_postgres_options(directory_.path(), Schema{}).schema_name});
  EXPECT_EQ(connection.ask("select count(*) from blob_pieces").integer(0, 0), 0);
  put(*nodes[0], content);
  EXPECT_EQ(content_name(*nodes[1]->open(tenant_, name)), name);
}

TEST_F(PostgresBlobsTest, ConnectionsThatDiedMeanwhileAreReplaced) {
  const auto one = node("one");
  const auto name = put(*one, "offer");
  Connection connection({test_postgres(), test_postgres_options(directory_.path(), Schema{}).schema_name});
  connection.run_script(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like '%blob%'");
  EXPECT_EQ(content_name(*one->open(tenant_, name)), name);
  EXPECT_EQ(put(*one, "offer"), name);
}

}  // namespace
}  // namespace interlock::store::postgres
