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
inline constexpr std::size_t json_values_kept_max = 4'096;  // a thread's buffer for parsing keeps room for so many
inline constexpr std::size_t key_characters_max = 255;
inline constexpr std::size_t batch_operations_max = 1'000;
inline constexpr std::size_t references_bytes_max = 256 * 1024;
inline constexpr std::int64_t list_items_default = 50;
inline constexpr std::int64_t list_items_max = 1'000;
inline constexpr std::size_t query_text_bytes_max = 200;
inline constexpr std::size_t cursor_bytes_max = 4'096;     // twice the longest text that one sorts by, and ids
inline constexpr std::int64_t scanned_rows_max = 5'000;    // of one page, where no query tells what is visible
inline constexpr std::int64_t audit_window_changes = 500;  // read at once for a page of the audit trail
inline constexpr std::int64_t audit_windows_max = 20;      // of one page; the rest has a cursor
inline constexpr std::size_t search_words_max = 16;        // of a question; further ones narrow it no more
inline constexpr std::size_t search_word_bytes_max = 200;  // of a text; the rest of a longer word is not looked at
inline constexpr std::size_t phone_digits_max = 20;        // of a value that is found by its digits alone
inline constexpr std::int64_t few_rows_max = 1'000;        // that are sorted rather than found in an index's order
inline constexpr Duration min_seq_wait_max = seconds(5);

// Records
inline constexpr std::size_t text_bytes_max_default = 1'000;
inline constexpr std::size_t tags_max = 50;
inline constexpr std::size_t tag_bytes_max = 64;
inline constexpr std::size_t record_bytes_max = 256 * 1024;
inline constexpr std::size_t email_bytes_max = 254;     // RFC 5321 with its erratum 1690
inline constexpr std::size_t visibility_depth_max = 4;  // subjects of subjects: a comment on an activity on a customer
inline constexpr int cascade_depth_max = 8;             // a deletion that deletes … what refers to it

// Files
inline constexpr std::size_t file_bytes_max = 25 * 1024 * 1024;
inline constexpr std::size_t file_name_bytes_max = 200;
inline constexpr Duration unreferenced_file_life = hours(24);
inline constexpr Duration blob_age_min = hours(24);  // of what a sweep removes: an upload in progress refers to it soon
inline constexpr Duration blob_sweep_interval = hours(24);
inline constexpr std::size_t uploads_at_once_max = 128;
inline constexpr std::size_t uploads_per_session_max = 16;  // and per API token
inline constexpr std::size_t uploads_per_person_max = 32;   // with all their sessions
inline constexpr std::size_t uploads_per_tenant_max = 64;
inline constexpr std::size_t transfer_threads = 4;  // that wait for the disk, or for where contents of files are kept
inline constexpr std::int64_t spool_bytes_max = 8LL * 1024 * 1024 * 1024;  // of contents on their way to who asked
inline constexpr std::size_t file_piece_bytes_max = 64 * 1024;
inline constexpr std::size_t file_sniffed_bytes_max = 4 * 1024;     // at the beginning
inline constexpr std::size_t file_directory_bytes_max = 64 * 1024;  // at the end, where an archive lists its parts

// Lane
inline constexpr std::size_t lane_queue_operations_max = 4'096;
inline constexpr std::size_t lane_queue_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t group_operations_max = 256;
inline constexpr std::size_t group_bytes_max = 4 * 1024 * 1024;
inline constexpr Duration group_time_max = milliseconds(50);
inline constexpr Duration operation_time_max = seconds(5);
inline constexpr std::size_t operation_saves_max = 10'000;
inline constexpr int group_reruns_max = 16;
inline constexpr std::size_t ahead_records_max = 1'024;         // of a group, that are fetched before it runs
inline constexpr int closing_tries_max = 16;                    // of a lane to close its store while readers open it
inline constexpr Duration actor_cache_age_max = seconds(1);     // rights change with time too: a token expires
inline constexpr std::size_t actor_cache_entries_max = 4'096;   // of a lane; all are dropped beyond
inline constexpr std::size_t actor_numbers_cached_max = 4'096;  // of a store's writer; all are dropped beyond
inline constexpr std::size_t kept_statements_max = 64;          // prepared, of one connection
inline constexpr std::size_t update_statements_max = 32;        // of one record type, by the fields that they set
inline constexpr int busy_wait_ms_max = 5'000;                  // reader and writer meet when a log is recovered only
inline constexpr std::size_t wal_write_bytes_max = 64 * 1024;   // in one call: more is no faster, and readers wait
inline constexpr int check_problems_max = 100;                  // told of one damaged database
inline constexpr std::size_t open_lanes_max = 256;
inline constexpr Duration lane_idle_close = seconds(60);
inline constexpr std::size_t lane_workers_max = 16;
inline constexpr std::size_t row_cache_entries_min = 1'024;  // of 16 bytes, per type and connection in use
inline constexpr std::size_t row_cache_entries_max = 32'768;
inline constexpr std::size_t lane_readers_max = 6;  // read and feed threads, io threads
inline constexpr Duration reader_age_max = seconds(20);
inline constexpr std::size_t wal_pages_max = 32'768;
inline constexpr Duration slow_operation = milliseconds(250);
inline constexpr Duration drain_time_max = seconds(8);

