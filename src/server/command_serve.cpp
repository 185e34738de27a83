// SPDX-License-Identifier: Apache-2.0
// serve: open the data, listen, wait for a signal, drain.
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <version.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/random.h"
#include "domains/demo.h"
#include "domains/platform/account_functions.h"
#include "http/api.h"
#include "http/server.h"
#include "providers/file_provider.h"
#include "server/blob_sweeper.h"
#include "server/command_line.h"
#include "server/console.h"
#include "server/control_socket.h"
#include "server/demo_seed.h"
#include "server/runtime.h"

namespace interlock::server {
namespace {

/// Blocks the signals that end the server in this thread and all that it starts: only wait() takes them.
class StopSignals {
 public:
  StopSignals() {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes refuses writes instead
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  int wait() const {
    int number = 0;
    while (sigwait(&signals_, &number) != 0) {
    }
    return number;
  }

 private:
  sigset_t signals_{};
};

/// Connections and lanes need descriptors: as many as this process may have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// What takes longer than limits::stop_time_max from begin() to the destructor is cut short. Nothing acknowledged is
/// lost by that, and what was not answered can be asked again, so it is an ordinary end.
class StopDeadline {
 public:
  StopDeadline() = default;
  StopDeadline(const StopDeadline&) = delete;
  StopDeadline& operator=(const StopDeadline&) = delete;
  ~StopDeadline() {
    if (!watch_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_one();
    watch_.join();
  }
  void begin() {
    watch_ = std::thread([this] { watch(); });
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, std::chrono::microseconds(limits::stop_time_max.us), [this] { return stopped_; }))
      return;
    log(LogLevel::warning, "stop_cut_short", {{"after_ms", limits::stop_time_max.us / 1'000}});
    _exit(0);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread watch_;
};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : list) {
    if (c == ',') parts.push_back(std::exchange(part, {}));
    if (c != ',' && c != ' ') part += c;
  }
  if (!part.empty()) parts.push_back(part);
  return parts;
}

/// One log-in of each role and tenant.
bool is_offered(std::string_view email) { return !email.starts_with("staff") || email.starts_with("staff01"); }

/// What the log-in page offers; empty where the data is not the demo's.
std::string demo_log_ins(Runtime& runtime) {
  if (runtime.demo() != Runtime::Demo::seeded) return {};
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("password", domains::demo_password).key("accounts").begin_array();
  for (const auto& account : domains::demo_accounts()) {
    if (!is_offered(account.email)) continue;
    json.begin_object().member("email", account.email).member("role", account.role);
    json.member("tenant", account.tenant_slug).end_object();
  }
  json.end_array().end_object();
  return out;
}

http::ApiOptions api_options(const Config& config, Runtime& runtime, std::string set_up_token) {
  http::ApiOptions options;
  options.blobs = &runtime.blobs();
  options.key_retention = hours(config.key_retention_hours);
  options.file_bytes_max = static_cast<std::size_t>(config.file_bytes_max);
  options.secure_cookies = cookies_are_secure(config);
  options.public_url = config.public_url;
  options.trusted_proxies = split(config.trusted_proxies);
  options.metrics_token = config.metrics_token;
  options.set_up_token = std::move(set_up_token);
  options.version = version;
  options.data_directory = config.data;
  options.mail_is_sent = Runtime::mail == domains::Mail::sent;
  options.demo = demo_log_ins(runtime);
  options.pages = console_files();
  return options;
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  const auto listen = parse_host_port(config.listen);
  options.host = listen.host;
  options.port = listen.port;
  options.threads = static_cast<int>(config.io_threads);
  options.tls_certificate_path = config.tls_certificate;
  options.tls_key_path = config.tls_key;
  options.body_bytes_max = static_cast<std::size_t>(config.body_bytes_max);
  return options;
}

void refuse_demo_off_loopback(const Config& config, Runtime& runtime) {
  const auto host = parse_host_port(config.listen).host;
  if (runtime.demo() != Runtime::Demo::none && !is_loopback(host))
    throw CommandError(fmt::format("{} holds demo data, whose passwords are known: it is served on a loopback address "
                                   "only, not on \"{}\"",
                                   config.data, host),
                       ExitCode::usage);
}

/// Empty once somebody has an account.
std::string set_up_token(Runtime& runtime, const Accounts& accounts) {
  const auto view = runtime.engine().read(store::platform_tenant(), engine::system_caller());
  return accounts.needs_set_up(view->reader()) ? random_hex(system_random(), 32) : std::string();
}

void print_welcome(const Config& config, Runtime& runtime, const std::string& token) {
  const auto url = runtime.public_url();
  fmt::print("Interlock {} serves {} on {}\n", version, store_text(config), url);
  if (!token.empty())
    fmt::print("First start: make the first account with\n  {}\n", providers::link_of(url, "set_up", token));
  if (runtime.demo() == Runtime::Demo::seeded) {
    fmt::print("Demo log-ins (password {}):\n", domains::demo_password);
    std::map<std::string_view, std::vector<std::string>> by_tenant;
    for (const auto& account : domains::demo_accounts()) by_tenant[account.tenant_slug].push_back(account.email);
    for (const auto& [slug, emails] : by_tenant) {
      std::string list;
      for (const auto& email : emails)
        if (is_offered(email)) list += (list.empty() ? "" : ", ") + email;
      fmt::print("  {}: {}\n", slug, list);
    }
  }
  std::fflush(stdout);
}

void seed_if_wanted(const Config& config, Runtime& runtime) {
  if (!config.demo) {
    if (runtime.demo() == Runtime::Demo::seeding)
      throw CommandError(fmt::format("seeding {} was interrupted: start once with --demo", config.data));
    return;
  }
  if (!seed_demo(runtime) && runtime.demo() == Runtime::Demo::none)
    fmt::print("{} holds data of its own: no demo data was added\n", store_text(config));
}

}  // namespace

ExitCode serve(const Config& config) {
  const StopSignals signals;
  raise_descriptor_limit();
  StopDeadline deadline;  // outlives all that stops
  Runtime runtime(config, IfMissing::create);
  refuse_demo_off_loopback(config, runtime);
  seed_if_wanted(config, runtime);
  auto& engine = runtime.engine();
  const auto accounts = domains::make_accounts();
  const auto token = set_up_token(runtime, accounts);
  http::Api api(engine, accounts, engine.clock(), system_random(), api_options(config, runtime, token));
  http::Server server(server_options(config), api, engine.clock(), system_random());
  api.set_transport_stats([&server] { return server.stats(); });
  server.start();
  runtime.set_port(server.port());
  std::optional<BlobSweeper> sweeper(std::in_place, engine, runtime.blobs());
  std::optional<ControlSocket> control;
  control.emplace(config.data, [&runtime](const Json& request) { return answer_control(runtime, request); });
  print_welcome(config, runtime, token);
  log(LogLevel::info, "server_started",
      {{"version", version}, {"url", runtime.public_url()}, {"data", config.data}, {"store", store_text(config)}});

  const int number = signals.wait();
  deadline.begin();
  log(LogLevel::info, "drain_started", {{"signal", number}});
  api.set_ready(false);
  const bool all_answered = server.drain(limits::http_drain_time_max);
  control.reset();
  sweeper.reset();
  engine.drain();
  log(LogLevel::info, "drain_ended", {{"all_answered", all_answered}});
  return ExitCode::ok;
}

}  // namespace interlock::server
