// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection: one request at a time (pipelined ones wait in the buffer, so answers keep their order), one
// read and one write system call per request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/channel.h"
#include "http/connection.h"
#include "http/request_parser.h"

namespace interlock::http {

class IoThread;
struct Outgoing;

class HttpConnection final : public Connection {
 public:
  HttpConnection(IoThread& io, std::uint64_t id, Channel channel, std::string peer_address);
  ~HttpConnection() override;

  void on_ready(Readiness ready) override;
  void on_tick(Duration now) override;
  void on_drain() override;
  void on_answer(Response&& response) override;
  void on_flush() override;

 private:
  enum class Phase {
    reading,    ///< waits for a request, or for the rest of one
    handling,   ///< the handler has it
    writing,    ///< an answer waits for the end of the round, or for the socket
    upgraded,   ///< the answer is out; the stream takes over
    lingering,  ///< answered and closing; what still comes is thrown away, so that the peer can read the answer
  };

  void advance();
  void read_more();
  void take(std::string_view bytes);
  std::size_t process(std::string_view input);
  std::size_t process_header(std::string_view input);
  std::size_t process_body(std::string_view input);
  void begin_request(std::string_view head);
  void dispatch();
  void hand_over();
  void begin_body(std::unique_ptr<BodySink> sink);
  void finish_body();
  void refuse(const RequestFault& fault);
  void answer(Response&& response);
  bool next_content(std::string_view& content);
  void flush();
  void after_write();
  void become_stream();
  void linger();
  void discard();
  void end() { finished_ = true; }

  IoThread& io_;
  const std::uint64_t id_;
  Channel channel_;
  const std::string peer_address_;
  Phase phase_ = Phase::reading;
  bool readable_ = false;
  bool peer_closed_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool http_1_0_ = false;
  bool fresh_input_ = false;             ///< pending_ has bytes that process() has not seen
  std::string pending_;                  ///< read but not used yet
  std::size_t scanned_ = 0;              ///< of pending_, by the search for the header's end
  std::optional<RequestParser> parser_;  ///< while a body is read, or is to be
  std::unique_ptr<BodySink> sink_;       ///< of a body that is taken piece by piece
  bool expects_continue_ = false;
  Request request_;
  std::string request_id_;
  std::unique_ptr<Outgoing> outgoing_;
  std::unique_ptr<StreamStart> stream_;
  Duration deadline_;      ///< of the phase; see on_tick
  Duration phase_begun_;   ///< of body or write
  std::size_t moved_ = 0;  ///< bytes of body or answer since then
};

}  // namespace interlock::http
