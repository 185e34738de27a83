// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/reopen.h"

namespace interlock::store::sqlite {

std::string log_of(const std::string& path) { return path + "-wal"; }
std::string copy_of(const std::string& path) { return path + ".copy"; }
std::string replacement_of(const std::string& path) { return path + ".replacement"; }

void finish_replacement(Disk& disk, const std::string& path) {
  for (const auto& unfinished : {copy_of(path), log_of(copy_of(path))}) {
    if (disk.exists(unfinished)) disk.remove(unfinished);
  }
  if (!disk.exists(replacement_of(path))) return;
  // The log belongs to the file that is replaced: it goes first, or the new file would be taken back by it.
  if (disk.exists(log_of(path))) disk.remove(log_of(path));
  disk.rename(replacement_of(path), path);
}

void copy_after_failed_sync(Disk& disk, const std::string& path, const ConnectionOptions& options) {
  finish_replacement(disk, path);
  const std::string copy = copy_of(path);
  disk.copy(path, copy);
  if (disk.exists(log_of(path))) disk.copy(log_of(path), log_of(copy));
  {
    Connection recovered(copy, options);
    if (!recovered.checkpoint(true).complete) throw StoreError("the copied log of " + path + " cannot be emptied");
  }
  replace_database(disk, copy, path);
}

void replace_database(Disk& disk, const std::string& copy, const std::string& path) {
  disk.sync(copy);
  disk.rename(copy, replacement_of(path));
  finish_replacement(disk, path);
}

}  // namespace interlock::store::sqlite
