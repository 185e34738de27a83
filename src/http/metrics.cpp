// SPDX-License-Identifier: Apache-2.0
#include "http/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "http/context.h"

namespace interlock::http {
namespace {

void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   double value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {2}\n# TYPE {0} {1}\n{0} {3}\n", name, type, help, value);
}

void append_engine(std::string& out, const engine::EngineMetrics& m) {
  auto counter = [&](std::string_view name, std::string_view help, std::int64_t value) {
    append_metric(out, name, "counter", help, static_cast<double>(value));
  };
  auto gauge = [&](std::string_view name, std::string_view help, std::int64_t value) {
    append_metric(out, name, "gauge", help, static_cast<double>(value));
  };
  counter("interlock_operations_total", "Operations executed in lanes", m.operations);
  counter("interlock_refusals_total", "Operations refused", m.refusals);
  counter("interlock_replays_total", "Answers given again for a known key", m.replays);
  counter("interlock_failures_total", "Operations that failed unexpectedly", m.failures);
  counter("interlock_groups_total", "Groups committed", m.groups);
  counter("interlock_group_reruns_total", "Groups run again without a culprit", m.group_reruns);
  counter("interlock_reads_total", "Views opened for reading", m.reads);
  counter("interlock_commit_microseconds_total", "Time spent in commits", m.commit_us_sum);
  counter("interlock_operation_microseconds_total", "Time spent in operations", m.operation_us_sum);
  counter("interlock_wal_bytes_total", "Bytes written to write-ahead logs; 0 on PostgreSQL", m.log_bytes);
  counter("interlock_store_round_trips_total", "Round trips of lanes to PostgreSQL; 0 on SQLite", m.round_trips);
  counter("interlock_changes_total", "Changes published", m.changes);
  counter("interlock_feed_deliveries_total", "Messages given to subscribers", m.feed_deliveries);
  counter("interlock_feed_cut_off_total", "Subscribers that were too slow", m.feed_cut_off);
  gauge("interlock_lanes_open", "Lanes with open files", m.lanes_open);
  gauge("interlock_lanes_stopped", "Lanes out of service", m.lanes_stopped);
  gauge("interlock_lane_queue_operations", "Operations waiting in lanes", m.queued);
  gauge("interlock_subscriptions", "Live subscriptions", m.subscriptions);
  counter("interlock_outbox_delivered_total", "Outbox messages delivered", m.outbox_delivered);
  counter("interlock_outbox_failed_total", "Outbox messages set aside", m.outbox_failed);
  double per_operation = m.operations ? static_cast<double>(m.log_bytes) / static_cast<double>(m.operations) : 0;
  append_metric(out, "interlock_wal_bytes_per_operation", "gauge", "Average since start", per_operation);
}

void append_transport(std::string& out, const ServerStats& s) {
  auto number = [](std::int64_t value) { return static_cast<double>(value); };
  append_metric(out, "interlock_http_connections", "gauge", "Open connections", number(s.open_connections));
  append_metric(out, "interlock_http_streams", "gauge", "Open WebSockets and event streams", number(s.open_streams));
  append_metric(out, "interlock_http_accepted_total", "counter", "Connections accepted",
                number(s.accepted_connections));
  append_metric(out, "interlock_http_refused_total", "counter", "Connections over the bounds",
                number(s.refused_connections));
  append_metric(out, "interlock_http_malformed_total", "counter", "Requests refused by framing and bounds",
                number(s.malformed_requests));
  append_metric(out, "interlock_http_cut_streams_total", "counter", "Streams cut off", number(s.cut_streams));
  s.feed_lag.append_text(out, "interlock_feed_lag_seconds",
                         "Time from the commit of a change until the socket of a live subscriber has taken it");
}

/// What a program without privileges may still write. A disk that cannot be asked is left out.
void append_disk(std::string& out, const std::string& data_directory) {
  std::error_code failed;
  const auto space = std::filesystem::space(data_directory, failed);
  if (data_directory.empty() || failed) return;
  append_metric(out, "interlock_disk_free_bytes", "gauge", "Free space where the data directory is",
                static_cast<double>(space.available));
  append_metric(out, "interlock_disk_size_bytes", "gauge", "Size of the file system of the data directory",
                static_cast<double>(space.capacity));
}

}  // namespace

void RequestMetrics::count(int status, Duration took) {
  auto kind = static_cast<std::size_t>(std::clamp(status / 100, 0, 5));
  by_class_[kind].fetch_add(1, std::memory_order_relaxed);
  times_.count(took);
}

void RequestMetrics::append_text(std::string& out) const {
  auto to = std::back_inserter(out);
  out += "# HELP interlock_http_requests_total Requests answered\n# TYPE interlock_http_requests_total counter\n";
  for (std::size_t kind = 1; kind < by_class_.size(); ++kind) {
    fmt::format_to(to, "interlock_http_requests_total{{status=\"{}xx\"}} {}\n", kind, by_class_[kind].load());
  }
  times_.counts().append_text(out, "interlock_http_request_seconds", "Time from the complete request to its answer");
  append_metric(out, "interlock_logins_total", "counter", "Log-ins", static_cast<double>(logins.load()));
  append_metric(out, "interlock_login_failures_total", "counter", "Failed log-ins",
                static_cast<double>(login_failures.load()));
  append_metric(out, "interlock_script_errors_total", "counter", "Errors of scripts that browsers told of",
                static_cast<double>(script_errors.load()));
}

void RequestMetrics::append_json(JsonWriter& json) const {
  json.key("requests").begin_object();
  for (std::size_t kind = 1; kind < by_class_.size(); ++kind)
    json.member(fmt::format("{}xx", kind), by_class_[kind].load());
  json.end_object();
  times_.counts().append_json(json, "request_us");
  json.member("logins", logins.load()).member("login_failures", login_failures.load());
}

std::string metrics_json(ApiContext& api) {
  const auto m = api.engine.metrics();
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("at", rfc3339(api.clock.now())).member("version", api.options.version);
  api.metrics.append_json(json);
  json.member("operations", m.operations).member("refusals", m.refusals).member("replays", m.replays);
  json.member("failures", m.failures).member("groups", m.groups).member("reads", m.reads);
  json.member("commit_us_sum", m.commit_us_sum).member("operation_us_sum", m.operation_us_sum);
  json.member("changes", m.changes).member("feed_deliveries", m.feed_deliveries);
  json.member("feed_cut_off", m.feed_cut_off).member("subscriptions", m.subscriptions);
  json.member("lanes_open", m.lanes_open).member("lanes_stopped", m.lanes_stopped).member("queued", m.queued);
  json.member("outbox_delivered", m.outbox_delivered).member("outbox_failed", m.outbox_failed);
  if (api.transport_stats) {
    const auto s = api.transport_stats();
    json.member("connections", s.open_connections).member("streams", s.open_streams);
    json.member("cut_streams", s.cut_streams).member("malformed_requests", s.malformed_requests);
    s.feed_lag.append_json(json, "feed_lag_us");
  }
  json.end_object();
  return out;
}

std::string metrics_text(ApiContext& api) {
  std::string out;
  api.metrics.append_text(out);
  append_engine(out, api.engine.metrics());
  if (api.transport_stats) append_transport(out, api.transport_stats());
  append_disk(out, api.options.data_directory);
  append_metric(out, "interlock_log_lines_dropped_total", "counter", "Lines of the request log that nobody took",
                static_cast<double>(api.log.dropped()));
  append_metric(out, "interlock_ready", "gauge", "1 while the server takes requests", api.ready.load() ? 1 : 0);
  return out;
}

}  // namespace interlock::http
