// SPDX-License-Identifier: Apache-2.0
// Memory for the pages of SQLite's caches, apart from the other memory of the process: pages lie side by side in pieces
// of 2 MiB that the kernel may map as one huge page each. A read of one record looks at some ten places in as many
// pages; with pages of 4 KiB strewn over the heap each place costs a look-up in the page tables as well (4 % of the
// time of a read by id with 10,000 records).
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

namespace interlock::store::sqlite {

/// Slots of one size, in pieces that are given back to the kernel when they are empty, but for one. Low pieces are
/// filled first. Thread-safe.
class PageMemory {
 public:
  static constexpr std::size_t piece_bytes = std::size_t{2} * 1024 * 1024;

  /// Reserves `region_bytes` of address space, no memory. Where that is refused, it is always full.
  PageMemory(std::size_t slot_bytes, std::size_t region_bytes);
  PageMemory(const PageMemory&) = delete;
  PageMemory& operator=(const PageMemory&) = delete;
  ~PageMemory();

  std::size_t slot_bytes() const { return slot_bytes_; }
  bool owns(const void* slot) const {
    const auto at = reinterpret_cast<std::uintptr_t>(slot);
    return at >= begin_ && at < begin_ + region_bytes_;
  }
  /// Not cleared; aligned to 64 bytes. nullptr when the region is full.
  void* take();
  void give_back(void* slot);
  /// Pieces that hold memory.
  std::size_t pieces() const;

 private:
  struct Piece {
    void* free = nullptr;         ///< slots given back, each begins with the address of the next
    std::uint32_t untouched = 0;  ///< slots from here on were never taken
    std::uint32_t used = 0;
  };
  bool add_piece();
  void release(std::uint32_t index);
  std::uintptr_t piece_at(std::uint32_t index) const { return begin_ + index * piece_bytes; }

  const std::size_t slot_bytes_;
  const std::uint32_t slots_per_piece_;
  std::size_t region_bytes_;
  void* mapping_ = nullptr;
  std::size_t mapping_bytes_;
  std::uintptr_t begin_ = 0;
  mutable std::mutex mutex_;
  std::vector<Piece> pieces_;
  std::set<std::uint32_t> with_space_;  ///< of those that hold memory
  std::set<std::uint32_t> released_;
  std::size_t empty_ = 0;  ///< pieces that hold memory and no page
};

/// Has SQLite take memory of a page's size from here. Before SQLite is initialised, once in a process; afterwards, or
/// again, it does nothing. Not thread-safe.
void install_page_memory();

}  // namespace interlock::store::sqlite
