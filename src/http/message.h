// SPDX-License-Identifier: Apache-2.0
// A request as it came, an answer as it goes, and the one interface between the transport and what serves it. Nothing
// here knows the business.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/stream.h"

namespace interlock::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

std::string_view method_name(Method method);
Method method_from(std::string_view text);

/// A part of one of a request's own strings; stays valid when the request is moved.
struct Span {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::string_view of(const std::string& text) const { return {text.data() + offset, size}; }
};

/// One request, complete with its body. Movable, owns all its bytes; views that it hands out live as long as it stays
/// where it is.
class Request {
 public:
  Method method = Method::other;
  bool http_1_0 = false;
  bool secure = false;        ///< came over TLS
  bool body_follows = false;  ///< the handler may ask for it piece by piece; `body` is empty
  std::string body;
  std::string peer_address;  ///< `192.0.2.1` or `2001:db8::1`
  std::string id;            ///< unique within this server's life; echoed as X-Request-Id

  /// Path segments, percent-decoded, valid UTF-8 without NUL: `/api/customers` has two.
  std::size_t segment_count() const { return segments_.size(); }
  std::string_view segment(std::size_t index) const { return segments_[index].of(decoded_); }
  /// The path as sent, without the query.
  std::string_view path() const { return path_.of(head_); }
  std::string_view target() const { return target_.of(head_); }

  /// Query parameters in their order, percent-decoded (`+` is a space), valid UTF-8 without NUL.
  std::size_t param_count() const { return params_.size(); }
  std::pair<std::string_view, std::string_view> param_at(std::size_t index) const;
  /// The first of that name.
  std::optional<std::string_view> param(std::string_view name) const;

  /// The value of the first header of that name (any case), without surrounding blanks.
  std::optional<std::string_view> header(std::string_view name) const;
  /// The value of the last one: what the nearest proxy has added.
  std::optional<std::string_view> last_header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
  /// Whether the comma-separated header contains the token (any case).
  bool header_has_token(std::string_view name, std::string_view token) const;
  /// The value of a cookie, empty if absent.
  std::string_view cookie(std::string_view name) const;

  // For the parser and for tests.

  /// Takes the raw header bytes; spans of headers and target refer to them.
  void set_head(std::string_view head) {
    head_.assign(head);
    headers_.reserve(16);
  }
  const std::string& head() const { return head_; }
  void add_header(Span name, Span value) { headers_.push_back({name, value}); }
  /// Splits and decodes the target. False if it is malformed.
  bool set_target(Span target);

 private:
  bool decode_path(std::string_view path);
  bool decode_query(std::string_view query);

  std::string head_;
  std::string decoded_;
  Span target_;
  Span path_;
  std::vector<std::pair<Span, Span>> headers_;
  std::vector<Span> segments_;
  std::vector<std::pair<Span, Span>> params_;
};

/// A request built by hand, for tests: `target` must be well-formed.
Request make_request(Method method, std::string_view target,
                     const std::vector<std::pair<std::string, std::string>>& headers = {}, std::string body = {});

class Responder;

/// Takes the body of one request piece by piece, for what is too long for memory. Called on the request's io thread,
/// one call at a time; destroyed there, without finish() if the body did not come whole.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Must not wait longer than a write to the system's own memory does; throws nothing.
  virtual void write(std::string_view bytes) = 0;
  /// The body is whole: the request is answered now, or later from any thread.
  virtual void finish(Responder responder) = 0;
};

/// Content that is read while it is sent, from an io thread; may wait for a disk.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  virtual std::size_t size() const = 0;
  /// Fills at most `bytes` from `offset`, which is below size(); throws if it cannot, and then the connection ends.
  virtual std::size_t read(std::size_t offset, char* to, std::size_t bytes) = 0;
};

/// One answer. The transport adds Content-Length, Date, the request id and the security headers.
struct Response {
  int status = 200;
  std::string_view content_type = "application/json";  ///< static storage; empty: no Content-Type
  std::string header_lines;                            ///< `Name: value\r\n` each; see add_header
  std::string body;
  std::shared_ptr<const std::string> shared_body;  ///< sent instead of `body` if set
  std::string_view static_body;                    ///< with static storage; sent instead of `body` if not empty
  std::string_view content_security_policy = "default-src 'none'; frame-ancestors 'none'";  ///< static storage
  std::string_view cache_control = "no-store";                                              ///< static storage
  bool close = false;                     ///< ends the connection after this answer
  std::unique_ptr<StreamStart> stream;    ///< turns the connection into a stream (stream.h)
  std::unique_ptr<ContentSource> source;  ///< sent instead of `body` if set
  /// No answer yet: the body, of which the handler has seen nothing, goes there first (Handler::body_piecewise_max).
  std::unique_ptr<BodySink> body_sink;

  /// `value` must not contain CR, LF or NUL (an INVARIANT: values are ours or already checked).
  void add_header(std::string_view name, std::string_view value);
  /// Of the content, whichever way it comes.
  std::size_t content_size() const { return source ? source->size() : content().size(); }
  std::string_view content() const {
    if (!static_body.empty()) return static_body;
    return shared_body ? std::string_view(*shared_body) : std::string_view(body);
  }
};

Response json_response(int status, std::string body);

class Mailbox;

/// The right to answer one request: move-only, used exactly once, from any thread. If it is dropped unused, the
/// client gets a 500, so that no request stays without an answer.
class Responder {
 public:
  Responder(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection);
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  void send(Response&& response);

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::uint64_t connection_ = 0;
};

/// What serves requests. Called on an io thread, concurrently from several; must not block. Answers inline or later.
/// An exception is answered with 500 and logged.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void handle(Request&& request, Responder responder) = 0;
  /// The bound of a body that handle() takes piece by piece; nothing: it comes whole with the request, within
  /// ServerOptions::body_bytes_max. Of a request with such a body handle() sees the head only, and answers with a
  /// Response::body_sink for it, or refuses. Must not throw or block.
  virtual std::optional<std::size_t> body_piecewise_max(const Request&) const { return std::nullopt; }
  /// Of a GET or HEAD whose target cannot be decoded, so that it has no segments and parameters: what a browser is
  /// shown instead of the problem document. Nothing: that. Must not throw or block.
  virtual std::optional<Response> page_for_unreadable_target(const Request&) const { return std::nullopt; }
};

}  // namespace interlock::http
