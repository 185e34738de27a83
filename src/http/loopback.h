// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace interlock::http {

/// Whether a numeric address is one of this machine's own: 127.0.0.0/8 or ::1. False for anything else, names too.
bool is_loopback(std::string_view address);

}  // namespace interlock::http
