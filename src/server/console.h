// SPDX-License-Identifier: Apache-2.0
// The console, built by vite from web/console and put into the program: cmake/console.cmake makes the table.
#pragma once

#include <span>

#include "http/static_files.h"

namespace interlock::server {

std::span<const http::StaticFile> console_files();

}  // namespace interlock::server
