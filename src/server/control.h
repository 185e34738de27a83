// SPDX-License-Identifier: Apache-2.0
// The commands' way to the data. Where a server holds the data directory, requests go through the control socket in it
// (DATA/control.sock, access for the owner only): one JSON object a line, one line back. Where none does, the command
// opens the data itself and the same code answers. What comes through here acts as the system: whoever may open the
// socket owns the files.
//
// Requests:
//   {"tenant":T,"operation":O,"request":{…},"key":K?}      one operation as the system
//   {"verb":"batch","tenant":T,"operations":[{"operation","request","key"},…],"trial":B?}     each for itself, each
//     with a key; a trial answers what would be and leaves nothing
//   {"verb":"list","tenant":T,"collection":C,"filters":{…}?,"sort":S?,"cursor":…?,"limit":n?}
//   {"verb":"tenants"}, {"verb":"status"}, {"verb":"drain"}
//   {"verb":"await_active","tenant":T}    true as soon as the tenant's lane has answered; false: not yet, ask again
//   {"verb":"backup"|"restore","tenant":T,"path":P}, {"verb":"check","tenant":T}
// T is a slug, a TypeID (tenant_…) or "platform". Answers: {"result":…} or {"error":"a sentence","code":…}.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/json.h"
#include "server/config.h"
#include "server/errors.h"

namespace interlock::server {

class Runtime;

/// One thread at a time.
class Control {
 public:
  virtual ~Control() = default;
  /// The `result`; throws CommandError with the sentence of an `error`, or when the server went away.
  virtual Json call(JsonObject request) = 0;
};

/// What commands do about a data directory that is not there.
enum class IfMissing { refuse, create };

/// The server's socket if one answers, else the data directory itself. Throws CommandError (ExitCode::held if another
/// process holds the directory and its socket does not answer).
std::unique_ptr<Control> open_control(const Config& config, IfMissing if_missing = IfMissing::refuse);
/// Whether a server answers at the socket.
bool server_answers(const std::string& data_directory);

/// Answers one request: {"result":…} or {"error":…}. Thread-safe; never throws.
Json answer_control(Runtime& runtime, const Json& request);

/// One operation as the system; its answer's body. Throws CommandError with the refusal's sentence.
Json submit(Control& control, const std::string& tenant, const std::string& operation, JsonObject request,
            const std::string& key = {});

/// Members of JSON answers; throw CommandError if the member is absent or of another type.
std::string text_of(const Json& json, std::string_view member);
std::int64_t integer_of(const Json& json, std::string_view member);
const JsonArray& array_of(const Json& json, std::string_view member);

}  // namespace interlock::server
