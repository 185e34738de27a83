// SPDX-License-Identifier: Apache-2.0
#include "server/manifest.h"

#include <filesystem>
#include <fstream>

#include "server/errors.h"

namespace interlock::server {
namespace {

class ManifestTest : public ::testing::Test {
 protected:
  ManifestTest() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~ManifestTest() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(directory_ + "/" + name) << text; }
  std::string error() {
    try {
      read_manifest(directory_);
      return "accepted";
    } catch (const CommandError& error) {
      return error.what();
    }
  }

  std::string directory_ =
      ::testing::TempDir() + "manifest-" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ManifestTest, what_is_written_is_read) {
  Manifest manifest{"0.1.0", "2026-01-02T03:04:05.000000Z", true, {{"tenant_x", "demo", "x.db", 7, 9, "ab"}}};
  write_manifest(directory_, manifest);
  const auto read = read_manifest(directory_);
  EXPECT_EQ(read.made_at, manifest.made_at);
  EXPECT_TRUE(read.demo);
  ASSERT_EQ(read.tenants.size(), 1U);
  EXPECT_EQ(read.tenants[0].slug, "demo");
  EXPECT_EQ(read.tenants[0].seq, 7);
}

TEST_F(ManifestTest, anything_else_is_refused) {
  EXPECT_THAT(error(), ::testing::HasSubstr("no complete backup"));
  for (const char* text : {"", "[]", "{", R"({"format":2})", R"({"format":1,"version":"","made_at":"","tenants":{}})",
                           R"({"format":1,"version":"","made_at":"","tenants":[{"id":"a","slug":"a","file":"../x",)"
                           R"("seq":1,"bytes":1,"blake2b":""}]})"}) {
    write("manifest.json", text);
    EXPECT_THAT(error(), ::testing::HasSubstr("manifest.json")) << text;
  }
}

TEST_F(ManifestTest, a_changed_file_is_noticed) {
  write("x.db", "content");
  ManifestTenant tenant{"tenant_x", "demo", "x.db", 7, 0, {}};
  measure_file(directory_ + "/x.db", tenant.bytes, tenant.blake2b);
  EXPECT_NO_THROW(verify_file(directory_, tenant));
  write("x.db", "Content");
  EXPECT_THROW(verify_file(directory_, tenant), CommandError);
  std::filesystem::remove(directory_ + "/x.db");
  EXPECT_THROW(verify_file(directory_, tenant), CommandError);
}

}  // namespace
}  // namespace interlock::server
