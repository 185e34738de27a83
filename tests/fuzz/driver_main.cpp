// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer: first every file of the corpus folders given, then mutations of them, seeded,
// so that a failure repeats. INTERLOCK_FUZZ_SEED and INTERLOCK_FUZZ_MUTATIONS change the run.
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t mutated_bytes_max = 64 * 1024;
constexpr std::uint64_t mutations_default = 100'000;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<std::string> read_corpus(int folders, char** paths) {
  std::vector<std::string> corpus;
  for (int i = 0; i < folders; ++i) {
    if (!std::filesystem::is_directory(paths[i])) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(paths[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      if (entry.is_regular_file())
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }
  if (corpus.empty()) corpus.emplace_back();
  return corpus;
}

const std::string* running = nullptr;

/// Shows the input that stopped the target, in hexadecimal, then lets the signal do what it does.
extern "C" void show_input(int signal) {
  static constexpr char digits[] = "0123456789abcdef";
  static constexpr char title[] = "\nthe input, for `xxd -r -p`:\n";
  ssize_t written = write(STDERR_FILENO, title, sizeof title - 1);
  for (std::size_t i = 0; running != nullptr && i < running->size() && written > 0; ++i) {
    const auto byte = static_cast<unsigned char>((*running)[i]);
    const char pair[] = {digits[byte >> 4], digits[byte & 15]};
    written = write(STDERR_FILENO, pair, sizeof pair);
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const std::string& input) {
  running = &input;
  // A copy of its own size: reading past the end is then seen by AddressSanitizer.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  /// A corpus entry with one to eight changes.
  std::string mutate(const std::vector<std::string>& corpus) {
    std::string input = corpus[below(corpus.size())];
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) change(input, corpus);
    if (input.size() > mutated_bytes_max) input.resize(mutated_bytes_max);
    return input;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  char byte() {
    static constexpr char telling[] = "\0\"\\{}[]:,;\r\n \t0-9eE+.%/?&=#\x7f\xc3\xed\xff";
    return below(2) == 0 ? telling[below(sizeof telling)] : static_cast<char>(below(256));
  }

  void change(std::string& input, const std::vector<std::string>& corpus) {
    const std::size_t at = below(input.size() + 1);
    const std::size_t length = input.size() == at ? 0 : below(input.size() - at + 1);
    switch (below(6)) {
      case 0:
        if (at < input.size()) input[at] = byte();
        break;
      case 1:
        input.insert(at, 1 + below(4), byte());
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, input.substr(at, length));
        break;
      case 4:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        break;
      case 5:
        const std::string& other = corpus[below(corpus.size())];
        input.insert(at, other.substr(below(other.size() + 1)));
        break;
    }
  }

  std::mt19937_64 random_;
};

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> corpus = read_corpus(count - 1, arguments + 1);
  const std::uint64_t seed = setting("INTERLOCK_FUZZ_SEED", 1);
  const std::uint64_t mutations = setting("INTERLOCK_FUZZ_MUTATIONS", mutations_default);
  std::printf("%zu corpus entries, then %llu mutations with INTERLOCK_FUZZ_SEED=%llu\n", corpus.size(),
              static_cast<unsigned long long>(mutations), static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  for (int signal : {SIGABRT, SIGSEGV, SIGFPE}) std::signal(signal, show_input);
  for (const std::string& input : corpus) run(input);
  Mutator mutator(seed);
  for (std::uint64_t i = 0; i < mutations; ++i) {
    const std::string input = mutator.mutate(corpus);
    run(input);
  }
  return 0;
}
