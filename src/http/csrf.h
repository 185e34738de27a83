// SPDX-License-Identifier: Apache-2.0
// Cross-site request forgery: a browser sends cookies along for whoever asks, so a request that is authenticated by a
// cookie must come from our own pages.
#pragma once

#include "http/message.h"

namespace interlock::http {

/// Whether the request comes from our own origin (`own_origin`, the public URL, counts as well) or from a program.
/// Browsers tell: Sec-Fetch-Site (same-origin, or none for what the user typed), else Origin, whose host and port must
/// be those of Host. A request with neither does not come from a browser that can be abused: all of them send Origin
/// with unsafe methods and with WebSocket handshakes.
bool is_same_origin(const Request& request, std::string_view own_origin = {});

/// Whether a request with a session cookie must be refused: an unsafe method or a WebSocket handshake from another
/// site.
bool is_cross_site_forgery(const Request& request, std::string_view own_origin = {});

}  // namespace interlock::http
