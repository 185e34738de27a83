// SPDX-License-Identifier: Apache-2.0
// import: each row is one COLLECTION/create with a key made from the file's digest and the row's line, so that a second
// run of the same file creates nothing twice. Rows go in batches, each for itself: a refused row stops no other. A dry
// run takes the same way as a trial: its report is that of the run itself.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "base/csv.h"
#include "base/digest.h"
#include "base/refusal.h"
#include "domains/schema.h"
#include "model/record_json.h"
#include "server/command_line.h"
#include "server/commands.h"
#include "server/csv_records.h"

namespace interlock::server {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file.good() && !file.eof()) throw CommandError(fmt::format("cannot read {}", path));
  if (text.size() > limits::import_file_bytes_max)
    throw CommandError(fmt::format("{} has {} bytes, an import takes at most {}; split it", path, text.size(),
                                   limits::import_file_bytes_max));
  return text;
}

/// A file of the refused rows as they were, with line and reason; made at the first one.
class RefusedRows {
 public:
  RefusedRows(std::string path, CsvRow heading) : path_(std::move(path)), heading_(std::move(heading)) {}

  void add(CsvRow row, std::size_t line, const std::string& reason) {
    if (!file_.is_open()) {
      file_.open(path_, std::ios::binary | std::ios::trunc);
      write(heading_, std::string(line_column), std::string(error_column));
    }
    row.resize(heading_.size());
    write(std::move(row), std::to_string(line), reason);
    ++count_;
  }
  std::int64_t count() const { return count_; }
  const std::string& path() const { return path_; }

 private:
  void write(CsvRow row, const std::string& line, const std::string& reason) {
    row.push_back(line);
    row.push_back(reason);
    std::string text;
    append_csv_row(text, row);
    if (!(file_ << text) || !file_.flush()) throw CommandError(fmt::format("cannot write {}", path_));
  }

  std::string path_;
  CsvRow heading_;
  std::ofstream file_;
  std::int64_t count_ = 0;
};

struct Row {
  CsvRow cells;
  std::size_t line = 0;
  JsonObject request;
};

class Import {
 public:
  Import(const ImportOptions& options, const RecordType& type, Control& control, const std::string& text)
      : options_(options),
        control_(control),
        reader_(text, guess_csv_separator(text), limits::record_bytes_max),
        heading_(read_heading()),
        columns_(type, heading_, options.map),
        refused_(options.refused_file.empty() ? options.file + ".refused.csv" : options.refused_file, heading_),
        key_prefix_("import-" + hex(bytes_of(digest16(text))) + "-"),
        bar_(options.dry_run ? "check" : "import", std::ranges::count(text, '\n')) {}

  ExitCode run() {
    while (auto row = next_row()) {
      batch_.push_back(std::move(*row));
      if (std::ssize(batch_) == limits::import_batch_rows_max) send();
    }
    send();
    fmt::print("{}: {} {}, {} were there from an earlier run, {} refused\n", options_.collection, created_,
               options_.dry_run ? "would be created" : "created", replayed_, refused_.count());
    if (refused_.count() == 0) return ExitCode::ok;
    fmt::print("refused rows and reasons: {}\n", refused_.path());
    return ExitCode::findings;
  }

 private:
  CsvRow read_heading() {
    try {
      if (auto row = reader_.next()) return std::move(*row);
    } catch (const Refusal& refusal) {
      throw CommandError(fmt::format("{}: {}", options_.file, refusal.what()), ExitCode::usage);
    }
    throw CommandError(fmt::format("{} is empty", options_.file), ExitCode::usage);
  }

  /// The next row that can be sent; those before it that cannot are in the report.
  std::optional<Row> next_row() {
    while (true) {
      CsvRow cells;
      try {
        auto next = reader_.next();
        if (!next) return std::nullopt;
        cells = *next;
        bar_.show(static_cast<std::int64_t>(reader_.line()));
        return Row{std::move(*next), reader_.line(), columns_.request_of(cells)};
      } catch (const Refusal& refusal) {
        refused_.add(std::move(cells), reader_.line(), refusal.what());
      }
    }
  }

  void send() {
    if (!batch_.empty()) take_results(control_.call(batch_request()));
    batch_.clear();
  }

  JsonObject batch_request() const {
    JsonArray operations;
    for (const auto& row : batch_)
      operations.emplace_back(JsonObject{{"operation", Json(options_.collection + "/create")},
                                         {"request", Json(row.request)},
                                         {"key", Json(key_prefix_ + std::to_string(row.line))}});
    return {{"verb", Json("batch")},
            {"tenant", Json(options_.tenant)},
            {"operations", Json(std::move(operations))},
            {"trial", Json(options_.dry_run)}};
  }

  void take_results(const Json& answer) {
    const auto& body = *answer.find("body");
    if (integer_of(answer, "status") != 200) throw stopped(batch_.front().line, body);
    const auto& results = array_of(body, "results");
    for (std::size_t i = 0; i < results.size(); ++i) take_result(batch_[i], results[i]);
  }

  void take_result(Row& row, const Json& result) {
    const auto status = integer_of(result, "status");
    const auto* replayed = result.find("replayed");
    if (status >= 500 || status == 401 || status == 403) throw stopped(row.line, *result.find("body"));
    if (status >= 400)
      refused_.add(std::move(row.cells), row.line, reason_of(*result.find("body")));
    else
      ++(replayed != nullptr ? replayed_ : created_);
  }

  static std::string reason_of(const Json& problem) {
    const auto* detail = problem.find("detail");
    const auto* field = problem.find("field");
    const auto sentence =
        detail != nullptr && detail->if_text() != nullptr ? *detail->if_text() : text_of(problem, "title");
    return field != nullptr && field->if_text() != nullptr ? *field->if_text() + ": " + sentence : sentence;
  }

  CommandError stopped(std::size_t line, const Json& problem) const {
    return CommandError(
        fmt::format("stopped at line {} after {} rows: {}; run it again with the same file, nothing is doubled", line,
                    created_ + replayed_, reason_of(problem)));
  }

  const ImportOptions& options_;
  Control& control_;
  CsvReader reader_;
  CsvRow heading_;
  ColumnMap columns_;
  RefusedRows refused_;
  std::string key_prefix_;
  ProgressBar bar_;
  std::vector<Row> batch_;
  std::int64_t created_ = 0;
  std::int64_t replayed_ = 0;
};

}  // namespace

ExitCode import_file(const Config& config, const ImportOptions& options) {
  const auto schema = domains::make_schema();
  const auto* type = schema.by_collection(options.collection);
  if (type == nullptr || !type->options.creatable || !type->options.readable)
    throw CommandError(fmt::format("there is no collection {} to import into", options.collection), ExitCode::usage);
  const auto text = read_file(options.file);
  const auto control = open_control(config);
  tenant_named(*control, options.tenant);
  return Import(options, *type, *control, text).run();
}

}  // namespace interlock::server