// PostgreSQL
inline constexpr std::size_t postgres_writers_max = 16;  // connections, of the lanes that run a group at a time
inline constexpr std::size_t postgres_readers_max = 16;
inline constexpr int postgres_begin_tries_max = 2;              // a kept connection may have died while nobody used it
inline constexpr int postgres_group_savepoints_max = 50;        // more of them slow down everybody's snapshots
inline constexpr std::size_t postgres_own_connections_max = 2;  // for what is asked in the middle of a group
inline constexpr std::size_t postgres_buffer_writes_max = 4'096;  // of a group, before they leave
inline constexpr std::size_t postgres_records_kept_max = 16'384;  // of a group, as it sees them
inline constexpr std::size_t postgres_statements_kept_max = 512;  // prepared, of one connection
inline constexpr Duration hint_interval = milliseconds(10);       // between two notifications of a node
inline constexpr Duration follow_interval = seconds(1);           // at which lost ones are made good
inline constexpr std::size_t hint_tenants_max = 200;  // in one notification, which has less than 8,000 bytes
inline constexpr std::size_t hints_waiting_max = 10'000;
inline constexpr std::size_t told_bytes_max = 7'000;  // of one text between nodes: a notification has less than 8,000
inline constexpr Duration node_alive_interval = seconds(5);  // at which nodes say that they are there
inline constexpr Duration node_silent_max = seconds(20);     // then what a node has told of its people counts no more
inline constexpr Duration wake_claim_time = minutes(1);      // for a node to bring a lane back, before another one does
inline constexpr Duration postgres_connect_time_max = seconds(5);
inline constexpr Duration postgres_preparation_time_max = hours(1);  // new indexes of large tables
inline constexpr Duration postgres_answer_time_max = seconds(15);
inline constexpr Duration postgres_lock_time_max = seconds(10);         // for a tenant's turn between nodes
inline constexpr Duration postgres_idle_transaction_max = seconds(30);  // the server ends it, and frees the tenant

// Change log and keys
inline constexpr Duration key_retention = days(7);
inline constexpr Duration deleted_retention = days(30);
inline constexpr std::int64_t merge_versions_back_max = 10'000;
inline constexpr std::size_t feed_ring_changes_max = 8'192;
inline constexpr std::size_t feed_ring_bytes_max = 8 * 1024 * 1024;
inline constexpr std::int64_t feed_resume_changes_max = 100'000;
inline constexpr std::size_t feed_page_changes_max = 500;
inline constexpr std::size_t subscriptions_per_connection_max = 32;
inline constexpr std::size_t subscription_name_bytes_max = 64;
inline constexpr std::size_t subscriber_queue_bytes_max = 1024 * 1024;
inline constexpr std::size_t presence_entries_per_tenant_max = 10'000;

// Contents of files elsewhere
inline constexpr std::size_t postgres_blob_piece_bytes_max = 256 * 1024;  // of a row
inline constexpr std::size_t postgres_blob_connections_max = 6;
inline constexpr Duration s3_connect_time_max = seconds(5);
inline constexpr Duration s3_stall_time_max = seconds(15);  // without s3_stall_bytes_per_second_min
inline constexpr std::int64_t s3_stall_bytes_per_second_min = 1'024;
inline constexpr Duration s3_answer_time_max = seconds(20);  // of what is no transfer
inline constexpr Duration s3_transfer_time_max = hours(1);
inline constexpr int s3_tries_max = 4;
inline constexpr Duration s3_retry_first = milliseconds(200);        // doubled each time, and a random part of it
inline constexpr std::size_t s3_answer_bytes_max = 4 * 1024 * 1024;  // of a list, or of what went wrong
inline constexpr std::size_t s3_connections_kept_max = 6;
inline constexpr std::size_t s3_list_names_max = 1'000;  // of one answer

