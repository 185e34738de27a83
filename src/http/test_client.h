// SPDX-License-Identifier: Apache-2.0
// A raw socket for tests: sends exactly the bytes it is given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interlock::http {

/// A masked frame as a client sends it.
std::string client_frame(std::uint8_t opcode, std::string_view payload, bool final = true);

struct TestAnswer {
  int status = 0;
  std::string head;
  std::string body;
  /// The value of a header, empty if absent.
  std::string header(std::string_view name) const;
};

struct TestFrame {
  int opcode = -1;  ///< -1: the connection ended
  std::string payload;
  /// Of a close frame.
  int code() const;
};

/// Blocking, with a bound of 20 s on every wait.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer_bytes = 0);
  ~TestClient();
  TestClient(const TestClient&) = delete;

  /// False once the server has closed.
  bool send(std::string_view bytes);
  /// The next answer with Content-Length; status 0 if the connection ended before.
  TestAnswer answer(bool head_request = false);
  TestAnswer ask(std::string_view request) { return send(request) ? answer() : TestAnswer{}; }
  /// The next frame of the server.
  TestFrame frame();
  /// All that comes until the server closes.
  std::string rest();
  /// Whether the server closes within the bound, with nothing more sent.
  bool closed() { return rest().empty(); }
  /// Reads more into the buffer; false at the end.
  bool more();
  /// What was read and not used.
  std::string& buffer() { return buffer_; }
  void shutdown_write();

 private:
  int fd_;
  std::string buffer_;
};

}  // namespace interlock::http
