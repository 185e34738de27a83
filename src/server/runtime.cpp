// SPDX-License-Identifier: Apache-2.0
#include "server/runtime.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "domains/schema.h"
#include "providers/file_provider.h"
#include "server/blob_places.h"
#include "server/control_socket.h"
#include "server/move.h"
#include "store/data_lock.h"
#include "store/postgres/move_log.h"
#include "store/postgres/postgres_store.h"
#include "store/sqlite/sqlite_store.h"

namespace interlock::server {
namespace {

constexpr const char* demo_mark = "/demo";

void prepare_directory(const Config& config, IfMissing if_missing) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(config.data, error)) return;
  if (fs::exists(config.data, error))
    throw CommandError(fmt::format("{} is not a directory", config.data), ExitCode::usage);
  if (if_missing == IfMissing::refuse)
    throw CommandError(fmt::format("there is no data directory {}; name it with --data", config.data), ExitCode::usage);
  if (!fs::create_directories(config.data, error) || error)
    throw CommandError(fmt::format("cannot make the data directory {}: {}", config.data, error.message()));
  fs::permissions(config.data, fs::perms::owner_all, error);
}

}  // namespace

class Runtime::Impl {
 public:
  Impl(const Config& config, IfMissing if_missing) : config_(config), schema_(domains::make_schema(mail)) {
    prepare_directory(config, if_missing);
    if (config.store.empty()) require_not_moved();
    store_ = config.store.empty() ? open_files(config.data) : open_database(config.store);
    empty_ = !store_->exists(store::platform_tenant());
    blobs_ = open_blobs(config, config.data, clock_);
  }

  ~Impl() {
    if (engine_) engine_->drain();
  }

  void require_not_moved() const {
    if (std::filesystem::exists(config_.data + moved_mark))
      throw CommandError(fmt::format("the records of {0} were moved to a database: say which one with --store. What is "
                                     "left in {0} is served again only after {0}{1} is removed",
                                     config_.data, moved_mark),
                         ExitCode::usage);
  }

  std::unique_ptr<store::Store> open_files(const std::string& directory) {
    store::sqlite::SqliteStoreOptions options;
    options.directory = directory;
    options.schema = &schema_;
    options.clock = &clock_;
    try {
      return std::make_unique<store::sqlite::SqliteStore>(options);
    } catch (const store::DataDirectoryHeld& held) {
      throw CommandError(held.what(), ExitCode::held);
    }
  }

  std::unique_ptr<store::Store> open_database(const std::string& url) {
    // The node's own directory: its control socket, what the file provider writes.
    try {
      lock_ = std::make_unique<store::DataLock>(config_.data);
    } catch (const store::DataDirectoryHeld& held) {
      throw CommandError(held.what(), ExitCode::held);
    }
    store::postgres::PostgresStoreOptions options;
    options.url = url;
    options.schema = &schema_;
    options.clock = &clock_;
    options.archive = [this](const std::string& directory) { return open_files(directory); };
    try {
      auto database = std::make_unique<store::postgres::PostgresStore>(options);
      if (store::postgres::MoveLog::is_unfinished({url, options.schema_name}))
        throw CommandError(
            "the database is in the middle of a move: run the same `interlock move` again until it ends");
      return database;
    } catch (const store::StoreError& error) {
      throw CommandError(error.what());
    }
  }

  engine::Engine& engine() {
    if (!engine_) {
      if (!store_->exists(store::platform_tenant())) store_->create(store::platform_tenant());
      engine::Providers providers;
      for (const auto* name : {"mail", "file"})
        providers[name] = providers::make_file_provider(config_.data + "/outbox", [this] { return public_url(); });
      engine_ = engine::make_engine(schema_, *store_, clock_, system_random(), std::move(providers), options());
    }
    return *engine_;
  }

  std::string public_url() const {
    if (!config_.public_url.empty()) return config_.public_url;
    const auto port = port_.load();
    const auto colon = config_.listen.rfind(':');
    const auto address = port == 0 ? config_.listen : fmt::format("{}:{}", config_.listen.substr(0, colon), port);
    return fmt::format("{}://{}", config_.tls_certificate.empty() ? "http" : "https", address);
  }

  Demo demo() const {
    std::ifstream file(config_.data + demo_mark);
    std::string state;
    if (!(file >> state)) return Demo::none;
    return state == "seeded" ? Demo::seeded : Demo::seeding;
  }

  void mark_demo(Demo state) const {
    const auto path = config_.data + demo_mark;
    const std::string_view text = state == Demo::seeded ? "seeded\n" : "seeding\n";
    const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file || write(file.get(), text.data(), text.size()) != std::ssize(text) || fsync(file.get()) != 0)
      throw CommandError(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }

  engine::EngineOptions options() const {
    engine::EngineOptions options;
    options.workers = static_cast<std::size_t>(config_.lane_workers);
    options.open_lanes_max = static_cast<std::size_t>(config_.open_lanes_max);
    options.key_retention = hours(config_.key_retention_hours);
    options.slow_operation = milliseconds(config_.slow_operation_ms);
    return options;
  }

  Config config_;
  Schema schema_;
  AnchoredClock clock_{system_clock()};
  std::unique_ptr<store::DataLock> lock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Blobs> blobs_;
  std::unique_ptr<engine::Engine> engine_;
  std::atomic<std::uint16_t> port_ = 0;
  bool empty_ = false;
};

Runtime::Runtime(const Config& config, IfMissing if_missing) : impl_(std::make_unique<Impl>(config, if_missing)) {}
Runtime::~Runtime() = default;

const Config& Runtime::config() const { return impl_->config_; }
const Schema& Runtime::schema() const { return impl_->schema_; }
store::Store& Runtime::store() { return *impl_->store_; }
store::Blobs& Runtime::blobs() { return *impl_->blobs_; }
engine::Engine& Runtime::engine() { return impl_->engine(); }
std::string Runtime::public_url() const { return impl_->public_url(); }
bool Runtime::was_empty() const { return impl_->empty_; }
Runtime::Demo Runtime::demo() const { return impl_->demo(); }
void Runtime::mark_demo(Demo state) { impl_->mark_demo(state); }
void Runtime::set_port(std::uint16_t port) { impl_->port_ = port; }

}  // namespace interlock::server
