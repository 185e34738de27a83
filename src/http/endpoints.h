// SPDX-License-Identifier: Apache-2.0
// The handlers that routes.cpp names. Each is called on an io thread after its route's guard and answers the call, now
// or later; what it throws is answered for it.
#pragma once

#include "http/routes.h"

namespace interlock::http {

// service.cpp
void health(const CallPtr& call);
void readiness(const CallPtr& call);
void metrics(const CallPtr& call);
void operations_metrics(const CallPtr& call);
void openapi(const CallPtr& call);
void error_page(const CallPtr& call);
void page(const CallPtr& call);

// script_errors.cpp
void report_script_error(const CallPtr& call);

// log_in.cpp
void log_in(const CallPtr& call);
void current_session(const CallPtr& call);
void switch_tenant(const CallPtr& call);
void log_out(const CallPtr& call);
void log_out_everywhere(const CallPtr& call);

// accounts.cpp
void set_up_state(const CallPtr& call);
void set_up(const CallPtr& call);
void show_invitation(const CallPtr& call);
void accept_invitation(const CallPtr& call);
void request_reset(const CallPtr& call);
void reset_password(const CallPtr& call);
void change_password(const CallPtr& call);

// feed.cpp
void feed(const CallPtr& call);
void events(const CallPtr& call);

// reads.cpp
void list_records(const CallPtr& call);
void get_record(const CallPtr& call);
void record_history(const CallPtr& call);
void audit(const CallPtr& call);

// uploads.cpp
void upload_file(const CallPtr& call);

// downloads.cpp
void file_content(const CallPtr& call);

// writes.cpp
void create_record(const CallPtr& call);
void update_record(const CallPtr& call);
void delete_record(const CallPtr& call);
void run_operation(const CallPtr& call);
void batch(const CallPtr& call);

}  // namespace interlock::http
