// SPDX-License-Identifier: Apache-2.0
// Every bound of the program, with its unit in its name. A queue, buffer, batch, retry or wait without a line here is a
// defect.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace interlock::limits {

// Requests
inline constexpr std::size_t request_header_bytes_max = 16 * 1024;
inline constexpr std::size_t request_header_lines_max = 100;
inline constexpr std::size_t request_body_bytes_max = 1024 * 1024;
inline constexpr std::size_t json_depth_max = 32;
inline constexpr std::size_t key_characters_max = 255;
inline constexpr std::size_t batch_operations_max = 1'000;
inline constexpr std::size_t references_bytes_max = 256 * 1024;
inline constexpr std::int64_t list_items_default = 50;
inline constexpr std::int64_t list_items_max = 1'000;
inline constexpr std::size_t query_text_bytes_max = 200;
inline constexpr std::size_t cursor_bytes_max = 4'096;  // twice the longest text that one sorts by, and ids
inline constexpr Duration min_seq_wait_max = seconds(5);

// Records
inline constexpr std::size_t text_bytes_max_default = 1'000;
inline constexpr std::size_t tags_max = 50;
inline constexpr std::size_t tag_bytes_max = 64;
inline constexpr std::size_t record_bytes_max = 256 * 1024;

// Lane
inline constexpr std::size_t lane_queue_operations_max = 4'096;
inline constexpr std::size_t lane_queue_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t group_operations_max = 256;
inline constexpr std::size_t group_bytes_max = 4 * 1024 * 1024;
inline constexpr Duration group_time_max = milliseconds(50);
inline constexpr Duration operation_time_max = seconds(5);
inline constexpr std::size_t operation_saves_max = 10'000;
inline constexpr int group_reruns_max = 16;
inline constexpr std::size_t open_lanes_max = 256;
inline constexpr Duration lane_idle_close = seconds(60);
inline constexpr std::size_t lane_workers_max = 16;
inline constexpr std::size_t lane_readers_max = 6;  // read and feed threads, io threads
inline constexpr Duration reader_age_max = seconds(20);
inline constexpr std::size_t wal_pages_max = 32'768;
inline constexpr Duration slow_operation = milliseconds(250);
inline constexpr Duration drain_time_max = seconds(8);

// Change log and keys
inline constexpr Duration key_retention = days(7);
inline constexpr Duration deleted_retention = days(30);
inline constexpr std::int64_t merge_versions_back_max = 10'000;
inline constexpr std::size_t feed_ring_changes_max = 8'192;
inline constexpr std::size_t feed_ring_bytes_max = 8 * 1024 * 1024;
inline constexpr std::int64_t feed_resume_changes_max = 100'000;
inline constexpr std::size_t feed_page_changes_max = 500;
inline constexpr std::size_t subscriptions_per_connection_max = 32;
inline constexpr std::size_t subscriber_queue_bytes_max = 1024 * 1024;
inline constexpr std::size_t presence_entries_per_tenant_max = 10'000;

// Leases, outbox, jobs
inline constexpr Duration lease_time = seconds(30);
inline constexpr int delivery_tries_max = 5;
inline constexpr Duration delivery_retry_first = seconds(1);
inline constexpr Duration message_life = hours(24);
inline constexpr Duration message_retention = days(7);  // of settled messages
inline constexpr std::size_t deliveries_at_once_max = 32;
inline constexpr Duration delivery_time_max = seconds(10);
inline constexpr std::size_t job_batch_rows_max = 500;
inline constexpr std::size_t jobs_at_once_max = 8;

// Identity
inline constexpr std::size_t password_bytes_min = 10;
inline constexpr std::size_t password_bytes_max = 1'024;
inline constexpr int login_failures_per_account_max = 10;
inline constexpr int login_failures_per_address_max = 100;
inline constexpr Duration login_failure_window = minutes(15);
inline constexpr Duration session_idle_max = days(7);
inline constexpr Duration session_life_max = days(30);
inline constexpr Duration session_touch_interval = minutes(5);
inline constexpr std::size_t sessions_per_identity_max = 100;
inline constexpr Duration one_time_link_life = days(3);
inline constexpr std::size_t live_links_per_identity_max = 5;
inline constexpr std::size_t api_tokens_per_user_max = 100;
inline constexpr std::size_t statuses_per_collection_max = 100;
inline constexpr std::size_t password_hashes_at_once_max = 2;
inline constexpr std::size_t password_hash_queue_max = 256;
inline constexpr int anonymous_calls_per_minute_max = 300;

// Connections
inline constexpr std::size_t path_segments_max = 8;
inline constexpr std::size_t query_params_max = 64;
inline constexpr std::size_t connections_max = 20'000;
inline constexpr std::size_t connections_per_address_max = 8'192;
inline constexpr Duration header_time_max = milliseconds(9'500);
inline constexpr Duration body_stall_max = milliseconds(9'500);
inline constexpr Duration write_stall_max = milliseconds(9'500);
inline constexpr std::int64_t transfer_bytes_per_second_min = 16 * 1024;
inline constexpr Duration connection_idle_max = seconds(75);
inline constexpr Duration linger_time_max = seconds(2);
inline constexpr std::size_t linger_bytes_max = 4 * 1024 * 1024;
inline constexpr Duration connection_tick = milliseconds(250);
inline constexpr std::size_t websocket_message_bytes_max = 64 * 1024;
inline constexpr std::size_t websocket_fragments_max = 256;
inline constexpr Duration websocket_message_time_max = seconds(10);
inline constexpr Duration websocket_ping_interval = seconds(30);
inline constexpr std::size_t form_text_bytes_max = 1'024;
inline constexpr std::size_t streams_per_session_max = 256;  // and per API token
inline constexpr Duration feed_heartbeat_interval = seconds(15);
inline constexpr std::size_t feed_messages_waiting_max = 64;
inline constexpr std::size_t throttled_names_max = 100'000;
inline constexpr std::size_t cached_sessions_max = 50'000;
inline constexpr Duration cached_session_life = seconds(1);
inline constexpr std::size_t read_threads = 2;
inline constexpr std::size_t feed_threads = 1;
inline constexpr std::size_t reads_waiting_max = 4'096;
inline constexpr std::size_t request_log_bytes_max = 1024 * 1024;
inline constexpr Duration request_log_interval = milliseconds(50);

// Command line and control socket
inline constexpr std::size_t control_connections_max = 8;
inline constexpr std::size_t control_line_bytes_max = 16 * 1024 * 1024;
inline constexpr Duration stop_time_max = milliseconds(9'500);
inline constexpr Duration http_drain_time_max = seconds(4);
inline constexpr Duration provisioning_time_max = seconds(20);
inline constexpr std::int64_t import_batch_rows_max = 200;
inline constexpr std::size_t import_file_bytes_max = 1024 * 1024 * 1024;

}  // namespace interlock::limits
