// SPDX-License-Identifier: Apache-2.0
#include "http/request_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/limits.h"
#include "http/raw_header_check.h"

namespace interlock::http {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

/// Receives what Beast finds. Header names and values are kept as positions within the request's own copy of the head.
class RequestParser::Parser final : public beast_http::basic_parser<true> {
 public:
  Parser() {
    body_limit(boost::none);  // looked at here, since the bound depends on the head
    header_limit(static_cast<std::uint32_t>(limits::request_header_bytes_max));
    eager(true);
  }

  std::optional<RequestFault> header(std::string_view head, Request& request) {
    request_ = &request;
    request.set_head(head);
    base_ = request.head().data();
    error_code error;
    auto used = put(boost::asio::const_buffer(base_, head.size()), error);
    if (!error && used != head.size()) return RequestFault{ErrorCode::malformed_request, "The header is malformed"};
    if (error && error != beast_http::error::need_more) return fault(error);
    if (request.set_target(target_)) return std::nullopt;
    if (request.param_count() == limits::query_params_max)
      return RequestFault{ErrorCode::malformed_request, "There are too many query parameters", limits::query_params_max,
                          true};
    return RequestFault{ErrorCode::malformed_request, "The request target is malformed", 0, true};
  }

  std::optional<RequestFault> limit_body(std::size_t bytes_max, bool whole) {
    body_bytes_max_ = bytes_max;
    const auto length = content_length();
    if (length && *length > bytes_max) return fault(beast_http::error::body_limit);
    if (length && whole) request_->body.reserve(static_cast<std::size_t>(*length));
    return std::nullopt;
  }

  std::optional<RequestFault> body(std::string_view bytes, std::size_t& used) {
    error_code error;
    used = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != beast_http::error::need_more) return fault(error);
    return std::nullopt;
  }

 private:
  RequestFault fault(const error_code& error) const {
    if (error == beast_http::error::body_limit)
      return {ErrorCode::body_too_large, "The body is too large", body_bytes_max_};
    if (error == beast_http::error::header_limit)
      return {ErrorCode::header_too_large, "The header is too large", limits::request_header_bytes_max};
    return {ErrorCode::malformed_request, "The request is malformed"};
  }

  std::size_t take(string_view bytes, error_code& error) {
    if (bytes.size() > body_bytes_max_ - taken_) {
      error = beast_http::error::body_limit;
      return 0;
    }
    taken_ += bytes.size();
    request_->body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  Span span_of(string_view text) const {
    return {static_cast<std::uint32_t>(text.data() - base_), static_cast<std::uint32_t>(text.size())};
  }

  void on_request_impl(beast_http::verb, string_view method, string_view target, int version, error_code&) override {
    request_->method = method_from({method.data(), method.size()});
    request_->http_1_0 = version == 10;
    target_ = span_of(target);
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code& error) override {
    // The fields of a chunked body's trailer would come from another buffer; they are not wanted.
    if (is_header_done()) return;
    if (name.data() < base_ || name.data() >= base_ + request_->head().size()) {
      error = beast_http::error::bad_field;
      return;
    }
    request_->add_header(span_of(name), value.empty() ? Span{} : span_of(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view bytes, error_code& error) override { return take(bytes, error); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override {
    return take(bytes, error);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t body_bytes_max_ = 0;
  std::size_t taken_ = 0;
  Request* request_ = nullptr;
  const char* base_ = nullptr;
  Span target_;
};

RequestParser::RequestParser() : parser_(std::make_unique<Parser>()) {}
RequestParser::~RequestParser() = default;

std::optional<RequestFault> RequestParser::header(std::string_view head, Request& request) {
  std::size_t lines = 0;
  if (auto reason = raw_header_fault(head, &lines)) return RequestFault{ErrorCode::malformed_request, *reason};
  if (lines > limits::request_header_lines_max) {
    return RequestFault{ErrorCode::header_too_large, "There are too many header lines",
                        limits::request_header_lines_max};
  }
  return parser_->header(head, request);
}

std::optional<RequestFault> RequestParser::limit_body(std::size_t bytes_max, bool whole) {
  return parser_->limit_body(bytes_max, whole);
}

std::optional<RequestFault> RequestParser::body(std::string_view bytes, std::size_t& used) {
  return parser_->body(bytes, used);
}

bool RequestParser::done() const { return parser_->is_done(); }
bool RequestParser::keep_alive() const { return parser_->keep_alive(); }

}  // namespace interlock::http
