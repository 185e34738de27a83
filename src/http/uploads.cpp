// SPDX-License-Identifier: Apache-2.0
// POST /api/files. Who calls and whether they may is looked at before the first byte of the file is taken; the bytes go
// to a draft on the disk as they come; then the draft becomes a blob, durably, and only then the lane makes the record.
#include "base/limits.h"
#include "base/log.h"
#include "engine/engine.h"
#include "http/call.h"
#include "http/endpoints.h"
#include "http/file_store.h"
#include "http/file_type.h"

namespace interlock::http {
namespace {

struct UploadRequest {
  std::string name;
  std::string subject;  ///< TypeID; empty: none
  std::string key;
};

/// An upload in progress; shared by the sink and by the work that follows it.
struct Upload {
  CallPtr call;
  UploadRequest request;
  std::shared_ptr<void> place;
  std::unique_ptr<store::BlobDraft> draft;
  FileSniffer sniffer;
  std::optional<Refusal> failed;  ///< the rest of the body is only read away
};

Refusal empty_file() { return Refusal(ErrorCode::required, "The file is empty"); }

UploadRequest read_request(const Call& call) {
  UploadRequest upload;
  for (std::size_t i = 0; i < call.request.param_count(); ++i) {
    const auto [name, value] = call.request.param_at(i);
    if (name == "name") {
      upload.name = value;
    } else if (name == "subject") {
      upload.subject = value;
    } else {
      throw Refusal(ErrorCode::unknown_field, "There is no field " + std::string(name)).at_field(std::string(name));
    }
  }
  if (upload.name.empty()) throw Refusal(ErrorCode::required, "name is required").at_field("name");
  if (!call.request.body_follows) throw empty_file();
  return upload;
}

/// What the lane will ask again, before a long body is read in vain.
void require_right(Call& call, const UploadRequest& upload) {
  const auto view = call.api.engine.read(call.who().tenant, call.who().caller);
  if (!view->actor().allows("files.write"))
    throw Refusal(ErrorCode::forbidden, "this needs the permission files.write");
  if (upload.subject.empty()) return;
  const auto subject = parse_subject(upload.subject);
  if (!subject || !may_see(view->reader(), view->actor(), *subject))
    throw Refusal(ErrorCode::not_found, "there is no such record").at_field("subject");
}

void submit_record(const std::shared_ptr<Upload>& upload, std::string_view type, const std::string& blob) {
  const auto& call = upload->call;
  JsonObject request{{"name", Json(upload->request.name)},
                     {"content_type", Json(type)},
                     {"size", Json(upload->draft->size())},
                     {"sha256", Json(blob)}};
  if (!upload->request.subject.empty()) request.emplace_back("subject", Json(upload->request.subject));
  engine::Submission submission;
  submission.tenant = call->who().tenant;
  submission.caller = call->who().caller;
  submission.steps.push_back({"files/create", Json(std::move(request)), {}, {}});
  submission.key = upload->request.key;
  submission.request_id = call->request.id;
  submission.vouched = true;
  call->operation = "files/create";
  call->api.engine.submit(std::move(submission),
                          [upload](engine::Answer answer) { upload->call->answer(std::move(answer)); });
}

void keep(const std::shared_ptr<Upload>& upload) {
  if (upload->failed) throw Refusal(*upload->failed);
  if (upload->draft->size() == 0) throw empty_file();
  const auto& call = upload->call;
  const auto type = upload->sniffer.finish(call->request.header("content-type").value_or(""));
  std::string blob;
  on_store([&] { blob = call->api.options.blobs->keep(call->who().tenant, *upload->draft); });
  submit_record(upload, type, blob);
}

class UploadSink final : public BodySink {
 public:
  explicit UploadSink(std::shared_ptr<Upload> upload) : upload_(std::move(upload)) {}

  void write(std::string_view bytes) override {
    if (upload_->failed) return;
    try {
      on_store([&] { upload_->draft->write(bytes); });
      upload_->sniffer.add(bytes);
    } catch (const Refusal& refusal) {
      upload_->failed = refusal;
    } catch (const std::exception& error) {
      interlock::log(LogLevel::error, "request_failed",
                     {{"request_id", upload_->call->request.id}, {"reason", error.what()}});
      upload_->failed = Refusal(ErrorCode::internal);
    }
  }

  void finish(Responder responder) override {
    const auto call = upload_->call;
    call->resume(std::move(responder));
    guarded(call, [&] { run_on(call->api.transfers, call, [upload = upload_] { keep(upload); }); });
  }

 private:
  std::shared_ptr<Upload> upload_;
};

void begin(const CallPtr& call, UploadRequest request) {
  require_right(*call, request);
  auto upload = std::make_shared<Upload>();
  upload->call = call;
  upload->request = std::move(request);
  const auto& who = call->who();
  upload->place = call->api.upload_places.take(who.session.is_nil() ? who.caller.token : who.session, who.caller.user,
                                               who.tenant.uuid);
  on_store([&] { upload->draft = call->api.options.blobs->begin(); });
  call->take_body(std::make_unique<UploadSink>(std::move(upload)));
}

}  // namespace

void upload_file(const CallPtr& call) {
  if (!call->api.options.blobs) throw Refusal(ErrorCode::not_found, "Files are not offered here");
  auto key = call->key();
  if (key.empty()) throw Refusal(ErrorCode::key_missing).at_field("Idempotency-Key");
  auto request = read_request(*call);
  request.key = std::move(key);
  run_on(call->api.reads, call, [call, request = std::move(request)] { begin(call, request); });
}

}  // namespace interlock::http
