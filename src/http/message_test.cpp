// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include <gtest/gtest.h>

#include "http/csrf.h"

namespace interlock::http {
namespace {

bool target_accepted(std::string_view target) {
  Request request;
  request.set_head(target);
  return request.set_target({0, static_cast<std::uint32_t>(target.size())});
}

TEST(Request, SplitsAndDecodesItsTarget) {
  auto request = make_request(Method::get, "/api/customers/a%2Fb%20c?q=caf%C3%A9+au&status=new&status=won&empty=&flag");
  ASSERT_EQ(request.segment_count(), 3u);
  EXPECT_EQ(request.segment(0), "api");
  EXPECT_EQ(request.segment(2), "a/b c");
  EXPECT_EQ(request.path(), "/api/customers/a%2Fb%20c");
  ASSERT_EQ(request.param_count(), 5u);
  EXPECT_EQ(request.param("q"), "caf\xc3\xa9 au");
  EXPECT_EQ(request.param_at(2).second, "won");
  EXPECT_EQ(request.param("empty"), "");
  EXPECT_EQ(request.param("flag"), "");
  EXPECT_EQ(request.param("absent"), std::nullopt);
}

TEST(Request, KeepsItsViewsWhenMoved) {
  auto request = make_request(Method::get, "/a?b=c", {{"X-Name", "value"}});
  Request moved = std::move(request);
  EXPECT_EQ(moved.segment(0), "a");
  EXPECT_EQ(moved.param("b"), "c");
  EXPECT_EQ(moved.header("x-name"), "value");
}

TEST(Request, TellsTheFirstAndTheLastOfEqualHeaders) {
  auto request = make_request(Method::get, "/", {{"X-Hop", "client"}, {"Host", "a"}, {"x-hop", "proxy"}});
  EXPECT_EQ(request.header("x-hop"), "client");
  EXPECT_EQ(request.last_header("X-Hop"), "proxy");
  EXPECT_EQ(request.last_header("absent"), std::nullopt);
}

TEST(Request, RefusesMalformedTargets) {
  for (auto target : {"a", "*", "/%", "/%4", "/%zz", "/%00", "/%ff", "/?a=%c3", "/?%00=a", "ftp://a/b", "http://a",
                      "/1/2/3/4/5/6/7/8/9"}) {
    EXPECT_FALSE(target_accepted(target)) << target;
  }
  EXPECT_TRUE(target_accepted("http://a.test/b"));
}

TEST(Request, FindsCookiesAndTokens) {
  auto request =
      make_request(Method::get, "/", {{"Cookie", "a=1; session=secret=x; b=2"}, {"Connection", "close, Upgrade"}});
  EXPECT_EQ(request.cookie("session"), "secret=x");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_EQ(request.cookie("sess"), "");
  EXPECT_TRUE(request.header_has_token("connection", "upgrade"));
  EXPECT_FALSE(request.header_has_token("connection", "up"));
}

struct Origin {
  Method method;
  std::vector<std::pair<std::string, std::string>> headers;
  bool forgery;
};

TEST(CrossSiteForgery, IsToldByTheBrowsersOwnHeaders) {
  const std::pair<std::string, std::string> host{"Host", "app.test:8080"};
  std::vector<Origin> cases = {
      {Method::post, {host, {"Origin", "http://app.test:8080"}, {"Sec-Fetch-Site", "same-origin"}}, false},
      {Method::post, {host, {"Origin", "http://app.test:8080"}}, false},
      {Method::post, {host}, false},
      {Method::get, {host, {"Sec-Fetch-Site", "cross-site"}}, false},
      {Method::post, {host, {"Sec-Fetch-Site", "cross-site"}}, true},
      {Method::post, {host, {"Sec-Fetch-Site", "same-site"}}, true},
      {Method::post, {host, {"Origin", "http://app.test"}}, true},
      {Method::post, {host, {"Origin", "http://evil.test"}}, true},
      {Method::delete_, {host, {"Origin", "null"}}, true},
      {Method::post, {host, {"Origin", "https://app.test:8080"}}, true},
      {Method::post, {{"Host", "app.test"}, {"Origin", "http://app.test:80"}}, false},
      {Method::post, {{"Host", "app.test"}, {"Origin", "http://app.test:443"}}, true},
      {Method::post, {{"Host", "app.test"}, {"Origin", "app.test"}}, true},
      {Method::post, {{"Host", ""}, {"Origin", "http://"}}, true},
      {Method::get, {host, {"Origin", "http://evil.test"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}}, true},
  };
  for (const auto& c : cases) EXPECT_EQ(is_cross_site_forgery(make_request(c.method, "/", c.headers)), c.forgery);
}

TEST(CrossSiteForgery, APageUnderHttpIsNotOursWhereWeServeHttps) {
  const std::string proxy = "10.0.0.1", anybody = "10.0.0.2";
  struct Row {
    const char* origin;
    bool tls;  ///< of the connection
    std::string peer;
    const char* forwarded;  ///< X-Forwarded-Proto
    const char* public_url;
    bool ours;
  };
  const Row rows[] = {
      {"https://app.test", true, anybody, "", "", true},
      {"http://app.test", true, anybody, "", "", false},
      {"https://app.test", false, anybody, "", "", false},
      {"https://app.test", false, proxy, "https", "", true},
      {"http://app.test", false, proxy, "https", "", false},
      {"http://app.test", false, proxy, "http", "", true},
      {"https://app.test", false, proxy, "http, https", "", true},
      {"https://app.test", false, proxy, "https, http", "", false},
      {"https://app.test", false, anybody, "https", "", false},
      {"http://app.test", false, anybody, "https", "", true},
      {"https://app.test", false, anybody, "", "https://app.test", true},
      {"http://app.test", false, anybody, "", "https://app.test", false},
      {"http://app.test", false, proxy, "", "https://app.test", false},
      {"https://desk.test", false, anybody, "", "https://desk.test", true},
      {"http://desk.test", false, anybody, "", "https://desk.test", false},
  };
  for (const auto& row : rows) {
    std::vector<std::pair<std::string, std::string>> headers = {{"Host", "app.test"}, {"Origin", row.origin}};
    if (*row.forwarded) headers.emplace_back("X-Forwarded-Proto", row.forwarded);
    auto request = make_request(Method::post, "/", headers);
    request.secure = row.tls;
    request.peer_address = row.peer;
    EXPECT_EQ(is_same_origin(request, {row.public_url, {proxy}}), row.ours)
        << row.origin << (row.tls ? " over TLS from " : " from ") << row.peer << " forwarded " << row.forwarded
        << " public " << row.public_url;
  }
}

}  // namespace
}  // namespace interlock::http
