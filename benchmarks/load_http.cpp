// SPDX-License-Identifier: Apache-2.0
#include "load_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <stdexcept>

namespace interlock::bench {
namespace {

constexpr std::size_t page_records = 1'000;

/// The value of a header in a head that ends with its blank line, or empty.
std::string_view header(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();
       at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    auto value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
  }
  return {};
}

/// A blocking connection, for what happens before the clock starts.
class SetupConnection {
 public:
  explicit SetupConnection(const Address& address) : fd_(connect_to(address)), host_(address.host) {}
  ~SetupConnection() { ::close(fd_); }
  SetupConnection(const SetupConnection&) = delete;
  SetupConnection& operator=(const SetupConnection&) = delete;

  struct Result {
    int status = 0;
    std::string body;
  };

  Result call(const std::string& method, const std::string& path, const std::string& authorization,
              const std::string& body) {
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + authorization;
    if (!body.empty()) request += "Content-Type: application/json\r\n";
    if (method != "GET") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send_all(request + "\r\n" + body);
    while (true) {
      if (const auto answer = parse_answer(in_)) {
        Result result{answer->status, std::string(answer->body)};
        in_.erase(0, answer->size);
        return result;
      }
      char buffer[65536];
      const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
      if (size <= 0) throw std::runtime_error(method + " " + path + ": the server closed the connection");
      in_.append(buffer, static_cast<std::size_t>(size));
    }
  }

 private:
  void send_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) throw std::runtime_error("send: " + std::string(std::strerror(errno)));
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }

  int fd_;
  std::string host_;
  std::string in_;
};

std::string log_in(SetupConnection& connection, const Login& login) {
  std::string body = R"({"email":")" + login.email + R"(","password":")" + login.password + "\"";
  if (!login.tenant.empty()) body += R"(,"tenant":")" + login.tenant + "\"";
  const auto result = connection.call("POST", "/api/sessions", "", body + "}");
  const auto token = text_member(result.body, "token");
  if (result.status != 201 || token.empty()) {
    throw std::runtime_error("log-in of " + login.email + ": " + std::to_string(result.status) + " " + result.body);
  }
  return "Authorization: Bearer " + std::string(token) + "\r\n";
}

std::vector<std::string> numbered_ids(std::int64_t count) {
  std::vector<std::string> ids;
  for (std::int64_t i = 0; i < count; ++i) ids.push_back(std::to_string(i));
  return ids;
}

/// The ids of a collection, page by page. An id of an item is told from ids inside it by its type's prefix.
std::vector<std::string> list_ids(SetupConnection& connection, const Options& options,
                                  const std::string& authorization) {
  std::vector<std::string> ids;
  std::string cursor;
  const auto wanted = static_cast<std::size_t>(options.records_max);
  do {
    const auto path =
        "/api/customers?limit=" + std::to_string(page_records) + (cursor.empty() ? "" : "&cursor=" + cursor);
    const auto page = connection.call("GET", path, authorization, "");
    if (page.status != 200) throw std::runtime_error("list: " + std::to_string(page.status) + " " + page.body);
    constexpr std::string_view marker = R"("id":"customer_)";
    for (auto at = page.body.find(marker); at != std::string::npos; at = page.body.find(marker, at + 1)) {
      ids.emplace_back(text_member(std::string_view(page.body).substr(at), "id"));
    }
    cursor = text_member(page.body, "next_cursor");
  } while (!cursor.empty() && ids.size() < wanted);
  if (ids.empty()) throw std::runtime_error("the tenant has no customers");
  if (ids.size() > wanted) ids.resize(wanted);
  return ids;
}

}  // namespace

std::optional<Answer> parse_answer(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto head = bytes.substr(0, end + 2);
  Answer answer;
  if (head.size() < 12 || !head.starts_with("HTTP/1.")) throw std::runtime_error("not an HTTP answer");
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  std::size_t length = 0;
  const auto value = header(head, "content-length");
  if (!value.empty()) {
    std::from_chars(value.data(), value.data() + value.size(), length);
  } else if (answer.status != 101 && answer.status != 204) {
    throw std::runtime_error("an answer without Content-Length");
  }
  answer.size = end + 4 + length;
  if (bytes.size() < answer.size) return std::nullopt;
  answer.body = bytes.substr(end + 4, length);
  return answer;
}

int connect_to(const Address& address) {
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(address.port);
  if (::inet_pton(AF_INET, address.host.c_str(), &peer.sin_addr) != 1) {
    throw std::runtime_error("not an IPv4 address: " + address.host);
  }
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    const std::string reason = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    throw std::runtime_error("connect to " + address.host + ":" + std::to_string(address.port) + ": " + reason);
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

std::vector<Caller> prepare_callers(const Options& options) {
  const bool wants_ids = options.path.find("{id}") != std::string::npos;
  if (options.logins.empty()) {
    Caller caller;
    caller.ids = std::make_shared<const std::vector<std::string>>(numbered_ids(options.numbered_ids));
    if (wants_ids && caller.ids->empty()) throw std::runtime_error("--numbered-ids or --login is needed for {id}");
    return {caller};
  }
  SetupConnection connection(options.addresses.front());
  std::map<std::string, std::shared_ptr<const std::vector<std::string>>> ids_of_tenant;
  std::vector<Caller> callers;
  for (const auto& login : options.logins) {
    Caller caller{log_in(connection, login), nullptr};
    auto& ids = ids_of_tenant[login.tenant];
    if (!ids) {
      ids = std::make_shared<const std::vector<std::string>>(
          wants_ids ? list_ids(connection, options, caller.authorization) : std::vector<std::string>{});
    }
    caller.ids = ids;
    callers.push_back(std::move(caller));
  }
  return callers;
}

std::string_view text_member(std::string_view json, std::string_view name) {
  const auto marker = "\"" + std::string(name) + "\":\"";
  const auto at = json.find(marker);
  if (at == std::string_view::npos) return {};
  const auto begin = at + marker.size();
  return json.substr(begin, json.find('"', begin) - begin);
}

std::optional<std::int64_t> number_member(std::string_view json, std::string_view name) {
  const auto marker = "\"" + std::string(name) + "\":";
  const auto at = json.find(marker);
  if (at == std::string_view::npos) return std::nullopt;
  std::int64_t value = 0;
  const char* begin = json.data() + at + marker.size();
  const auto parsed = std::from_chars(begin, json.data() + json.size(), value);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace interlock::bench
