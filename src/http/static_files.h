// SPDX-License-Identifier: Apache-2.0
// The console's files, as they lie in the program: what is answered to a browser that asks for a page.
//
//   /assets/NAME   the file of that name: its name holds a hash of its content, so it may be kept for a year
//   /favicon.svg   any other file of the console: asked for anew, answered with 304 while it is the same
//   /, /customers  index.html: the application reads the rest of the path itself
//
// A path with a file extension that is no file, and everything below /api, /docs, /assets and the server's own paths,
// is no page.
#pragma once

#include <span>
#include <string_view>

#include "http/message.h"

namespace interlock::http {

/// One embedded file; everything has static storage.
struct StaticFile {
  std::string_view path;  ///< `/index.html`, `/assets/index-3f2a.js`
  std::string_view content_type;
  std::string_view bytes;
  std::string_view gzip;  ///< the same compressed; empty where that saves nothing
  std::string_view hash;  ///< hexadecimal digest of `bytes`: makes the ETag
};

/// The file for the request's path, index.html for a page of the application; nullptr if there is neither.
const StaticFile* find_page(std::span<const StaticFile> files, const Request& request);

/// index.html for a browser whose address has no segments because it cannot be decoded (`/customers/%zz`): the
/// application tells its user in its own way. nullptr where something else than text/html is asked for, and below what
/// is no page.
const StaticFile* find_page_for_unreadable(std::span<const StaticFile> files, const Request& request);

/// 200 with the bytes that the client accepts, or 304.
Response page_response(const StaticFile& file, const Request& request);

/// Whether one of the header's entity tags is `tag` (quoted), compared weakly as If-None-Match asks; `*` is any.
bool names_tag(std::string_view header, std::string_view tag);

}  // namespace interlock::http
