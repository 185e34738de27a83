// SPDX-License-Identifier: Apache-2.0
// How requests meet what keeps the contents of files.
#pragma once

#include "base/log.h"
#include "base/refusal.h"
#include "store/blobs.h"

namespace interlock::http {

/// Runs `work` on the store; what goes wrong there is told as the lane tells it.
template <class Work>
void on_store(Work&& work) {
  try {
    work();
  } catch (const store::DiskFull&) {
    throw Refusal(ErrorCode::disk_full);
  } catch (const store::BlobsUnavailable& error) {
    interlock::log(LogLevel::warning, "files_unavailable", {{"reason", error.what()}});
    throw Refusal(ErrorCode::overloaded, "What keeps the contents of files does not answer; try again later");
  }
}

}  // namespace interlock::http
