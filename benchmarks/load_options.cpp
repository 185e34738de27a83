// SPDX-License-Identifier: Apache-2.0
#include "load_options.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>

namespace interlock::bench {
namespace {

constexpr const char* usage = R"(usage: interlock-load MODE --url HOST:PORT [options]
modes
  patch       PATCH with If-Match: * and a new key each        versioned  the same with the last version seen
  get         GET                                              create     POST of new customers
  feed        WebSocket subscribers
options
  --url HOST:PORT          repeatable: connections are dealt to them in turn
  --login [TENANT/]EMAIL:PASSWORD   repeatable: connections use the log-ins in turn; ids are listed per TENANT
  --path PATH              default /api/customers/{id}, for create /api/customers, for feed /api/feed
  --connections N          default 64
  --seconds S --warmup S   default 5 and 1
  --operations N           end after N measured answers
  --records N              use at most N records, default 10000; 1 is the hot record
  --numbered-ids N         ids are 0 to N-1 (the Node.js peer)
  --think-ms MS            mean pause of each connection between an answer and the next request
  --rate N                 start N operations a second
  --ordered-keys           UUIDv7 keys in place of UUIDv4
  --stamp                  put the time of sending into the changed field, for feed subscribers
  --seed N                 default: from the system
Prints one line of JSON. Only 2xx answers count.
)";

[[noreturn]] void fail(const std::string& reason) {
  std::fprintf(stderr, "interlock-load: %s\n%s", reason.c_str(), usage);
  std::exit(2);
}

Address address_of(std::string text) {
  if (text.starts_with("http://")) text.erase(0, 7);
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) fail("--url wants HOST:PORT, got " + text);
  Address address{text.substr(0, colon), static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)))};
  if (address.host == "localhost") address.host = "127.0.0.1";
  return address;
}

Login login_of(const std::string& text) {
  Login login;
  const auto slash = text.find('/');
  const auto begin = slash == std::string::npos ? 0 : slash + 1;
  if (slash != std::string::npos) login.tenant = text.substr(0, slash);
  const auto colon = text.find(':', begin);
  if (colon == std::string::npos) fail("--login wants [TENANT/]EMAIL:PASSWORD");
  login.email = text.substr(begin, colon - begin);
  login.password = text.substr(colon + 1);
  return login;
}

Mode mode_of(std::string_view text) {
  for (const Mode mode : {Mode::patch, Mode::versioned, Mode::create, Mode::get, Mode::feed}) {
    if (text == name_of(mode)) return mode;
  }
  fail("no such mode: " + std::string(text));
}

std::string default_path(Mode mode) {
  switch (mode) {
    case Mode::create:
      return "/api/customers";
    case Mode::feed:
      return "/api/feed";
    case Mode::patch:
    case Mode::versioned:
    case Mode::get:
      break;
  }
  return "/api/customers/{id}";
}

void set(Options& options, const std::string& name, const std::string& value) {
  if (name == "--url")
    options.addresses.push_back(address_of(value));
  else if (name == "--login")
    options.logins.push_back(login_of(value));
  else if (name == "--path")
    options.path = value;
  else if (name == "--connections")
    options.connections = std::stoi(value);
  else if (name == "--seconds")
    options.seconds = std::stod(value);
  else if (name == "--warmup")
    options.warmup_seconds = std::stod(value);
  else if (name == "--operations")
    options.operations = std::stoll(value);
  else if (name == "--records")
    options.records_max = std::stoll(value);
  else if (name == "--numbered-ids")
    options.numbered_ids = std::stoll(value);
  else if (name == "--think-ms")
    options.think_ms = std::stod(value);
  else if (name == "--rate")
    options.rate_per_second = std::stod(value);
  else if (name == "--seed")
    options.seed = std::stoull(value);
  else
    fail("no such option: " + name);
}

}  // namespace

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::patch:
      return "patch";
    case Mode::versioned:
      return "versioned";
    case Mode::create:
      return "create";
    case Mode::get:
      return "get";
    case Mode::feed:
      return "feed";
  }
  return "";
}

Options parse_options(int argc, char** argv) {
  if (argc < 2) fail("a mode is missing");
  Options options;
  options.mode = mode_of(argv[1]);
  try {
    for (int i = 2; i < argc; ++i) {
      const std::string name = argv[i];
      if (name == "--ordered-keys")
        options.ordered_keys = true;
      else if (name == "--stamp")
        options.stamp = true;
      else if (i + 1 < argc)
        set(options, name, argv[++i]);
      else
        fail(name + " wants a value");
    }
  } catch (const std::logic_error&) {
    fail("a number was expected");
  }
  if (options.addresses.empty()) fail("--url is missing");
  if (options.connections < 1) fail("--connections must be at least 1");
  if (options.path.empty()) options.path = default_path(options.mode);
  return options;
}

}  // namespace interlock::bench
