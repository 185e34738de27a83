// SPDX-License-Identifier: Apache-2.0
// Where the contents of files are, by the configuration: a bucket, the database, or the data directory.
#pragma once

#include <memory>
#include <string>

#include "base/time.h"
#include "server/config.h"
#include "store/blobs.h"

namespace interlock::server {

/// `directory` is the process's own; what is on its way passes through it. Throws CommandError: a bucket that cannot be
/// reached, with what is wrong.
std::unique_ptr<store::Blobs> open_blobs(const Config& config, const std::string& directory, const Clock& clock);

}  // namespace interlock::server
