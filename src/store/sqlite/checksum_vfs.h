// SPDX-License-Identifier: Apache-2.0
// A SQLite VFS that notices damaged pages. It lies over another VFS and touches two kinds of files only:
//
//   Database  The last 8 bytes of every page (reserved at creation, see Connection) hold a checksum of the rest, seeded
//             with the page number, little-endian. It is set on every write of a page and checked on every read of one.
//             A page of zeros is accepted: SQLite leaves such holes for pages it allocated and freed unwritten.
//   Log       A frame's own checksum (SQLite's) covers the page as SQLite saw it and is checked only by recovery, so a
//   (WAL)     page checksum cannot be put into frames without breaking theirs. Instead the checksums of the frames
//             written or recovered by this process stand in memory (8 bytes a frame, shared by all connections of the
//             file) and every later read of a frame, that of a checkpoint included, is held against them.
//
// Damage answers SQLITE_IOERR_DATA and is told to sqlite3_log. Writes to the log are gathered in memory and reach the
// file in pieces of 64 KiB, the last before a sync, a read of them, a truncation or the end: SQLite makes two system
// calls a page.
//
// The checksum: four lanes of 64 bits, each step `h = (h ^ word) * odd; h ^= h >> 32`, which is a bijection of h for a
// fixed word and of the word for a fixed h; so damage within one 8-byte word is always found, other damage but once in
// 2^64. The steps are those of the splitmix64 finaliser (Steele, Lea, Flood 2014).
//
// Conditions: no memory mapping (refused here), one process (see data_lock.h), the underlying VFS reports
// SQLITE_IOCAP_POWERSAFE_OVERWRITE (a page is written whole). Registration is not thread-safe, the rest is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace interlock::store::sqlite {

inline constexpr const char* checksum_vfs_name = "interlock";
inline constexpr int page_reserved_bytes = 8;

/// Registers the VFS `name` over the VFS `underlying` ("unix-excl": locks and the log's index live in this process's
/// memory). Does nothing if `name` is registered. Both names must outlive the registration. Throws std::runtime_error
/// if there is no VFS `underlying`.
void register_checksum_vfs(const char* name = checksum_vfs_name, const char* underlying = "unix-excl");

/// Takes the VFS away again; no file of it may be open.
void unregister_checksum_vfs(const char* name = checksum_vfs_name);

/// The checksum of `content` (a multiple of 8 bytes), seeded.
std::uint64_t page_checksum(std::span<const std::byte> content, std::uint64_t seed);

/// Damaged pages seen by this process.
std::uint64_t checksum_failures();

}  // namespace interlock::store::sqlite
