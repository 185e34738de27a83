// SPDX-License-Identifier: Apache-2.0
#include "store/disk_blobs.h"

#include <gtest/gtest.h>
#include <algorithm>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "base/sha256.h"
#include "testing/manual_clock.h"

namespace interlock::store {
namespace {

namespace fs = std::filesystem;

class DiskBlobsTest : public ::testing::Test {
 protected:
  DiskBlobsTest() {
    char name[] = "/tmp/interlock-blobs-XXXXXX";
    directory_ = ::mkdtemp(name);
    tenant_.uuid = make_uuid(Time{1}, system_random());
    other_.uuid = make_uuid(Time{1}, system_random());
    open();
  }
  ~DiskBlobsTest() override { fs::remove_all(directory_); }
  void open() { blobs_ = std::make_unique<DiskBlobs>(directory_ + "/blobs", clock_, system_random()); }

  std::string put(TenantId tenant, std::string_view bytes) {
    auto draft = blobs_->begin();
    draft->write(bytes);
    return blobs_->keep(tenant, *draft);
  }
  std::string get(TenantId tenant, const std::string& name) {
    const auto blob = blobs_->open(tenant, name);
    if (!blob) return "(none)";
    std::string bytes(static_cast<std::size_t>(blob->size()), '\0');
    bytes.resize(blob->read(0, bytes.data(), bytes.size()));
    return bytes;
  }
  static std::string name_of(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory_)) count += entry.is_regular_file();
    return count;
  }
  bool sweep(TenantId tenant, const std::string& name) {
    return blobs_->remove_if_older(tenant, name, clock_.now() - limits::blob_age_min);
  }

  std::string directory_;
  testing::ManualClock clock_;
  TenantId tenant_, other_;
  std::unique_ptr<DiskBlobs> blobs_;
};

TEST_F(DiskBlobsTest, ContentIsKeptOnceUnderItsHash) {
  const auto name = put(tenant_, "offer");
  EXPECT_EQ(name, name_of("offer"));
  EXPECT_EQ(put(tenant_, "offer"), name);
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(get(tenant_, name), "offer");
  EXPECT_EQ(content_name(*blobs_->open(tenant_, name)), name);
}

TEST_F(DiskBlobsTest, TenantsShareNothing) {
  const auto name = put(tenant_, "offer");
  EXPECT_EQ(get(other_, name), "(none)");
  put(other_, "offer");
  EXPECT_EQ(files(), 2u);
  EXPECT_EQ(blobs_->tenants().size(), 2u);
}

TEST_F(DiskBlobsTest, WhatIsNoNameIsAbsent) {
  put(tenant_, "offer");
  for (const auto* name : {"", "..", "../../demo", "/etc/passwd"})
    EXPECT_EQ(blobs_->open(tenant_, name), nullptr) << name;
}

TEST_F(DiskBlobsTest, AnUnfinishedDraftLeavesNothing) {
  {
    auto draft = blobs_->begin();
    draft->write("half of");
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
  std::ofstream(directory_ + "/blobs/drafts/left-by-a-crash") << "half";
  open();
  EXPECT_EQ(files(), 0u);
}

TEST_F(DiskBlobsTest, NamesAreListedByTheirFirstDigits) {
  std::vector<std::string> kept, listed;
  for (int i = 0; i < 40; ++i) kept.push_back(put(tenant_, std::to_string(i)));
  for (unsigned shard = 0; shard < blob_shards; ++shard)
    for (auto& name : blobs_->names(tenant_, shard)) listed.push_back(name);
  std::ranges::sort(kept);
  std::ranges::sort(listed);
  EXPECT_EQ(listed, kept);
}

TEST_F(DiskBlobsTest, OnlyOldBlobsAreRemovedAndNewUploadsMakeThemYoungAgain) {
  const auto name = put(tenant_, "offer");
  EXPECT_FALSE(sweep(tenant_, name));
  clock_.advance(limits::blob_age_min + seconds(1));
  put(tenant_, "offer");
  EXPECT_FALSE(sweep(tenant_, name));
  clock_.advance(limits::blob_age_min + seconds(1));
  {
    const auto held = blobs_->hold();
    EXPECT_FALSE(sweep(tenant_, name));
  }
  const auto reading = blobs_->open(tenant_, name);
  EXPECT_TRUE(sweep(tenant_, name));
  EXPECT_FALSE(sweep(tenant_, name));
  EXPECT_EQ(content_name(*reading), name);
  EXPECT_EQ(get(tenant_, name), "(none)");
}

TEST_F(DiskBlobsTest, ADamagedBlobIsMendedByTheSameUpload) {
  const auto name = put(tenant_, "offer");
  for (const auto& entry : fs::recursive_directory_iterator(directory_))
    if (entry.is_regular_file()) std::ofstream(entry.path()) << "0ffer";
  EXPECT_NE(content_name(*blobs_->open(tenant_, name)), name);
  put(tenant_, "offer");
  EXPECT_EQ(content_name(*blobs_->open(tenant_, name)), name);
}

}  // namespace
}  // namespace interlock::store
