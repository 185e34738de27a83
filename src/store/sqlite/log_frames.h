// SPDX-License-Identifier: Apache-2.0
// What the checksum VFS knows about one open log (WAL) file: the checksums of its frames and the writes not yet passed
// on. One object per path and process, shared by the file's handles. Format of the log:
// https://sqlite.org/fileformat2.html#walformat
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interlock::store::sqlite {

inline constexpr std::int64_t log_header_bytes = 32;
inline constexpr std::int64_t frame_header_bytes = 24;

/// Thread-safety: hold `mutex` around every call of a member that is not static.
class LogFrames {
 public:
  /// A page inside the log at this byte offset: its frame's number from 0, or nothing if it cannot be one.
  static std::optional<std::size_t> frame_of_page(std::int64_t offset, std::int64_t bytes);
  /// A whole frame (header and page) at this offset, as recovery reads it.
  static std::optional<std::size_t> frame_of_whole(std::int64_t offset, std::int64_t bytes);

  /// The checksum to remember a frame's page by; never 0. May be called without the mutex.
  static std::uint64_t checksum(std::size_t frame, std::span<const std::byte> page);
  void remember(std::size_t frame, std::uint64_t checksum);
  /// False if the frame is known and differs.
  bool matches(std::size_t frame, std::uint64_t checksum) const;
  void forget() { checksums_.clear(); }

  /// Takes a write that continues the gathered ones (or begins them). False: flush first, or pass it on yourself.
  bool gather(std::int64_t offset, std::span<const std::byte> data);
  bool is_gathered(std::int64_t offset, std::int64_t bytes) const;
  std::int64_t gathered_offset() const { return gathered_offset_; }
  std::span<const std::byte> gathered() const { return gathered_; }
  void drop_gathered() { gathered_.clear(); }

  std::mutex mutex;

 private:
  std::vector<std::uint64_t> checksums_;  // 0: unknown
  std::vector<std::byte> gathered_;
  std::int64_t gathered_offset_ = 0;
};

/// The object of `path`, made if no handle holds one. Thread-safe.
std::shared_ptr<LogFrames> log_frames_of(const std::string& path);

}  // namespace interlock::store::sqlite