inline constexpr std::int64_t copy_rows_max = 1'000;  // read at once when all of a tenant is copied

// Leases, outbox, jobs
inline constexpr Duration lease_time = seconds(30);
inline constexpr int delivery_tries_max = 5;
inline constexpr Duration delivery_retry_first = seconds(1);
inline constexpr Duration lane_retry_max = seconds(60);  // between two tries of one message
inline constexpr int dispatcher_threads = 2;
inline constexpr Duration message_life = hours(24);
inline constexpr Duration message_retention = days(7);  // of settled messages
inline constexpr Duration claim_margin = seconds(5);    // over the time that the deliveries of a claim may take
inline constexpr std::size_t deliveries_at_once_max = 32;
inline constexpr Duration delivery_time_max = seconds(10);      // of a provider's call; then its outcome is unclear
inline constexpr Duration delivery_stop_time_max = seconds(3);  // of one that is under way when the server stops
inline constexpr std::size_t provider_calls_at_once_max = 2;    // of one provider; a call that hangs keeps its place
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
inline constexpr int script_errors_per_minute_max = 30;  // of a session, or of an address without one
inline constexpr std::size_t script_error_body_bytes_max = 16 * 1024;
inline constexpr std::size_t script_error_text_bytes_max = 500;
inline constexpr std::size_t script_error_path_bytes_max = 200;
inline constexpr std::size_t script_error_stack_bytes_max = 4'000;

// Connections
inline constexpr std::size_t path_segments_max = 8;
inline constexpr std::size_t query_params_max = 64;
inline constexpr std::size_t connections_max = 20'000;
inline constexpr int listen_backlog_max = 1'024;                    // connections that nobody accepted yet
inline constexpr int accepts_per_round_max = 64;                    // so that one thread does not take them all
inline constexpr std::size_t events_per_round_max = 256;            // of an io thread
inline constexpr Duration answers_held_time_max = milliseconds(1);  // they wait for each other before they are written
inline constexpr std::size_t spare_answers_max = 64;                // whose memory an io thread keeps
inline constexpr std::size_t payloads_per_write_max = 64;           // of a stream
inline constexpr std::size_t connections_per_address_max = 8'192;
inline constexpr Duration header_time_max = milliseconds(9'500);
inline constexpr Duration body_stall_max = milliseconds(9'500);
inline constexpr Duration write_stall_max = milliseconds(9'500);
inline constexpr std::int64_t transfer_bytes_per_second_min = 16 * 1024;
inline constexpr Duration connection_idle_max = seconds(75);
inline constexpr Duration linger_time_max = seconds(2);
inline constexpr std::size_t linger_bytes_max = 32 * 1024 * 1024;  // a file that is a little too large: it is told so
inline constexpr Duration connection_tick = milliseconds(250);
inline constexpr std::size_t websocket_message_bytes_max = 64 * 1024;
inline constexpr std::size_t websocket_fragments_max = 256;
inline constexpr Duration websocket_message_time_max = seconds(10);
inline constexpr Duration websocket_ping_interval = seconds(30);
inline constexpr std::size_t form_text_bytes_max = 1'024;
inline constexpr std::size_t form_list_items_max = 50;
inline constexpr std::size_t streams_per_session_max = 256;  // and per API token
inline constexpr Duration feed_heartbeat_interval = seconds(15);
inline constexpr std::size_t feed_messages_waiting_max = 64;
inline constexpr std::size_t throttled_names_max = 100'000;
inline constexpr int throttled_names_forgotten_max = 4;  // at a count, of those whose time is over
inline constexpr std::size_t cached_sessions_max = 50'000;
inline constexpr Duration cached_session_life = seconds(1);
inline constexpr std::size_t read_threads = 2;
inline constexpr std::size_t feed_threads = 1;
inline constexpr std::size_t reads_waiting_max = 4'096;
inline constexpr std::size_t request_log_bytes_max = 1024 * 1024;
inline constexpr Duration request_log_interval = milliseconds(50);

// Command line and control socket
inline constexpr std::size_t setting_text_bytes_max = 1'024;
inline constexpr std::size_t control_connections_max = 8;
inline constexpr std::size_t control_line_bytes_max = 16 * 1024 * 1024;
inline constexpr Duration stop_time_max = milliseconds(9'500);
inline constexpr Duration http_drain_time_max = seconds(4);
inline constexpr Duration provisioning_time_max = seconds(20);
inline constexpr std::int64_t import_batch_rows_max = 200;
inline constexpr std::size_t import_file_bytes_max = 1024 * 1024 * 1024;

}  // namespace interlock::limits
