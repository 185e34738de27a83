// SPDX-License-Identifier: Apache-2.0
// Cross-site request forgery: a browser sends cookies along for whoever asks, so a request that is authenticated by a
// cookie must come from our own pages.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace interlock::http {

/// Where our own pages come from, as far as a request does not tell. See ApiOptions for both.
struct OwnOrigin {
  std::string public_url;  ///< `https://host[:port]`; may be empty
  std::vector<std::string> trusted_proxies;
};

/// Whether the request comes from our own origin or from a program. Browsers tell: Sec-Fetch-Site (same-origin, or none
/// for what the user typed), and Origin, whose scheme, host and port must be ours: those of the public URL, or Host
/// with https where the request came over TLS. That is told by the connection, else by a trusted proxy's
/// X-Forwarded-Proto, else by a public URL of this host. So a page that somebody on the way has put under http:// is
/// not ours where we serve https://. A request with neither header does not come from a browser that can be abused: all
/// of them send Origin with unsafe methods and with WebSocket handshakes.
bool is_same_origin(const Request& request, const OwnOrigin& own = {});

/// Whether a request with a session cookie must be refused: an unsafe method or a WebSocket handshake from another
/// site.
bool is_cross_site_forgery(const Request& request, const OwnOrigin& own = {});

}  // namespace interlock::http
