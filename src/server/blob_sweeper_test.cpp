// SPDX-License-Identifier: Apache-2.0
#include "server/blob_sweeper.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "engine/fixture_for_test.h"
#include "server/blob_copies.h"
#include "store/disk_blobs.h"

namespace interlock::server {
namespace {

class BlobSweeperTest : public engine::EngineTest {
 protected:
  std::string put(std::string_view bytes) {
    const auto draft = blobs_.begin();
    draft->write(bytes);
    return blobs_.keep(tenant, *draft);
  }
  /// What an upload does.
  std::string upload(std::string_view bytes, const std::string& subject = {}) {
    const auto blob = put(bytes);
    auto upload = submission(user(ana), "files/create",
                             R"({"name":"a.txt","content_type":"text/plain","size":)" + std::to_string(bytes.size()) +
                                 R"(,"sha256":")" + blob + "\"" +
                                 (subject.empty() ? "" : R"(,"subject":")" + subject + "\"") + "}",
                             new_key());
    upload.vouched = true;
    const auto answer = submit_and_wait(*engine, std::move(upload));
    EXPECT_EQ(answer.status, 201) << answer.body;
    file_ = text_of(answer, "id");
    return blob;
  }
  void remove(const std::string& file) { system("files/delete", R"({"id":")" + file + R"(","version":"*"})"); }
  bool there(const std::string& blob) { return blobs_.open(tenant, blob) != nullptr; }
  std::size_t sweep() { return sweep_blobs(*engine, blobs_, tenant); }
  std::vector<std::string> problems() {
    std::int64_t files = 0;
    const auto view = engine->read(tenant, engine::system_caller());
    return check_blobs(view->reader(), blobs_, tenant, files);
  }

  std::string path_of(const std::string& blob) const {
    return directory + "/blobs/" + uuid_text(tenant.uuid) + "/" + blob.substr(0, 2) + "/" + blob;
  }

  store::DiskBlobs blobs_{directory + "/blobs", clock, system_random()};
  std::string file_;
};

TEST_F(BlobSweeperTest, WhatNoRecordNamesGoesAfterADay) {
  const auto left = put("an upload whose record was never made");
  const auto kept = upload("kept", new_customer());
  EXPECT_EQ(sweep(), 0u) << "its record may be on its way";
  clock.advance(limits::blob_age_min + seconds(1));
  EXPECT_EQ(sweep(), 1u);
  EXPECT_FALSE(there(left));
  EXPECT_TRUE(there(kept));
  EXPECT_EQ(problems(), std::vector<std::string>());
}

TEST_F(BlobSweeperTest, ADeletedFileKeepsItsContentAsLongAsItCanComeBack) {
  const auto attached = upload("attached", new_customer());
  remove(file_);
  const auto never_attached = upload("never attached");
  remove(file_);
  clock.advance(limits::blob_age_min + seconds(1));
  EXPECT_EQ(sweep(), 1u);
  EXPECT_TRUE(there(attached));
  EXPECT_FALSE(there(never_attached));
  EXPECT_EQ(problems(), std::vector<std::string>());
}

TEST_F(BlobSweeperTest, AContentThatAnotherFileSharesStays) {
  const auto customer = new_customer();
  const auto blob = upload("shared", customer);
  upload("shared");
  remove(file_);
  clock.advance(limits::blob_age_min + seconds(1));
  EXPECT_EQ(sweep(), 0u);
  EXPECT_TRUE(there(blob));
}

TEST_F(BlobSweeperTest, TheLaneWantsTheServersWord) {
  const auto request = R"({"name":"a","content_type":"text/plain","size":1,"sha256":")" + put("a") + "\"}";
  EXPECT_EQ(as(ana, "files/create", request).status, 403);
}

TEST_F(BlobSweeperTest, MissingAndDamagedContentsAreTold) {
  const auto customer = new_customer();
  const auto missing = upload("missing", customer), damaged = upload("damaged", customer);
  std::filesystem::remove(path_of(missing));
  std::ofstream(path_of(damaged)) << "daMaged";
  const auto told = problems();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_NE(told[0].find("is missing"), std::string::npos) << told[0];
  EXPECT_NE(told[1].find("is damaged"), std::string::npos) << told[1];
  std::ofstream(path_of(damaged)) << "dam";
  EXPECT_NE(problems()[1].find("has 3 bytes instead of 7"), std::string::npos);
}

}  // namespace
}  // namespace interlock::server
