// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "http/mailbox.h"
#include "http/text.h"

namespace interlock::http {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  return "OTHER";
}

Method method_from(std::string_view text) {
  for (auto method :
       {Method::get, Method::patch, Method::post, Method::put, Method::delete_, Method::head, Method::options}) {
    if (text == method_name(method)) return method;
  }
  return Method::other;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Appends the decoded text. False for a malformed escape or a NUL.
bool percent_decode(std::string_view text, bool plus_is_space, std::string& out) {
  if (text.find('%') == std::string_view::npos && (!plus_is_space || text.find('+') == std::string_view::npos)) {
    out.append(text);
    return true;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return false;
      int high = hex_digit(text[i + 1]);
      int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (c == '\0') return false;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    out.push_back(c);
  }
  return true;
}

/// Decodes onto `out` and says where the result stands.
std::optional<Span> decoded_span(std::string_view text, bool plus_is_space, std::string& out) {
  auto begin = out.size();
  if (!percent_decode(text, plus_is_space, out)) return std::nullopt;
  Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(out.size() - begin)};
  if (!is_valid_utf8(span.of(out))) return std::nullopt;
  return span;
}

/// `http://host/path` is `/path` (RFC 9112, 3.2.2); what is neither that nor begins with a slash is empty.
std::string_view origin_form(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    auto slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? std::string_view() : target.substr(slash);
  }
  return target.starts_with('/') ? target : std::string_view();
}

}  // namespace

bool Request::set_target(Span target) {
  target_ = target;
  auto text = origin_form(target.of(head_));
  if (text.empty()) return false;
  auto question = text.find('?');
  auto path = text.substr(0, question);
  path_ = {static_cast<std::uint32_t>(path.data() - head_.data()), static_cast<std::uint32_t>(path.size())};
  decoded_.clear();
  decoded_.reserve(text.size());
  segments_.clear();
  params_.clear();
  if (!decode_path(path)) return false;
  return question == std::string_view::npos || decode_query(text.substr(question + 1));
}

bool Request::decode_path(std::string_view path) {
  segments_.reserve(4);
  for (path.remove_prefix(1); !path.empty();) {
    auto slash = path.find('/');
    auto span = decoded_span(path.substr(0, slash), false, decoded_);
    if (!span || segments_.size() == limits::path_segments_max) return false;
    segments_.push_back(*span);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return true;
}

bool Request::decode_query(std::string_view query) {
  while (!query.empty()) {
    auto ampersand = query.find('&');
    auto part = query.substr(0, ampersand);
    if (!part.empty()) {
      auto equals = part.find('=');
      auto name = decoded_span(part.substr(0, equals), true, decoded_);
      auto raw = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
      auto value = decoded_span(raw, true, decoded_);
      if (!name || !value || params_.size() == limits::query_params_max) return false;
      params_.push_back({*name, *value});
    }
    if (ampersand == std::string_view::npos) break;
    query.remove_prefix(ampersand + 1);
  }
  return true;
}

std::pair<std::string_view, std::string_view> Request::param_at(std::size_t index) const {
  return {params_[index].first.of(decoded_), params_[index].second.of(decoded_)};
}

std::optional<std::string_view> Request::param(std::string_view name) const {
  for (const auto& [param_name, value] : params_) {
    if (param_name.of(decoded_) == name) return value.of(decoded_);
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [header_name, value] : headers_) {
    if (equal_ignoring_case(header_name.of(head_), name)) return value.of(head_);
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::last_header(std::string_view name) const {
  for (auto header = headers_.rbegin(); header != headers_.rend(); ++header) {
    if (equal_ignoring_case(header->first.of(head_), name)) return header->second.of(head_);
  }
  return std::nullopt;
}

std::size_t Request::header_count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(headers_.begin(), headers_.end(), [&](const auto& header) {
    return equal_ignoring_case(header.first.of(head_), name);
  }));
}

bool Request::header_has_token(std::string_view name, std::string_view token) const {
  for (const auto& [header_name, value] : headers_) {
    if (!equal_ignoring_case(header_name.of(head_), name)) continue;
    for (auto list = value.of(head_); !list.empty();) {
      auto comma = list.find(',');
      if (equal_ignoring_case(trim(list.substr(0, comma)), token)) return true;
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return false;
}

std::string_view Request::cookie(std::string_view name) const {
  for (const auto& [header_name, value] : headers_) {
    if (!equal_ignoring_case(header_name.of(head_), "cookie")) continue;
    for (auto list = value.of(head_); !list.empty();) {
      auto semicolon = list.find(';');
      auto pair = trim(list.substr(0, semicolon));
      if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
        return pair.substr(name.size() + 1);
      }
      if (semicolon == std::string_view::npos) break;
      list.remove_prefix(semicolon + 1);
    }
  }
  return {};
}

Request make_request(Method method, std::string_view target,
                     const std::vector<std::pair<std::string, std::string>>& headers, std::string body) {
  Request request;
  request.method = method;
  request.body = std::move(body);
  request.peer_address = "127.0.0.1";
  request.id = "test";
  std::string head(target);
  std::vector<std::pair<Span, Span>> spans;
  for (const auto& [name, value] : headers) {
    Span name_span{static_cast<std::uint32_t>(head.size()), static_cast<std::uint32_t>(name.size())};
    head += name;
    Span value_span{static_cast<std::uint32_t>(head.size()), static_cast<std::uint32_t>(value.size())};
    head += value;
    spans.push_back({name_span, value_span});
  }
  request.set_head(head);
  for (const auto& [name, value] : spans) request.add_header(name, value);
  INVARIANT(request.set_target({0, static_cast<std::uint32_t>(target.size())}));
  return request;
}

void Response::add_header(std::string_view name, std::string_view value) {
  INVARIANT(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  header_lines.reserve(header_lines.size() + name.size() + value.size() + 4);
  header_lines.append(name).append(": ").append(value).append("\r\n");
}

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Responder::Responder(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection)
    : mailbox_(std::move(mailbox)), connection_(connection) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  std::swap(mailbox_, other.mailbox_);
  std::swap(connection_, other.connection_);
  return *this;
}

void Responder::send(Response&& response) {
  INVARIANT(mailbox_ != nullptr);
  std::exchange(mailbox_, nullptr)->answer(connection_, std::move(response));
}

Responder::~Responder() {
  if (mailbox_)
    send(json_response(500, R"({"status":500,"code":"internal","title":"The server failed unexpectedly"})"));
}

}  // namespace interlock::http
