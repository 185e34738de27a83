// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "http/test_client.h"
#include "http/text.h"

namespace interlock::http {

std::string client_frame(std::uint8_t opcode, std::string_view payload, bool final) {
  std::string out;
  out.push_back(static_cast<char>((final ? 0x80 : 0) | opcode));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(0x80 | payload.size()));
  } else {
    int bytes = payload.size() <= 0xffff ? 2 : 8;
    out.push_back(static_cast<char>(0x80 | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(payload.size() >> (8 * i)));
  }
  const char mask[4] = {0x12, 0x34, 0x56, 0x78};
  out.append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i) out.push_back(static_cast<char>(payload[i] ^ mask[i & 3]));
  return out;
}

std::string TestAnswer::header(std::string_view name) const {
  for (std::string_view rest = head; !rest.empty();) {
    auto line = rest.substr(0, rest.find("\r\n"));
    auto colon = line.find(':');
    if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name)) {
      return std::string(trim(line.substr(colon + 1)));
    }
    if (line.size() + 2 >= rest.size()) break;
    rest.remove_prefix(line.size() + 2);
  }
  return {};
}

int TestFrame::code() const {
  return payload.size() < 2 ? 0 : static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
}

TestClient::TestClient(std::uint16_t port, int receive_buffer_bytes)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer_bytes)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  timeval limit{20, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("connect");
}

TestClient::~TestClient() { ::close(fd_); }

bool TestClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TestClient::more() {
  char room[16 * 1024];
  auto got = ::recv(fd_, room, sizeof room, 0);
  if (got < 0 && errno == EAGAIN) throw std::runtime_error("nothing came within the bound");
  if (got <= 0) return false;
  buffer_.append(room, static_cast<std::size_t>(got));
  return true;
}

TestAnswer TestClient::answer(bool head_request) {
  TestAnswer answer;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return answer;
  }
  answer.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  answer.status = std::atoi(answer.head.c_str() + 9);
  auto length = static_cast<std::size_t>(std::atoll(answer.header("Content-Length").c_str()));
  if (head_request) length = 0;
  while (buffer_.size() < length) {
    if (!more()) return {};
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

TestFrame TestClient::frame() {
  auto need = [this](std::size_t size) {
    while (buffer_.size() < size) {
      if (!more()) return false;
    }
    return true;
  };
  TestFrame frame;
  if (!need(2)) return frame;
  std::size_t length = static_cast<unsigned char>(buffer_[1]) & 0x7f;
  std::size_t head = length == 126 ? 4 : length == 127 ? 10 : 2;
  if (!need(head)) return frame;
  if (head > 2) {
    length = 0;
    for (std::size_t i = 2; i < head; ++i) length = length << 8 | static_cast<unsigned char>(buffer_[i]);
  }
  if (!need(head + length)) return frame;
  frame.opcode = buffer_[0] & 0x0f;
  frame.payload = buffer_.substr(head, length);
  buffer_.erase(0, head + length);
  return frame;
}

std::string TestClient::rest() {
  while (more()) {
  }
  return std::exchange(buffer_, {});
}

void TestClient::shutdown_write() { ::shutdown(fd_, SHUT_WR); }

}  // namespace interlock::http
