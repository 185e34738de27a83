// SPDX-License-Identifier: Apache-2.0
#include "server/blob_copies.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/limits.h"
#include "base/sha256.h"
#include "domains/files/files.h"
#include "server/control.h"
#include "server/control_socket.h"

namespace interlock::server {
namespace {

namespace fs = std::filesystem;

/// Calls back with the content, piece by piece.
template <class Take>
void each_piece(store::Blob& blob, Take take) {
  blob.fetch(0, blob.size());
  std::string piece(limits::file_piece_bytes_max, '\0');
  for (std::int64_t offset = 0; offset < blob.size();) {
    const auto got = blob.read(offset, piece.data(), piece.size());
    if (got == 0) break;
    take(std::string_view(piece.data(), got));
    offset += static_cast<std::int64_t>(got);
  }
}

[[noreturn]] void fail(const char* doing, const std::string& path) {
  const auto reason = fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno));
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) throw store::DiskFull(reason);
  throw store::StoreError(reason);
}

}  // namespace

void write_blob(store::Blob& blob, const std::string& path) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) fail("make", path);
  each_piece(blob, [&](std::string_view piece) {
    while (!piece.empty()) {
      const auto put = write(file.get(), piece.data(), piece.size());
      if (put < 0 && errno != EINTR) fail("write", path);
      piece.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(put, 0)));
    }
  });
  if (fsync(file.get()) != 0) fail("sync", path);
}

namespace {

void sync_directory(const std::string& path) {
  const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) fail("sync", path);
}

/// Calls back with each file's path and name.
template <class Take>
void each_file(const std::string& directory, Take take) {
  if (!fs::exists(directory)) return;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const auto name = entry.path().filename().string();
    if (!is_sha256(name)) throw CommandError(fmt::format("{} is no file of a backup", entry.path().string()));
    take(entry.path().string(), name);
  }
}

template <class Take>
void each_piece_of_file(const std::string& path, Take take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CommandError(fmt::format("cannot read {}", path));
  std::string piece(limits::file_piece_bytes_max, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    take(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount())));
}

CommandError damaged(const std::string& path) {
  return CommandError(fmt::format("{} is not what its name says: it was changed or damaged", path));
}

std::string problem_of(store::Blobs& blobs, TenantId tenant, const domains::File& file) {
  const auto what = fmt::format("{} (\"{}\")", type_id_text("file", file.id), file.name);
  const auto blob = blobs.open(tenant, file.sha256);
  if (!blob) return fmt::format("the content of {} is missing", what);
  if (blob->size() != file.size)
    return fmt::format("the content of {} has {} bytes instead of {}", what, blob->size(), file.size);
  if (store::content_name(*blob) != file.sha256) return fmt::format("the content of {} is damaged", what);
  return {};
}

}  // namespace

std::string files_directory_of(const std::string& database_path) {
  return fs::path(database_path).replace_extension(".files").string();
}

BlobTotals copy_blobs(store::Blobs& blobs, TenantId tenant, const std::string& directory) {
  BlobTotals totals;
  store::each_blob(blobs, tenant, [&](const std::string& name) {
    const auto blob = blobs.open(tenant, name);
    if (!blob) throw store::StoreError("the blob " + name + " has gone");
    if (totals.files == 0) fs::create_directory(directory);
    write_blob(*blob, fmt::format("{}/{}", directory, name));
    ++totals.files;
    totals.bytes += blob->size();
  });
  if (totals.files > 0) sync_directory(directory);
  return totals;
}

BlobTotals verify_files(const std::string& directory) {
  BlobTotals totals;
  each_file(directory, [&](const std::string& path, const std::string& name) {
    Sha256 hash;
    each_piece_of_file(path, [&](std::string_view piece) {
      hash.add(piece);
      totals.bytes += static_cast<std::int64_t>(piece.size());
    });
    if (hash.finish() != name) throw damaged(path);
    ++totals.files;
  });
  return totals;
}

void restore_blobs(store::Blobs& blobs, TenantId tenant, const std::string& directory) {
  each_file(directory, [&](const std::string& path, const std::string& name) {
    const auto draft = blobs.begin();
    each_piece_of_file(path, [&](std::string_view piece) { draft->write(piece); });
    if (blobs.keep(tenant, *draft) != name) throw damaged(path);
  });
}

std::vector<std::string> check_blobs(Reader& reader, store::Blobs& blobs, TenantId tenant, std::int64_t& files) {
  std::vector<std::string> problems;
  std::set<std::string>
      sound;  // names of this page: a content that many files share is read once in a while, not each time
  auto query = where(&domains::File::sha256) != "";
  query.include_deleted = true;
  for (bool more = true; more;) {
    const auto page = reader.all<domains::File>(query);
    more = static_cast<std::int64_t>(page.size()) == query.limit;
    for (const auto& file : page) {
      const bool kept = !file.deleted_at || file.subject;
      ++files;
      query.after = PageStart{{}, file.id};
      if (!kept || sound.contains(file.sha256)) continue;
      auto problem = problem_of(blobs, tenant, file);
      if (problem.empty()) sound.insert(file.sha256);
      if (!problem.empty()) problems.push_back(std::move(problem));
      if (problems.size() == limits::check_problems_max) return problems;
    }
    sound.clear();
  }
  return problems;
}

}  // namespace interlock::server
