// SPDX-License-Identifier: Apache-2.0
#include "store/disk_blobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"
#include "base/limits.h"

namespace interlock::store {
namespace {

class DiskBlob final : public Blob {
 public:
  explicit DiskBlob(const std::string& path) : file_(path, O_RDONLY) {
    if (!file_.is_open() && errno != ENOENT) fail_at("open", path, errno);
    if (file_.is_open()) size_ = file_.size();
  }
  bool exists() const { return file_.is_open(); }
  std::int64_t size() const override { return size_; }
  void fetch(std::int64_t /*offset*/, std::int64_t /*bytes*/) override {}
  std::size_t read(std::int64_t offset, char* to, std::size_t bytes) const override {
    return file_.read(offset, to, bytes);
  }

 private:
  LocalFile file_;
  std::int64_t size_ = 0;
};

}  // namespace

DiskBlobs::DiskBlobs(std::string directory, const Clock& clock, Random& random)
    : directory_(std::move(directory)), clock_(clock), spool_(directory_ + "/drafts", random) {}

std::string DiskBlobs::folder_of(TenantId tenant, std::string_view shard) const {
  return fmt::format("{}/{}/{}", directory_, uuid_text(tenant.uuid), shard);
}

std::string DiskBlobs::path_of(TenantId tenant, std::string_view name) const {
  INVARIANT(is_sha256(name));
  return fmt::format("{}/{}", folder_of(tenant, name.substr(0, 2)), name);
}

std::unique_ptr<BlobDraft> DiskBlobs::begin() { return spool_.begin(); }

std::string DiskBlobs::keep(TenantId tenant, BlobDraft& any_draft) {
  auto& draft = dynamic_cast<SpooledDraft&>(any_draft);
  const auto name = draft.finish();
  const auto folder = folder_of(tenant, name.substr(0, 2));
  make_folder(folder);
  draft.file().set_time(clock_.now());
  draft.file().sync();
  // What is there already is replaced by the same bytes: that begins its age anew, and mends what was damaged.
  const std::lock_guard lock(mutex_);
  const auto& path = draft.file().path();
  if (::rename(path.c_str(), path_of(tenant, name).c_str()) != 0) fail_at("rename", path, errno);
  draft.release();
  sync_folder(folder);
  return name;
}

std::unique_ptr<Blob> DiskBlobs::open(TenantId tenant, std::string_view name) {
  if (!is_sha256(name)) return nullptr;
  auto blob = std::make_unique<DiskBlob>(path_of(tenant, name));
  if (!blob->exists()) return nullptr;
  return blob;
}

std::vector<std::string> DiskBlobs::names(TenantId tenant, std::string_view after) {
  const auto folder = fmt::format("{}/{}", directory_, uuid_text(tenant.uuid));
  auto shards = list_folder(folder);
  std::ranges::sort(shards);
  std::vector<std::string> found;
  for (const auto& shard : shards) {
    if (shard < after.substr(0, 2)) continue;
    auto names = list_folder(fmt::format("{}/{}", folder, shard));
    std::erase_if(names, [&](const auto& name) { return !is_sha256(name) || name <= after; });
    std::ranges::sort(names);
    for (auto& name : names) {
      if (std::ssize(found) == limits::copy_rows_max) return found;
      found.push_back(std::move(name));
    }
  }
  return found;
}

std::vector<TenantId> DiskBlobs::tenants() {
  std::vector<TenantId> found;
  for (const auto& name : list_folder(directory_))
    if (const auto id = parse_uuid(name)) found.push_back(TenantId{*id});
  return found;
}

bool DiskBlobs::remove_if_older(TenantId tenant, std::string_view name, Time time) {
  const auto path = path_of(tenant, name);
  const std::lock_guard lock(mutex_);
  struct stat status {};
  if (holders_->load() > 0 || ::stat(path.c_str(), &status) != 0) return false;
  const Time kept_at{status.st_mtim.tv_sec * 1'000'000 + status.st_mtim.tv_nsec / 1'000};
  return kept_at < time && ::unlink(path.c_str()) == 0;
}

std::shared_ptr<void> DiskBlobs::hold() {
  const std::lock_guard lock(mutex_);  // a removal that has begun ends first
  holders_->fetch_add(1);
  return {nullptr, [holders = holders_](void*) { holders->fetch_sub(1); }};
}

std::string content_name(Blob& blob) {
  blob.fetch(0, blob.size());
  Sha256 hash;
  std::string piece(limits::file_piece_bytes_max, '\0');
  for (std::int64_t offset = 0;;) {
    const auto got = blob.read(offset, piece.data(), piece.size());
    if (got == 0) return hash.finish();
    hash.add({piece.data(), got});
    offset += static_cast<std::int64_t>(got);
  }
}

}  // namespace interlock::store
