// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/log_check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

#include "store/sqlite/log_frames.h"

namespace interlock::store::sqlite {
namespace {

constexpr std::uint32_t magic_little = 0x377f0682;
constexpr std::uint32_t magic_big = 0x377f0683;
constexpr std::int64_t read_bytes = 1024 * 1024;

std::uint32_t big(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = word << 8 | static_cast<unsigned char>(bytes[at + i]);
  return word;
}

/// SQLite's running checksum of pairs of words.
struct Sum {
  std::uint32_t a = 0, b = 0;
  bool operator==(const Sum&) const = default;

  void add(std::string_view bytes, bool big_endian) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      a += word(bytes, at, big_endian) + b;
      b += word(bytes, at + 4, big_endian) + a;
    }
  }
  static std::uint32_t word(std::string_view bytes, std::size_t at, bool big_endian) {
    const auto value = big(bytes, at);
    return big_endian ? value : __builtin_bswap32(value);
  }
};

/// A window over the file, moved forward.
class Window {
 public:
  Window(Disk& disk, const std::string& path) : disk_(disk), path_(path) {}
  /// Empty if the file ends before.
  std::string_view at(std::int64_t offset, std::int64_t bytes) {
    if (offset < begin_ || offset + bytes > begin_ + static_cast<std::int64_t>(data_.size())) {
      data_ = disk_.read(path_, offset, std::max(bytes, read_bytes));
      begin_ = offset;
    }
    const auto start = static_cast<std::size_t>(offset - begin_);
    if (start + static_cast<std::size_t>(bytes) > data_.size()) return {};
    return std::string_view(data_).substr(start, static_cast<std::size_t>(bytes));
  }

 private:
  Disk& disk_;
  const std::string& path_;
  std::string data_;
  std::int64_t begin_ = 0;
};

/// Whether the frame's checksum continues `sum`, which it moves on.
bool follows(std::string_view frame, Sum& sum, bool big_endian) {
  if (frame.empty()) return false;
  sum.add(frame.substr(0, 8), big_endian);
  sum.add(frame.substr(frame_header_bytes), big_endian);
  return sum == Sum{big(frame, 16), big(frame, 20)};
}

}  // namespace

LogVerdict check_log(Disk& disk, const std::string& log_path) {
  LogVerdict verdict;
  Window file(disk, log_path);
  const std::string head(file.at(0, log_header_bytes));
  if (head.empty()) return verdict;
  const bool big_endian = big(head, 0) == magic_big;
  const std::int64_t page = big(head, 8);
  if ((!big_endian && big(head, 0) != magic_little) || !std::has_single_bit(static_cast<std::uint64_t>(page)) ||
      page < 512 || page > 65536) {
    return verdict;  // the header of a log that was never begun
  }
  Sum sum;
  sum.add(std::string_view(head).substr(0, 24), big_endian);
  Sum stored{big(head, 24), big(head, 28)};
  if (sum != stored) {
    // A header that was never finished has no frame of its own; frames that follow from it were acknowledged.
    const auto first = file.at(log_header_bytes, frame_header_bytes + page);
    verdict.damaged = follows(first, sum, big_endian) || follows(first, stored, big_endian);
    return verdict;
  }
  bool good = true;
  for (std::int64_t at = log_header_bytes;; at += frame_header_bytes + page) {
    const auto frame = file.at(at, frame_header_bytes + page);
    if (frame.empty()) break;
    const bool own = frame.substr(8, 8) == std::string_view(head).substr(16, 8);  // salts: not of an earlier log
    good = good && own && follows(frame, sum, big_endian);
    if (good) ++verdict.good_frames;
    if (!good && own && big(frame, 4) != 0) ++verdict.commits_lost;
  }
  verdict.damaged = verdict.commits_lost >= 2;
  return verdict;
}

}  // namespace interlock::store::sqlite
