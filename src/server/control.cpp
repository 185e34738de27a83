// SPDX-License-Identifier: Apache-2.0
#include "server/control.h"

#include <fmt/format.h>

#include "base/refusal.h"
#include "server/control_socket.h"
#include "server/runtime.h"

namespace interlock::server {
namespace {

/// The `result` of an answer, or its `error` as an exception.
Json result_of(Json answer) {
  if (const auto* error = answer.find("error"); error != nullptr && error->if_text() != nullptr)
    throw CommandError(*error->if_text());
  auto* result = answer.find("result");
  if (result == nullptr) throw CommandError("the server's answer is not one that this program understands");
  return std::move(*result);
}

class RemoteControl final : public Control {
 public:
  explicit RemoteControl(Descriptor fd) : connection_(std::move(fd)) {}

  Json call(JsonObject request) override {
    if (!connection_.write_line(json_text(Json(std::move(request))))) throw gone();
    const auto line = connection_.read_line();
    if (!line) throw gone();
    return result_of(parse_json(*line));
  }

 private:
  static CommandError gone() {
    return CommandError("the server went away before it answered; ask again once it is back");
  }

  LineConnection connection_;
};

class LocalControl final : public Control {
 public:
  LocalControl(const Config& config, IfMissing if_missing) : runtime_(config, if_missing) {}
  Json call(JsonObject request) override { return result_of(answer_control(runtime_, Json(std::move(request)))); }

 private:
  Runtime runtime_;
};

const Json& member_of(const Json& json, std::string_view member) {
  const auto* value = json.find(member);
  if (value == nullptr) throw CommandError(fmt::format("\"{}\" is missing", member));
  return *value;
}

template <class T>
const T& typed(const T* value, std::string_view member) {
  if (value == nullptr) throw CommandError(fmt::format("\"{}\" has another type", member));
  return *value;
}

}  // namespace

std::unique_ptr<Control> open_control(const Config& config, IfMissing if_missing) {
  if (auto fd = connect_control(config.data)) return std::make_unique<RemoteControl>(std::move(fd));
  return std::make_unique<LocalControl>(config, if_missing);
}

bool server_answers(const std::string& data_directory) { return static_cast<bool>(connect_control(data_directory)); }

Json submit(Control& control, const std::string& tenant, const std::string& operation, JsonObject request,
            const std::string& key) {
  JsonObject call{{"tenant", Json(tenant)}, {"operation", Json(operation)}, {"request", Json(std::move(request))}};
  if (!key.empty()) call.emplace_back("key", Json(key));
  const auto answer = control.call(std::move(call));
  const auto& body = member_of(answer, "body");
  if (integer_of(answer, "status") < 400) return body;
  const auto* detail = body.find("detail");
  auto sentence = detail != nullptr && detail->if_text() != nullptr ? *detail->if_text() : text_of(body, "title");
  if (const auto* field = body.find("field"); field != nullptr && field->if_text() != nullptr)
    sentence = fmt::format("{}: {}", *field->if_text(), sentence);
  throw CommandError(fmt::format("{} ({})", sentence, text_of(body, "code")));
}

std::string text_of(const Json& json, std::string_view member) {
  return typed(member_of(json, member).if_text(), member);
}

std::int64_t integer_of(const Json& json, std::string_view member) {
  return typed(member_of(json, member).if_integer(), member);
}

const JsonArray& array_of(const Json& json, std::string_view member) {
  return typed(member_of(json, member).if_array(), member);
}

}  // namespace interlock::server
