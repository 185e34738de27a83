// SPDX-License-Identifier: Apache-2.0
// export: all live records of a collection, by id, as CSV or JSON lines; of files what is in them, too.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/csv.h"
#include "domains/schema.h"
#include "server/command_line.h"
#include "server/commands.h"
#include "server/csv_records.h"

namespace interlock::server {
namespace {

/// A file that is written whole, or standard output.
class Output {
 public:
  explicit Output(const std::string& path)
      : path_(path), file_(path.empty() ? stdout : std::fopen(path.c_str(), "wb")) {
    if (file_ == nullptr) throw CommandError(fmt::format("cannot make {}", path_));
  }
  ~Output() {
    if (!path_.empty() && file_ != nullptr) std::fclose(file_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
  }
  void finish() {
    if (std::fflush(file_) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw CommandError(fmt::format("cannot write {}", path_.empty() ? "the output" : path_));
  }

  std::string path_;
  std::FILE* file_;
};

CsvRow heading_of(const RecordType& type) {
  CsvRow heading{"id", "version", "created_at", "updated_at", "created_by"};
  for (const auto& field : type.fields())
    if (!field.secret) heading.emplace_back(field.name);
  return heading;
}

/// Writes what is in files into a directory of their own, as ID-NAME.
class Contents {
 public:
  Contents(Control& control, const ExportOptions& options) : control_(control), tenant_(options.tenant) {
    if (options.contents.empty()) return;
    directory_ = std::filesystem::absolute(options.contents).lexically_normal().string();
    std::error_code error;
    if (!std::filesystem::create_directories(directory_, error))
      throw CommandError(error ? fmt::format("cannot make {}: {}", directory_, error.message())
                               : fmt::format("{} exists already; the export makes it itself", directory_));
  }
  void write(const Json& file) {
    if (directory_.empty()) return;
    const auto blob = text_of(file, "sha256");
    if (blob.empty()) return;  // redacted
    const auto path = fmt::format("{}/{}-{}", directory_, text_of(file, "id"), text_of(file, "name"));
    control_.call({{"verb", Json("copy_blob")}, {"tenant", Json(tenant_)}, {"blob", Json(blob)}, {"path", Json(path)}});
  }

 private:
  Control& control_;
  const std::string tenant_;
  std::string directory_;
};

}  // namespace

ExitCode export_collection(const Config& config, const ExportOptions& options) {
  const auto schema = domains::make_schema();
  const auto* type = schema.by_collection(options.collection);
  if (type == nullptr || !type->options.readable)
    throw CommandError(fmt::format("there is no collection {} to export", options.collection), ExitCode::usage);
  if (!options.contents.empty() && options.collection != "files")
    throw CommandError("--contents is for the collection files", ExitCode::usage);
  const auto control = open_control(config);
  tenant_named(*control, options.tenant);
  Contents contents(*control, options);
  Output output(options.out);
  const auto heading = heading_of(*type);
  std::string text;
  if (options.format == "csv") append_csv_row(text, heading);
  each_record(*control, options.tenant, options.collection, {}, [&](const Json& record) {
    contents.write(record);
    if (options.format == "jsonl") {
      text += json_text(record) + "\n";
    } else {
      CsvRow row;
      for (const auto& name : heading) {
        const auto* value = record.find(name);
        row.push_back(value == nullptr ? std::string() : cell_text(*value));
      }
      append_csv_row(text, row);
    }
    output.write(std::exchange(text, {}));
  });
  output.write(text);
  output.finish();
  return ExitCode::ok;
}

}  // namespace interlock::server
