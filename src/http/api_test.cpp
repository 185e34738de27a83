// SPDX-License-Identifier: Apache-2.0
// The contract over HTTP, on a real engine with real files.
#include "http/api.h"

#include <gtest/gtest.h>

#include "domains/platform/account_functions.h"
#include "domains/platform/account_records.h"
#include "engine/fixture_for_test.h"
#include "http/test_client.h"
#include "testing/eventually.h"

namespace interlock::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

class ApiTest : public engine::EngineTest {
 protected:
  ApiTest() {
    ApiOptions options;
    options.set_up_token = "set-up-token";
    options.version = "1.2.3";
    api_ = std::make_unique<Api>(*engine, accounts_, clock, system_random(), options);
    ServerOptions server_options;
    server_options.port = 0;
    server_ = std::make_unique<Server>(server_options, *api_, system_clock(), system_random());
    api_->set_transport_stats([this] { return server_->stats(); });
    server_->start();
  }
  ~ApiTest() override {
    server_.reset();
    api_.reset();
  }

  static std::string request(const std::string& method, const std::string& path, const Headers& headers = {},
                             const std::string& body = {}) {
    auto text = method + " " + path + " HTTP/1.1\r\nHost: app.test\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    if (!body.empty()) text += "Content-Type: application/json\r\n";
    return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  /// One call over a connection of its own; with the owner's token if there is one.
  TestAnswer call(const std::string& method, const std::string& path, const std::string& body = {},
                  Headers headers = {}) {
    TestClient client(server_->port());
    if (!token_.empty()) headers.emplace_back("Authorization", "Bearer " + token_);
    return client.ask(request(method, path, headers, body));
  }
  TestAnswer post(const std::string& path, const std::string& body, const std::string& key = new_key()) {
    return call("POST", path, body, {{"Idempotency-Key", key}});
  }
  static std::string member(const TestAnswer& answer, std::string_view name) {
    auto json = parse_json(answer.body.empty() ? "{}" : answer.body);
    const auto* value = json.find(name);
    if (!value) return "(no " + std::string(name) + " in " + answer.body + ")";
    return value->if_text() ? *value->if_text() : json_text(*value);
  }
  TestAnswer log_in_as_owner() {
    return call("POST", "/api/sessions", R"({"email":"Owner@App.test","password":"a good password"})");
  }
  /// Makes the first tenant over HTTP and logs its owner in.
  void set_up() {
    auto made = call("POST", "/api/set-up",
                     R"({"token":"set-up-token","slug":"app","tenant_name":"App","email":"owner@app.test",)"
                     R"("name":"Olga","password":"a good password"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto answer = log_in_as_owner();
    ASSERT_EQ(answer.status, 201) << answer.body;
    token_ = member(answer, "token");
    log_in_ = answer;
  }
  /// A session's use is noted after the answer.
  void wait_until_touched() {
    ASSERT_TRUE(testing::eventually([this] {
      const auto view = engine->read(store::platform_tenant(), engine::system_caller());
      for (const auto& session : view->reader().all<domains::Session>({}))
        if (clock.now() - session.last_seen_at < limits::session_touch_interval) return true;
      return false;
    }));
  }
  std::string new_customer(const std::string& name = "Clara") {
    auto answer = post("/api/customers", R"({"name":")" + name + R"("})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return member(answer, "id");
  }
  static void expect_problem(const TestAnswer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(member(answer, "code"), code) << answer.body;
  }
  std::string handshake(const Headers& more) {
    Headers headers = {{"Upgrade", "websocket"},
                       {"Connection", "Upgrade"},
                       {"Sec-WebSocket-Version", "13"},
                       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    headers.insert(headers.end(), more.begin(), more.end());
    return request("GET", "/api/feed", headers);
  }

  const Accounts accounts_ = domains::make_accounts();
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::string token_;
  TestAnswer log_in_;
};

TEST_F(ApiTest, ACustomersLife) {
  set_up();
  auto created = post("/api/customers", R"({"name":"Clara","email":"clara@a.test"})");
  ASSERT_EQ(created.status, 201) << created.body;
  auto id = member(created, "id");
  EXPECT_EQ(member(created, "version"), "1");
  EXPECT_FALSE(created.header("Interlock-Seq").empty());

  auto updated = call("PATCH", "/api/customers/" + id, R"({"address":"1 Long Street"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(updated.status, 200) << updated.body;
  EXPECT_EQ(member(updated, "version"), "2");
  auto put = call("PUT", "/api/customers/" + id, R"({"address":"2 Long Street","version":2})");
  EXPECT_EQ(member(put, "version"), "3");

  auto got = call("GET", "/api/customers/" + id, {}, {{"Interlock-Min-Seq", put.header("Interlock-Seq")}});
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(got.body, put.body);
  auto listed = call("GET", "/api/customers?status=new&q=clar&sort=-updated_at&limit=10");
  EXPECT_EQ(listed.status, 200) << listed.body;
  EXPECT_NE(listed.body.find(id), std::string::npos);
  auto history = call("GET", "/api/customers/" + id + "/history");
  EXPECT_NE(history.body.find(R"("changes":{"address":{"from":"1 Long Street","to":"2 Long Street"}})"),
            std::string::npos)
      << history.body;
  auto moved = post("/api/customers/set-status", R"({"id":")" + id + R"(","status":"contacted"})");
  EXPECT_EQ(member(moved, "status"), "contacted") << moved.body;

  auto deleted = call("DELETE", "/api/customers/" + id, {}, {{"If-Match", "*"}});
  EXPECT_EQ(deleted.status, 200) << deleted.body;
  EXPECT_EQ(member(deleted, "version"), "5");
  expect_problem(call("GET", "/api/customers/" + id), 404, "not_found");
  EXPECT_EQ(post("/api/customers/restore", R"({"id":")" + id + R"("})").status, 200);
}

TEST_F(ApiTest, ErrorsComeInTheirOrder) {
  set_up();
  auto id = new_customer();
  auto path = "/api/customers/" + id;
  auto token = std::exchange(token_, "");
  expect_problem(call("POST", "/api/customers", "{"), 401, "unauthenticated");
  token_ = "unknown";
  expect_problem(call("GET", path), 401, "unauthenticated");
  token_ = token;
  expect_problem(post("/api/customers", "{"), 400, "malformed_json");
  expect_problem(post("/api/customers", R"({"name":"a","name":"b"})"), 400, "malformed_json");
  expect_problem(call("POST", "/api/customers", R"({"nosuch":1})"), 400, "key_missing");
  expect_problem(post("/api/customers", "{}", ""), 400, "key_invalid");
  expect_problem(post("/api/customers", "{}", std::string(256, 'k')), 400, "key_invalid");
  expect_problem(call("POST", "/api/customers", "{}", {{"Idempotency-Key", "a"}, {"X-Idempotency-Key", "b"}}), 400,
                 "key_invalid");
  expect_problem(call("PATCH", "/api/customers/customer_nonsense", R"({"nosuch":1})"), 404, "not_found");
  expect_problem(call("GET", "/api/customers/customer_nonsense"), 404, "not_found");
  expect_problem(call("GET", "/api/nosuch"), 404, "not_found");
  expect_problem(call("GET", "/nosuch"), 404, "not_found");
  expect_problem(post("/api/customers/no-such-operation", "{}"), 404, "not_found");
  expect_problem(call("PATCH", path, R"({"nosuch":1})"), 428, "precondition_required");
  expect_problem(call("PATCH", path, R"({"nosuch":1,"version":1})"), 422, "unknown_field");
  expect_problem(call("PATCH", path, R"({"name":"b","version":2})", {{"If-Match", "1"}}), 400, "precondition_invalid");
  expect_problem(call("PATCH", path, R"({"name":"b"})", {{"If-Match", "one"}}), 400, "precondition_invalid");
  expect_problem(post("/api/customers", "{}"), 422, "required");
  expect_problem(call("GET", "/api/customers?limit=1001"), 422, "out_of_range");
  expect_problem(call("GET", "/api/customers?nosuch=1"), 422, "unknown_field");
  TestClient client(server_->port());
  auto form = client.ask("POST /api/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token_ +
                         "\r\nIdempotency-Key: k\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
  expect_problem(form, 415, "media_type");
  auto wrong_method = call("PATCH", "/api/customers");
  expect_problem(wrong_method, 405, "method_not_allowed");
  EXPECT_EQ(wrong_method.header("Allow"), "GET, POST");
}

TEST_F(ApiTest, AStaleChangeIsMergedOrRefused) {
  set_up();
  auto path = "/api/customers/" + new_customer();
  EXPECT_EQ(call("PATCH", path, R"({"address":"a","version":1})").status, 200);
  auto merged = call("PATCH", path, R"({"phone":"555","version":1})");
  EXPECT_EQ(member(merged, "merged"), "true") << merged.body;
  auto stale = call("PATCH", path, R"({"address":"b","version":1})");
  expect_problem(stale, 409, "stale_version");
  EXPECT_EQ(member(stale, "clashing_fields"), R"(["address"])");
}

TEST_F(ApiTest, AReplayAnswersTheSameBytes) {
  set_up();
  auto key = new_key();
  auto first = post("/api/customers", R"({"name":"Clara"})", key);
  auto second = post("/api/customers", R"({ "name" : "Clara" })", "\"" + key + "\"");
  EXPECT_EQ(first.header("Idempotency-Replayed"), "");
  EXPECT_EQ(second.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  expect_problem(post("/api/customers", R"({"name":"Dora"})", key), 422, "key_reused");
}

TEST_F(ApiTest, BatchesAreAtomicOrEachForItself) {
  set_up();
  auto atomic = post("/api/batch", R"({"mode":"atomic","operations":[)"
                                   R"({"operation":"customers/create","request":{"name":"Clara"},"as":"c"},)"
                                   R"({"operation":"comments/create","request":{"subject":"$c.id","text":"hello"}}]})");
  ASSERT_EQ(atomic.status, 200) << atomic.body;
  auto results = parse_json(atomic.body);
  EXPECT_EQ(results.find("results")->if_array()->size(), 2u);
  auto each = call("POST", "/api/batch",
                   R"({"mode":"each","operations":[{"operation":"customers/create","request":{"name":"A"},"key":"k1"},)"
                   R"({"operation":"customers/create","request":{},"key":"k2"}]})");
  EXPECT_EQ(each.status, 200) << each.body;
  EXPECT_NE(each.body.find("\"status\":201"), std::string::npos);
  EXPECT_NE(each.body.find("\"status\":422"), std::string::npos);
  expect_problem(post("/api/batch", R"({"mode":"some","operations":[]})"), 422, "batch_mode");
  expect_problem(post("/api/batch", R"({"mode":"each","operations":[{"operation":"customers/create"}]})"), 400,
                 "key_invalid");
}

TEST_F(ApiTest, TheFeedShowsWhatIsCommittedAndResumes) {
  set_up();
  auto before = call("GET", "/api/customers");
  TestClient client(server_->port());
  ASSERT_EQ(client.ask(handshake({{"Authorization", "Bearer " + token_}})).status, 101);
  client.send(
      client_frame(1, R"({"type":"subscribe","collections":["customers"],"since":)" + member(before, "seq") + "}"));
  auto beat = client.frame();
  EXPECT_NE(beat.payload.find("heartbeat"), std::string::npos) << beat.payload;
  auto id = new_customer();
  auto change = client.frame();
  EXPECT_NE(change.payload.find(id), std::string::npos) << change.payload;
  client.send(client_frame(1, R"({"type":"subscribe","collections":["nosuch"]})"));
  EXPECT_NE(client.frame().payload.find(R"("type":"error")"), std::string::npos);
  client.send(client_frame(1, "{"));
  EXPECT_NE(client.frame().payload.find("malformed_json"), std::string::npos);

  TestClient events(server_->port());
  auto head = events.ask(request("GET", "/api/events?collections=customers,comments",
                                 {{"Authorization", "Bearer " + token_}, {"Last-Event-ID", member(before, "seq")}}));
  EXPECT_EQ(head.header("Content-Type"), "text/event-stream");
  while (events.buffer().find(id) == std::string::npos) ASSERT_TRUE(events.more());
  EXPECT_NE(events.buffer().find("id: "), std::string::npos);
  expect_problem(call("GET", "/api/events?collections=nosuch"), 404, "not_found");
}

TEST_F(ApiTest, PresenceReachesWhoAsked) {
  set_up();
  auto id = new_customer();
  TestClient client(server_->port());
  client.ask(handshake({{"Authorization", "Bearer " + token_}}));
  client.send(client_frame(1, R"({"type":"subscribe","collections":[],"presence":[")" + id + R"("]})"));
  EXPECT_NE(client.frame().payload.find(R"("users":[])"), std::string::npos) << "who is there already";
  EXPECT_NE(client.frame().payload.find("heartbeat"), std::string::npos);
  client.send(client_frame(1, R"({"type":"presence","subject":")" + id + R"(","state":"editing"})"));
  auto presence = client.frame();
  EXPECT_NE(presence.payload.find("editing"), std::string::npos) << presence.payload;
  EXPECT_EQ(call("POST", "/api/leases/take", R"({"subject":")" + id + R"("})").status, 200);
}

TEST_F(ApiTest, LogInTellsNobodyWhichAccountsExist) {
  set_up();
  auto token = std::exchange(token_, "");
  auto attempt = [&](const std::string& email, const std::string& password) {
    return call("POST", "/api/sessions", R"({"email":")" + email + R"(","password":")" + password + R"("})");
  };
  auto unknown = attempt("nobody@app.test", "a good password");
  auto wrong = attempt("owner@app.test", "a wrong password");
  expect_problem(wrong, 401, "login_failed");
  EXPECT_EQ(unknown.body, wrong.body);
  for (int i = 1; i < limits::login_failures_per_account_max; ++i) attempt("Owner@app.test", "a wrong password");
  expect_problem(attempt("owner@app.test", "a good password"), 429, "too_many");
  expect_problem(call("POST", "/api/sessions", R"({"email":"a","password":"b","role":"owner"})"), 422, "unknown_field");
}

TEST_F(ApiTest, ManyLogInsAtOnceAreAllAnswered) {
  set_up();
  std::vector<std::thread> threads;
  std::atomic<int> succeeded = 0;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      TestClient client(server_->port());
      auto answer = client.ask(
          request("POST", "/api/sessions", {}, R"({"email":"owner@app.test","password":"a good password"})"));
      succeeded += answer.status == 201;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 20);
}

TEST_F(ApiTest, CookiesServeOurOwnPagesOnly) {
  set_up();
  auto cookie_header = log_in_.header("Set-Cookie");
  EXPECT_NE(cookie_header.find("HttpOnly"), std::string::npos);
  auto token = std::exchange(token_, "");
  Headers cookie = {{"Cookie", "interlock_session=" + token}};
  auto with = [&](const std::string& name, const std::string& value) {
    Headers headers = cookie;
    headers.emplace_back(name, value);
    headers.emplace_back("Idempotency-Key", new_key());
    return headers;
  };
  auto body = R"({"name":"Clara"})";
  EXPECT_EQ(call("GET", "/api/sessions/current", {}, cookie).status, 200);
  EXPECT_EQ(call("POST", "/api/customers", body, with("Origin", "http://app.test")).status, 201);
  expect_problem(call("POST", "/api/customers", body, with("Origin", "http://evil.test")), 403, "cross_site");
  expect_problem(call("POST", "/api/customers", body, with("Sec-Fetch-Site", "cross-site")), 403, "cross_site");
  TestClient foreign(server_->port());
  EXPECT_EQ(foreign.ask(handshake(with("Origin", "http://evil.test"))).status, 403);
  TestClient own(server_->port());
  EXPECT_EQ(own.ask(handshake(with("Origin", "http://app.test"))).status, 101);

  EXPECT_EQ(call("DELETE", "/api/sessions/current", {}, with("Origin", "http://app.test")).status, 200);
  EXPECT_EQ(own.frame().code(), 1008);
  expect_problem(call("GET", "/api/customers", {}, cookie), 401, "unauthenticated");
}

TEST_F(ApiTest, TokensActForTheirOwnerUntilRevoked) {
  set_up();
  auto made = post("/api/api-tokens/create", R"({"name":"robot","permissions":["customers.*"]})");
  ASSERT_EQ(made.status, 201) << made.body;
  auto session = std::exchange(token_, member(made, "token"));
  EXPECT_EQ(post("/api/customers", R"({"name":"Clara"})").status, 201);
  expect_problem(post("/api/users/invite", R"({"email":"a@b.test","role":"staff"})"), 403, "forbidden");
  std::swap(session, token_);
  EXPECT_EQ(post("/api/api-tokens/revoke", R"({"id":")" + member(made, "id") + R"("})").status, 200);
  std::swap(session, token_);
  expect_problem(post("/api/customers", R"({"name":"Dora"})"), 401, "unauthenticated");
}

TEST_F(ApiTest, ASessionEndsWhenItWasIdleTooLong) {
  set_up();
  clock.advance(limits::session_idle_max - minutes(1));
  EXPECT_EQ(call("GET", "/api/sessions/current").status, 200);
  wait_until_touched();
  clock.advance(limits::session_idle_max - minutes(1));
  EXPECT_EQ(call("GET", "/api/sessions/current").status, 200);
  wait_until_touched();
  clock.advance(limits::session_idle_max);
  expect_problem(call("GET", "/api/customers"), 401, "unauthenticated");
  expect_problem(post("/api/customers", R"({"name":"too late"})"), 401, "unauthenticated");
  EXPECT_EQ(log_in_as_owner().status, 201);
}

TEST_F(ApiTest, ASessionHasAFinalEndHoweverBusyItIs) {
  set_up();
  const auto step = days(5);
  for (auto life = step; life < limits::session_life_max; life = life + step) {
    clock.advance(step);
    ASSERT_EQ(call("GET", "/api/sessions/current").status, 200) << life.us;
    wait_until_touched();
  }
  clock.advance(step);
  expect_problem(call("GET", "/api/customers"), 401, "unauthenticated");
}

TEST_F(ApiTest, AChangedPasswordEndsOtherSessions) {
  set_up();
  auto other = member(log_in_as_owner(), "token");
  auto changed =
      call("POST", "/api/passwords/change", R"({"password":"a good password","new_password":"a better password"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(call("GET", "/api/sessions/current").status, 200);
  token_ = other;
  expect_problem(call("GET", "/api/sessions/current"), 401, "unauthenticated");
  token_.clear();
  expect_problem(log_in_as_owner(), 401, "login_failed");
}

TEST_F(ApiTest, TheServerTellsAboutItself) {
  set_up();
  EXPECT_EQ(call("GET", "/healthz").status, 200);
  EXPECT_EQ(call("GET", "/readyz").status, 200);
  auto metrics = call("GET", "/metrics");
  EXPECT_NE(metrics.body.find("\ninterlock_operations_total "), std::string::npos);
  EXPECT_NE(metrics.body.find("\ninterlock_http_requests_total{status=\"2xx\"} "), std::string::npos);
  for (const auto* name : {"X-Forwarded-For", "Forwarded"})
    expect_problem(call("GET", "/metrics", {}, {{name, "127.0.0.1"}}), 403, "forbidden");
  auto description = parse_json(call("GET", "/api/openapi.json").body);
  EXPECT_EQ(*description.find("openapi")->if_text(), "3.1.0");
  EXPECT_NE(description.find("paths")->find("/api/customers/set-status"), nullptr);
  EXPECT_EQ(description.find("paths")->find("/api/sessions/create"), nullptr);
  api_->set_ready(false);
  expect_problem(call("GET", "/readyz"), 503, "draining");
  expect_problem(
      call("POST", "/api/set-up",
           R"({"token":"set-up-token","slug":"b","tenant_name":"B","email":"b@b.test","password":"a good password"})"),
      409, "already_set_up");
}

}  // namespace
}  // namespace interlock::http
