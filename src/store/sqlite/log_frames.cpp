// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/log_frames.h"

#include <algorithm>
#include <unordered_map>

#include "base/limits.h"
#include "store/sqlite/checksum_vfs.h"

namespace interlock::store::sqlite {
namespace {

bool is_page_size(std::int64_t bytes) { return bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) == 0; }

}  // namespace

std::optional<std::size_t> LogFrames::frame_of_page(std::int64_t offset, std::int64_t bytes) {
  if (!is_page_size(bytes)) return std::nullopt;
  const std::int64_t start = offset - log_header_bytes - frame_header_bytes;
  if (start < 0 || start % (bytes + frame_header_bytes) != 0) return std::nullopt;
  return static_cast<std::size_t>(start / (bytes + frame_header_bytes));
}

std::optional<std::size_t> LogFrames::frame_of_whole(std::int64_t offset, std::int64_t bytes) {
  return frame_of_page(offset + frame_header_bytes, bytes - frame_header_bytes);
}

std::uint64_t LogFrames::checksum(std::size_t frame, std::span<const std::byte> page) {
  return std::max<std::uint64_t>(page_checksum(page, frame), 1);
}

void LogFrames::remember(std::size_t frame, std::uint64_t checksum) {
  if (frame >= checksums_.size()) checksums_.resize(frame + 1);
  checksums_[frame] = checksum;
}

bool LogFrames::matches(std::size_t frame, std::uint64_t checksum) const {
  return frame >= checksums_.size() || checksums_[frame] == 0 || checksums_[frame] == checksum;
}

bool LogFrames::gather(std::int64_t offset, std::span<const std::byte> data) {
  if (gathered_.empty()) gathered_offset_ = offset;
  const bool continues = offset == gathered_offset_ + static_cast<std::int64_t>(gathered_.size());
  if (!continues || gathered_.size() + data.size() > limits::wal_write_bytes_max) return false;
  gathered_.insert(gathered_.end(), data.begin(), data.end());
  return true;
}

bool LogFrames::is_gathered(std::int64_t offset, std::int64_t bytes) const {
  return !gathered_.empty() && offset < gathered_offset_ + static_cast<std::int64_t>(gathered_.size()) &&
         offset + bytes > gathered_offset_;
}

std::shared_ptr<LogFrames> log_frames_of(const std::string& path) {
  static std::mutex mutex;
  static auto& logs = *new std::unordered_map<std::string, std::weak_ptr<LogFrames>>();
  const std::lock_guard lock(mutex);
  std::erase_if(logs, [](const auto& entry) { return entry.second.expired(); });
  auto& known = logs[path];
  auto frames = known.lock();
  if (!frames) known = frames = std::make_shared<LogFrames>();
  return frames;
}

}  // namespace interlock::store::sqlite
