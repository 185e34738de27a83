// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <numeric>
#include <thread>

#include "http/server_sent_events.h"
#include "http/test_client.h"
#include "http/websocket.h"
#include "testing/eventually.h"

namespace interlock::http {
namespace {

/// Streams that echo, and that tests can send to.
struct Streams {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<Stream>> open;
  int closed = 0;

  std::shared_ptr<Stream> wait_open(std::size_t count = 1) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(20), [&] { return open.size() >= count; });
    return open.size() >= count ? open[count - 1] : nullptr;
  }
  bool wait_closed(int count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return closed >= count; });
  }
};

class Echo final : public StreamHandler {
 public:
  explicit Echo(Streams& streams) : streams_(streams) {}
  void on_open(std::shared_ptr<Stream> stream) override {
    stream_ = stream;
    std::lock_guard lock(streams_.mutex);
    streams_.open.push_back(std::move(stream));
    streams_.changed.notify_all();
  }
  void on_text(std::string_view text) override {
    if (text == "throw") throw std::runtime_error("as asked");
    stream_->send(websocket_text(text));
  }
  void on_close() override {
    std::lock_guard lock(streams_.mutex);
    ++streams_.closed;
    streams_.changed.notify_all();
  }

 private:
  Streams& streams_;
  std::shared_ptr<Stream> stream_;
};

/// /echo answers inline with method and body, /later from another thread, /hold when the test says so.
class TestHandler final : public Handler {
 public:
  ~TestHandler() override {
    for (auto& thread : threads_) thread.join();
  }
  void handle(Request&& request, Responder responder) override {
    auto path = request.path();
    if (path == "/throw") throw std::runtime_error("as asked");
    if (path == "/drop") return;
    if (path == "/big") {
      Response response;
      response.shared_body = std::make_shared<std::string>(32 * 1024 * 1024, 'x');
      return responder.send(std::move(response));
    }
    if (path == "/ws")
      return responder.send(websocket_accept(request, {{}, std::make_unique<Echo>(streams), 1'000, 300'000}));
    if (path == "/events") {
      return responder.send(server_sent_events_accept(request, {{}, std::make_unique<Echo>(streams), 1'000, 100'000}));
    }
    std::string body =
        std::string(method_name(request.method)) + " " + std::string(request.target()) + " " + request.body;
    if (path == "/later") {
      threads_.emplace_back(
          [body, responder = std::move(responder)]() mutable { responder.send(json_response(200, body)); });
      return;
    }
    if (path == "/hold") {
      std::lock_guard lock(mutex);
      held.push_back(std::move(responder));
      changed.notify_all();
      return;
    }
    responder.send(json_response(200, body));
  }
  void wait_held(std::size_t count) {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return held.size() >= count; }));
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Responder> held;
  Streams streams;

 private:
  std::vector<std::thread> threads_;
};

class ServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.port = 0;
    server_ = std::make_unique<Server>(options, handler_, system_clock(), system_random());
    server_->start();
  }
  TestClient client() { return TestClient(server_->port()); }
  static std::string get(const std::string& target, const std::string& fields = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  }
  static std::string post(const std::string& target, const std::string& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }
  static std::string handshake(const std::string& target = "/ws") {
    return get(target,
               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  }
  /// A client whose WebSocket is open.
  std::unique_ptr<TestClient> websocket(int receive_buffer_bytes = 0) {
    auto client = std::make_unique<TestClient>(server_->port(), receive_buffer_bytes);
    EXPECT_EQ(client->ask(handshake()).status, 101);
    return client;
  }

  TestHandler handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  auto c = client();
  for (int i = 0; i < 3; ++i) {
    auto answer = c.ask(post("/echo?n=" + std::to_string(i), "body"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /echo?n=" + std::to_string(i) + " body");
    EXPECT_EQ(answer.header("Connection"), "");
  }
  EXPECT_EQ(server_->stats().accepted_connections, 1);
}

TEST_F(ServerTest, EveryAnswerCarriesSecurityHeaders) {
  start();
  auto c = client();
  for (const auto& request : {get("/echo"), get("/throw"), std::string("GET / HTTP/1.1\r\n\r\n")}) {
    auto answer = c.ask(request);
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_NE(answer.header("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(answer.header("X-Request-Id").size(), 15u);
    EXPECT_EQ(answer.header("Date").substr(25), " GMT");
  }
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  auto c = client();
  c.send(get("/later?1") + post("/echo?2", "b") + get("/later?3") + get("/echo?4"));
  for (int i = 1; i <= 4; ++i) EXPECT_NE(c.answer().body.find("?" + std::to_string(i)), std::string::npos) << i;
}

TEST_F(ServerTest, TakesRequestsInAnyPieces) {
  start();
  auto c = client();
  auto bytes = post("/echo", "hello") +
               "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
               "v\r\n\r\n";
  for (char byte : bytes) c.send({&byte, 1});
  EXPECT_EQ(c.answer().body, "POST /echo hello");
  EXPECT_EQ(c.answer().body, "POST /echo abcde");
}

TEST_F(ServerTest, HeadHasTheLengthButNotTheBody) {
  start();
  auto c = client();
  c.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo"));
  EXPECT_EQ(c.answer(true).header("Content-Length"), "11");
  EXPECT_EQ(c.answer().body, "GET /echo ");
}

TEST_F(ServerTest, ClosesWhenAskedAndInHttp10) {
  start();
  auto c = client();
  EXPECT_EQ(c.ask(get("/echo", "Connection: close\r\n")).header("Connection"), "close");
  EXPECT_TRUE(c.closed());
  auto old = client();
  EXPECT_EQ(old.ask("GET /echo HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.closed());
  auto half_closed = client();
  half_closed.send(get("/later"));
  half_closed.shutdown_write();
  EXPECT_EQ(half_closed.answer().status, 200);
  EXPECT_TRUE(half_closed.closed());
}

TEST_F(ServerTest, AHandlerThatThrowsOrForgetsIsA500) {
  start();
  auto c = client();
  EXPECT_EQ(c.ask(get("/throw")).status, 500);
  EXPECT_EQ(c.ask(get("/drop")).status, 500);
  EXPECT_EQ(c.ask(get("/echo")).status, 200);
}

TEST_F(ServerTest, MalformedFramingIsA400AndTheEnd) {
  start();
  for (const char* fields :
       {"Content-Length: 2, 2\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n", "Host: b\r\n", "X-A: b\r\n c\r\n",
        "X : a\r\n", "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"}) {
    auto c = client();
    auto answer = c.ask(std::string("POST /echo HTTP/1.1\r\nHost: a\r\n") + fields + "\r\nab");
    EXPECT_EQ(answer.status, 400) << fields;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_NE(answer.body.find("\"code\":\"malformed_request\""), std::string::npos);
    EXPECT_TRUE(c.closed());
  }
  for (const std::string& bytes :
       {std::string("GET /echo HTTP/1.1\nHost: a\n\n"),
        std::string("GET /echo HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 38),
        std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12)}) {
    auto c = client();
    EXPECT_EQ(c.ask(bytes).status, 400);
    EXPECT_TRUE(c.closed());
  }
  EXPECT_EQ(client().ask(get("/echo")).status, 200);
}

TEST_F(ServerTest, BoundsTheNumberOfHeaderLinesAndOfQueryParameters) {
  start();
  const auto repeat = [](int count, const std::string& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  auto c = client();
  const std::string first = "GET /echo HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(c.ask(first + repeat(99, "Cookie: a=b\r\n") + "\r\n").status, 200);
  auto answer = c.ask(first + repeat(100, "Cookie: a=b\r\n") + "\r\n");
  EXPECT_EQ(answer.status, 431);
  EXPECT_THAT(answer.body, ::testing::HasSubstr("\"limit\":100"));
  EXPECT_TRUE(c.closed());
  auto query = client();
  EXPECT_EQ(query.ask(get("/echo?" + repeat(64, "a=b&"))).status, 200);
  answer = query.ask(get("/echo?" + repeat(65, "a=b&")));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, ::testing::HasSubstr("\"limit\":64"));
}

TEST_F(ServerTest, BoundsHeaderAndBody) {
  start();
  auto big_header = client();
  EXPECT_EQ(big_header.ask(get("/echo", "X-A: " + std::string(17 * 1024, 'x') + "\r\n")).status, 431);
  EXPECT_TRUE(big_header.closed());
  auto endless_line = client();
  EXPECT_EQ(endless_line.ask(std::string(20 * 1024, 'x')).status, 431);
  auto fits = client();
  EXPECT_EQ(fits.ask(post("/echo", std::string(1024 * 1024, 'x'))).status, 200);
  auto declared = client();
  EXPECT_EQ(declared.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n").status, 413);
  EXPECT_TRUE(declared.closed());
  auto sent = client();
  EXPECT_EQ(sent.ask(post("/echo", std::string(1024 * 1024 + 1, 'x'))).status, 413);
  auto chunked = client();
  std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  std::string bytes = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 17; ++i) bytes += chunk;
  auto answer = chunked.ask(bytes);
  EXPECT_EQ(answer.status, 413);
  EXPECT_NE(answer.body.find("\"limit\":1048576"), std::string::npos);
}

TEST_F(ServerTest, ContinuesAnExpectedBody) {
  start();
  auto c = client();
  c.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(c.answer().status, 100);
  EXPECT_EQ(c.ask("ab").body, "POST /echo ab");
}

TEST_F(ServerTest, SlowPeersAreClosedAndOthersServed) {
  ServerOptions options;
  options.header_time_max = options.body_stall_max = options.write_stall_max = milliseconds(300);
  options.idle_max = milliseconds(300);
  start(options);
  TestClient slow_reader(server_->port(), 4'096);
  slow_reader.send(get("/big"));
  auto slow_header = client();
  slow_header.send("GET /echo HTTP/1.1\r\nHos");
  auto slow_body = client();
  slow_body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
  auto silent = client();
  auto idle = client();
  EXPECT_EQ(idle.ask(get("/echo")).status, 200);

  EXPECT_EQ(slow_header.answer().status, 408);
  EXPECT_TRUE(slow_header.closed());
  EXPECT_EQ(slow_body.answer().status, 408);
  EXPECT_TRUE(slow_body.closed());
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(idle.closed());
  EXPECT_EQ(client().ask(get("/echo")).status, 200);
  EXPECT_TRUE(testing::eventually([&] { return server_->stats().open_connections == 0; }));
  EXPECT_LT(slow_reader.rest().size(), 32u * 1024 * 1024);
}

TEST_F(ServerTest, ADrippedBodyEndsThoughItMakesProgress) {
  ServerOptions options;
  options.body_stall_max = milliseconds(500);
  start(options);
  auto c = client();
  c.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  std::thread drip([&] {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    while (c.send("x")) never.wait_for(lock, std::chrono::milliseconds(50));
  });
  EXPECT_EQ(c.answer().status, 408);
  drip.join();
}

TEST_F(ServerTest, ConnectionsAreBounded) {
  ServerOptions options;
  options.connections_max = 2;
  start(options);
  auto first = client();
  EXPECT_EQ(first.ask(get("/echo")).status, 200);
  {
    auto second = client();
    EXPECT_EQ(second.ask(get("/echo")).status, 200);
    EXPECT_TRUE(client().closed());
  }
  EXPECT_TRUE(testing::eventually([&] { return server_->stats().open_connections <= 1; }));
  // The slot is given back a moment after the counter.
  for (int status = 0; status != 200;) status = client().ask(get("/echo")).status;
}

TEST_F(ServerTest, DrainAnswersWhatIsInProgressAndEndsTheRest) {
  ServerOptions options;
  options.threads = 2;
  start(options);
  auto idle = client();
  EXPECT_EQ(idle.ask(get("/echo")).status, 200);
  auto busy = client();
  busy.send(get("/hold"));
  auto stream = websocket();
  handler_.wait_held(1);
  handler_.streams.wait_open();
  EXPECT_FALSE(server_->drain(milliseconds(0)));
  EXPECT_TRUE(idle.closed());
  EXPECT_EQ(stream->frame().code(), 1001);
  handler_.held.front().send(json_response(200, "done"));
  auto answer = busy.answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(server_->drain(seconds(10)));
}

TEST_F(ServerTest, LateAnswersAndPayloadsAreHarmless) {
  start();
  {
    auto c = client();
    c.send(get("/hold"));
    handler_.wait_held(1);
  }
  auto stream_client = websocket();
  auto stream = handler_.streams.wait_open();
  stream_client.reset();
  EXPECT_TRUE(handler_.streams.wait_closed(1));
  EXPECT_FALSE(stream->send(websocket_text("late")));
  server_.reset();
  handler_.held.front().send(json_response(200, "late"));
  stream->close();
}

TEST_F(ServerTest, WebSocketEchoesAndSharesPayloads) {
  ServerOptions options;
  options.threads = 2;
  start(options);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(websocket());
  handler_.streams.wait_open(10);
  for (auto& c : clients) {
    c->send(client_frame(1, "hello") + client_frame(9, "p"));
    auto first = c->frame();
    auto second = c->frame();
    if (first.opcode != 1) std::swap(first, second);
    EXPECT_EQ(first.payload, "hello");
    EXPECT_EQ(second.opcode, 10);
    EXPECT_EQ(second.payload, "p");
  }
  for (int i = 0; i < 100; ++i) Stream::send_to_all(handler_.streams.open, websocket_text(std::to_string(i)));
  for (auto& c : clients) {
    for (int i = 0; i < 100; ++i) ASSERT_EQ(c->frame().payload, std::to_string(i));
    c->send(client_frame(8, std::string("\x03\xe8", 2)));
    EXPECT_EQ(c->frame().code(), 1000);
    EXPECT_TRUE(c->closed());
  }
  EXPECT_TRUE(handler_.streams.wait_closed(10));
}

TEST_F(ServerTest, TheLagOfTheFeedIsFromTheCommitUntilTheSocketHasIt) {
  start();
  auto reader = websocket();
  handler_.streams.wait_open(1);
  const auto& stream = handler_.streams.open.front();
  const auto now = system_clock().monotonic();
  stream->send(websocket_text("old news"));
  stream->send(websocket_text("of a second ago"), now - seconds(1));
  stream->send(websocket_text("of six"), now - seconds(6));
  stream->send(websocket_text("the clock of the commit was ahead"), now + hours(1));
  for (int i = 0; i < 4; ++i) reader->frame();
  reader->send(client_frame(9, "behind what was counted"));
  reader->frame();
  const auto lag = server_->stats().feed_lag;
  EXPECT_EQ(lag.by_time.back(), 1);
  EXPECT_EQ(lag.by_time.front(), 1);
  EXPECT_EQ(std::accumulate(lag.by_time.begin(), lag.by_time.end(), std::int64_t{0}), 3);
  EXPECT_GE(lag.sum_us, seconds(7).us);
}

TEST_F(ServerTest, FramesRightBehindTheHandshakeAreNotLost) {
  start();
  auto c = client();
  c.send(handshake() + client_frame(1, "early"));
  EXPECT_EQ(c.answer().status, 101);
  EXPECT_EQ(c.frame().payload, "early");
}

TEST_F(ServerTest, WebSocketFaultsEndWithTheirCode) {
  start();
  const std::pair<std::string, int> faults[] = {{std::string("\x81\x01x", 3), 1002},
                                                {client_frame(1, std::string(1'001, 'x')), 1009},
                                                {client_frame(1, "\xff"), 1007},
                                                {client_frame(2, "x"), 1003},
                                                {client_frame(1, "throw"), 1011}};
  int ended = 0;
  for (const auto& [bytes, code] : faults) {
    auto c = websocket();
    c->send(bytes);
    EXPECT_EQ(c->frame().code(), code);
    EXPECT_TRUE(c->closed());
    EXPECT_TRUE(handler_.streams.wait_closed(++ended));
  }
}

TEST_F(ServerTest, EndlessFragmentsAreCapped) {
  start();
  auto c = websocket();
  c->send(client_frame(1, "", false));
  for (int i = 0; i < 1'000; ++i) {
    if (!c->send(client_frame(0, "", false))) break;
  }
  EXPECT_EQ(c->frame().code(), 1008);
}

TEST_F(ServerTest, NoPongMeansGone) {
  ServerOptions options;
  options.ping_interval = milliseconds(300);
  start(options);
  auto c = websocket();
  auto alive = websocket();
  EXPECT_EQ(c->frame().opcode, 9);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(alive->frame().opcode, 9);
    alive->send(client_frame(10, ""));
  }
  EXPECT_EQ(c->frame().opcode, -1);
  EXPECT_EQ(server_->stats().open_streams, 1);
}

TEST_F(ServerTest, ASubscriberThatNeverReadsIsCutOff) {
  start();
  auto c = websocket(4'096);
  auto stream = handler_.streams.wait_open();
  auto payload = websocket_text(std::string(100'000, 'x'));
  bool sent = true;
  for (int i = 0; i < 1'000 && sent; ++i) {
    sent = stream->send(payload);
    // Lets the thread write what the kernel takes, until its buffers are full as well.
    for (int j = 0; j < 1'000 && sent && stream->queued_bytes() > 200'000; ++j) std::this_thread::yield();
  }
  EXPECT_FALSE(sent);
  EXPECT_TRUE(handler_.streams.wait_closed(1));
}

TEST_F(ServerTest, ServerSentEventsAreChunks) {
  start();
  auto c = client();
  auto answer = c.ask(get("/events"));
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
  auto stream = handler_.streams.wait_open();
  stream->send(server_sent_event(7, "change", "{}\nx"));
  stream->close();
  EXPECT_EQ(c.rest(), "26\r\nid: 7\nevent: change\ndata: {}\ndata: x\n\n\r\n0\r\n\r\n");
}

TEST_F(ServerTest, RefusesAnAddressInUse) {
  start();
  ServerOptions options;
  options.port = server_->port();
  Server second(options, handler_, system_clock(), system_random());
  EXPECT_THROW(second.start(), std::runtime_error);
}

TEST_F(ServerTest, ServesTls) {
  auto folder = std::filesystem::path(::testing::TempDir()) / ("tls" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  auto certificate = (folder / "cert.pem").string();
  auto key = (folder / "key.pem").string();
  auto make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout " + key + " -out " +
              certificate + " 2>/dev/null";
  ASSERT_EQ(std::system(make.c_str()), 0);
  ServerOptions options;
  options.tls_certificate_path = certificate;
  options.tls_key_path = key;
  start(options);
  auto fetch =
      "printf 'GET /big HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | timeout 20 openssl s_client -quiet "
      "-connect 127.0.0.1:" +
      std::to_string(server_->port()) + " 2>/dev/null | wc -c > " + (folder / "size").string();
  ASSERT_EQ(std::system(fetch.c_str()), 0);
  std::ifstream file(folder / "size");
  std::size_t size = 0;
  file >> size;
  EXPECT_GT(size, 32u * 1024 * 1024);
  EXPECT_EQ(client().ask(get("/echo")).status, 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace interlock::http
