// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/page_memory.h"

#include <sqlite3.h>
#include <sys/mman.h>

#include <cstring>

#include "base/check.h"

namespace interlock::store::sqlite {

PageMemory::PageMemory(std::size_t slot_bytes, std::size_t region_bytes)
    : slot_bytes_(slot_bytes),
      slots_per_piece_(static_cast<std::uint32_t>(piece_bytes / slot_bytes)),
      region_bytes_(region_bytes / piece_bytes * piece_bytes),
      mapping_bytes_(region_bytes_ + piece_bytes) {
  INVARIANT(slot_bytes % 64 == 0 && slot_bytes <= piece_bytes);
  mapping_ = ::mmap(nullptr, mapping_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping_ == MAP_FAILED) {
    mapping_ = nullptr;
    region_bytes_ = 0;
    return;
  }
  begin_ = (reinterpret_cast<std::uintptr_t>(mapping_) + piece_bytes - 1) / piece_bytes * piece_bytes;
}

PageMemory::~PageMemory() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapping_bytes_);
}

bool PageMemory::add_piece() {
  if (!released_.empty()) {
    with_space_.insert(released_.extract(released_.begin()));
    ++empty_;
    return true;
  }
  const auto index = static_cast<std::uint32_t>(pieces_.size());
  if ((index + 1) * piece_bytes > region_bytes_) return false;
  auto* memory = reinterpret_cast<void*>(piece_at(index));
  if (::mprotect(memory, piece_bytes, PROT_READ | PROT_WRITE) != 0) return false;
  ::madvise(memory, piece_bytes, MADV_HUGEPAGE);  // a wish: without huge pages all is the same but the speed
  pieces_.emplace_back();
  with_space_.insert(index);
  ++empty_;
  return true;
}

void* PageMemory::take() {
  const std::lock_guard lock(mutex_);
  if (with_space_.empty() && !add_piece()) return nullptr;
  const auto index = *with_space_.begin();
  auto& piece = pieces_[index];
  if (piece.used++ == 0) --empty_;
  if (piece.used == slots_per_piece_) with_space_.erase(with_space_.begin());
  if (piece.free == nullptr) return reinterpret_cast<void*>(piece_at(index) + piece.untouched++ * slot_bytes_);
  void* slot = piece.free;
  std::memcpy(&piece.free, slot, sizeof piece.free);
  return slot;
}

void PageMemory::give_back(void* slot) {
  const std::lock_guard lock(mutex_);
  const auto index = static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(slot) - begin_) / piece_bytes);
  auto& piece = pieces_[index];
  std::memcpy(slot, &piece.free, sizeof piece.free);
  piece.free = slot;
  if (piece.used-- == slots_per_piece_) with_space_.insert(index);
  if (piece.used > 0) return;
  if (empty_ > 0) return release(index);
  ++empty_;
}

void PageMemory::release(std::uint32_t index) {
  ::madvise(reinterpret_cast<void*>(piece_at(index)), piece_bytes, MADV_DONTNEED);
  pieces_[index] = {};
  with_space_.erase(index);
  released_.insert(index);
}

std::size_t PageMemory::pieces() const {
  const std::lock_guard lock(mutex_);
  return pieces_.size() - released_.size();
}

namespace {

// A page of 2,048 bytes with what SQLite keeps about it takes some 2,300.
constexpr std::size_t slot_bytes = 2432;
constexpr std::size_t smallest_in_slot = 2048;
constexpr std::size_t region_bytes = std::size_t{64} << 30;

// AddressSanitizer sees no bounds between what lies side by side.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool bounds_are_watched = true;
#else
constexpr bool bounds_are_watched = false;
#endif

sqlite3_mem_methods under;

PageMemory& page_memory() {
  static auto& memory = *new PageMemory(slot_bytes, region_bytes);  // as long as SQLite: to the end of the process
  return memory;
}

void* allocate(int bytes) {
  const auto size = static_cast<std::size_t>(bytes);
  if (size > smallest_in_slot && size <= slot_bytes) {
    if (void* slot = page_memory().take()) return slot;
  }
  return under.xMalloc(bytes);
}

void release(void* memory) { page_memory().owns(memory) ? page_memory().give_back(memory) : under.xFree(memory); }

int size_of(void* memory) { return page_memory().owns(memory) ? static_cast<int>(slot_bytes) : under.xSize(memory); }

void* reallocate(void* memory, int bytes) {
  if (!page_memory().owns(memory)) return under.xRealloc(memory, bytes);
  if (bytes > 0 && static_cast<std::size_t>(bytes) <= slot_bytes) return memory;
  void* larger = allocate(bytes);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, memory, slot_bytes);
  release(memory);
  return larger;
}

}  // namespace

void install_page_memory() {
  if (bounds_are_watched || under.xMalloc != nullptr) return;
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &under) != SQLITE_OK) return;
  auto layer = under;
  layer.xMalloc = allocate;
  layer.xFree = release;
  layer.xRealloc = reallocate;
  layer.xSize = size_of;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &layer);
}

}  // namespace interlock::store::sqlite
