// SPDX-License-Identifier: Apache-2.0
// Contents of files, wherever a store keeps them: on the disk, or in PostgreSQL.
#include "store/blobs.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "base/sha256.h"
#include "store/store_fixture_for_test.h"
#include "testing/manual_clock.h"

namespace interlock::store {
namespace {

namespace fs = std::filesystem;

class BlobsTest : public StoreTest {
 protected:
  BlobsTest() {
    other_.uuid = make_uuid(Time{1}, system_random());
    open_blobs();
  }
  void open_blobs() { blobs_ = open_test_blobs(directory_.path(), clock_); }

  std::string put(TenantId tenant, std::string_view bytes) {
    auto draft = blobs_->begin();
    draft->write(bytes);
    return blobs_->keep(tenant, *draft);
  }
  static std::string read(Blob& blob, std::int64_t offset, std::int64_t bytes) {
    blob.fetch(offset, bytes);
    std::string content;
    std::string piece(limits::file_piece_bytes_max, '\0');
    while (std::ssize(content) < bytes) {
      const auto wanted = std::min(piece.size(), static_cast<std::size_t>(bytes) - content.size());
      const auto got = blob.read(offset + std::ssize(content), piece.data(), wanted);
      if (got == 0) break;
      content.append(piece, 0, got);
    }
    return content;
  }
  std::string get(TenantId tenant, const std::string& name) {
    const auto blob = blobs_->open(tenant, name);
    return blob ? read(*blob, 0, blob->size()) : "(none)";
  }
  static std::string name_of(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
  }
  std::vector<std::string> kept(TenantId tenant) {
    std::vector<std::string> names;
    each_blob(*blobs_, tenant, [&](const std::string& name) { names.push_back(name); });
    return names;
  }
  std::size_t drafts() const {
    std::error_code none;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(drafts_directory(), none), {}));
  }
  std::string drafts_directory() const { return directory_.path() + "/blobs/drafts"; }
  bool sweep(TenantId tenant, const std::string& name) {
    return blobs_->remove_if_older(tenant, name, clock_.now() - limits::blob_age_min);
  }
  /// As a worn disk would.
  void damage(TenantId tenant, const std::string& name) {
    if (test_postgres() == nullptr) {
      std::ofstream(
          fmt::format("{}/blobs/{}/{}/{}", directory_.path(), uuid_text(tenant.uuid), name.substr(0, 2), name))
          << "0ffer";
      return;
    }
    const auto options = test_postgres_options(directory_.path(), Schema{});
    postgres::Connection({options.url, options.schema_name}).run_script("update blob_pieces set content = '0ffer'");
  }

  testing::ManualClock clock_;
  TenantId other_;
  std::unique_ptr<Blobs> blobs_;
};

TEST_F(BlobsTest, ContentIsKeptOnceUnderItsHash) {
  const auto name = put(tenant_, "offer");
  EXPECT_EQ(name, name_of("offer"));
  EXPECT_EQ(put(tenant_, "offer"), name);
  EXPECT_EQ(kept(tenant_), std::vector{name});
  EXPECT_EQ(get(tenant_, name), "offer");
  EXPECT_EQ(content_name(*blobs_->open(tenant_, name)), name);
}

TEST_F(BlobsTest, TenantsShareNothing) {
  const auto name = put(tenant_, "offer");
  EXPECT_EQ(get(other_, name), "(none)");
  put(other_, "offer");
  EXPECT_EQ(kept(tenant_), kept(other_));
  EXPECT_EQ(blobs_->tenants().size(), 2u);
  clock_.advance(limits::blob_age_min + seconds(1));
  EXPECT_TRUE(sweep(tenant_, name));
  EXPECT_EQ(get(other_, name), "offer");
}

TEST_F(BlobsTest, ALongContentIsReadWholeAndInParts) {
  std::string content;
  while (content.size() < 3 * limits::postgres_blob_piece_bytes_max + 17) content += random_hex(system_random(), 32);
  const auto name = put(tenant_, content);
  EXPECT_EQ(get(tenant_, name), content);
  SeededRandom random(7);
  for (int i = 0; i < 20; ++i) {
    const auto offset = random.below(content.size());
    const auto bytes = random.below(content.size() - offset) + 1;
    const auto part = blobs_->open(tenant_, name);
    EXPECT_EQ(read(*part, static_cast<std::int64_t>(offset), static_cast<std::int64_t>(bytes)),
              content.substr(offset, bytes));
  }
}

TEST_F(BlobsTest, WhatIsNoNameIsAbsent) {
  put(tenant_, "offer");
  for (const auto* name : {"", "..", "../../demo", "/etc/passwd"})
    EXPECT_EQ(blobs_->open(tenant_, name), nullptr) << name;
}

TEST_F(BlobsTest, AnUnfinishedDraftLeavesNothing) {
  {
    auto draft = blobs_->begin();
    draft->write("half of");
    EXPECT_EQ(drafts(), 1u);
  }
  EXPECT_EQ(drafts(), 0u);
  std::ofstream(drafts_directory() + "/left-by-a-crash") << "half";
  open_blobs();
  EXPECT_EQ(drafts(), 0u);
  EXPECT_EQ(kept(tenant_), std::vector<std::string>());
}

TEST_F(BlobsTest, NothingStaysInTheSpool) {
  const auto name = put(tenant_, "offer");
  const auto reading = blobs_->open(tenant_, name);
  EXPECT_EQ(content_name(*reading), name);
  EXPECT_EQ(drafts(), 0u);
}

TEST_F(BlobsTest, NamesAreListedInOrder) {
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back(put(tenant_, std::to_string(i)));
  std::ranges::sort(names);
  EXPECT_EQ(kept(tenant_), names);
  names.erase(names.begin(), names.begin() + 13);
  const auto last = names.front();
  names.erase(names.begin());
  EXPECT_EQ(blobs_->names(tenant_, last), names);
}

TEST_F(BlobsTest, OnlyOldBlobsAreRemovedAndNewUploadsMakeThemYoungAgain) {
  const auto name = put(tenant_, "offer");
  EXPECT_FALSE(sweep(tenant_, name));
  clock_.advance(limits::blob_age_min + seconds(1));
  put(tenant_, "offer");
  EXPECT_FALSE(sweep(tenant_, name));
  clock_.advance(limits::blob_age_min + seconds(1));
  const auto reading = blobs_->open(tenant_, name);
  reading->fetch(0, reading->size());
  EXPECT_TRUE(sweep(tenant_, name));
  EXPECT_FALSE(sweep(tenant_, name));
  EXPECT_EQ(content_name(*reading), name) << "whoever has it can read it to its end";
  EXPECT_EQ(get(tenant_, name), "(none)");
}

TEST_F(BlobsTest, NothingIsRemovedWhileSomebodyHolds) {
  const auto name = put(tenant_, "offer");
  clock_.advance(limits::blob_age_min + seconds(1));
  {
    const auto held = blobs_->hold();
    auto again = blobs_->hold();
    EXPECT_FALSE(sweep(tenant_, name));
    again.reset();
    EXPECT_FALSE(sweep(tenant_, name));
  }
  EXPECT_TRUE(sweep(tenant_, name));
}

TEST_F(BlobsTest, ADamagedBlobIsMendedByTheSameUpload) {
  const auto name = put(tenant_, "offer");
  damage(tenant_, name);
  EXPECT_NE(content_name(*blobs_->open(tenant_, name)), name);
  put(tenant_, "offer");
  EXPECT_EQ(content_name(*blobs_->open(tenant_, name)), name);
}

}  // namespace
}  // namespace interlock::store
