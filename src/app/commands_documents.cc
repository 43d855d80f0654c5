// beian papers draw | score: synthetic papers and photographs by the hundred, and how well they are
// read and judged.
#include "app/commands_documents.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "app/composition.h"
#include "base/file.h"
#include "documents/sample_sets.h"

namespace beian::app {
namespace {

struct Options {
  std::string set, folder, data = default_root() + "/data";
  std::vector<std::string> sets;
  int count = 200, from = 0;
  bool use_code = false, misses = false;
};

void draw(const Options& options) {
  make_private_folder(options.folder);
  for (int i = options.from; i < options.from + options.count; ++i) {
    const documents::SampleCase sample = documents::draw_case(options.set, i);
    const std::string path = fmt::format("{}/{}-{:03}", options.folder, options.set, i);
    std::ofstream(path + ".jpg", std::ios::binary) << sample.jpeg;
    if (sample.truth.empty()) continue;
    std::ofstream truth(path + ".txt");
    for (const auto& [field, value] : sample.truth) truth << field << '\t' << value << '\n';
    if (!truth) throw std::runtime_error("cannot write " + path);
  }
}

void print_shares(const char* title, const std::map<std::string, std::pair<int, int>>& shares) {
  if (shares.empty()) return;
  std::printf("%s\n", title);
  for (const auto& [name, share] : shares)
    std::printf("  %-32s %5d / %-5d %6.1f %%\n", name.c_str(), share.first, share.second,
                100.0 * share.first / share.second);
}

// The engine's threads would burn several times the processor time that is to be measured, and it
// looks at this only when its library is loaded: so the program starts itself once more.
void on_one_thread() {
  if (std::getenv("OMP_THREAD_LIMIT") != nullptr) return;
  ::setenv("OMP_THREAD_LIMIT", "1", 1);
  std::string line = read_file("/proc/self/cmdline");
  std::vector<char*> arguments;
  for (std::size_t at = 0; at < line.size(); at = line.find('\0', at) + 1)
    arguments.push_back(&line[at]);
  arguments.push_back(nullptr);
  ::execv("/proc/self/exe", arguments.data());
}

void print_score(const Options& options) {
  on_one_thread();
  const auto reader = documents::load_reader();
  const auto faces = documents::load_face_finder();
  if (!reader || !faces)
    std::fprintf(stderr, "%s\n",
                 reader ? "no face cascade: install opencv-data"
                        : "no language data: install tesseract-ocr-chi-sim and tesseract-ocr-eng");
  documents::ScoreOptions wanted;
  wanted.count = options.count;
  wanted.from = options.from;
  wanted.use_code = options.use_code;
  wanted.sets = options.sets;
  if (options.misses)
    wanted.miss = [](std::string_view set, int number, std::string_view what) {
      std::printf("miss %.*s %d: %.*s\n", static_cast<int>(set.size()), set.data(), number,
                  static_cast<int>(what.size()), what.data());
    };
  const documents::Score score =
      documents::score(wanted, documents::Thresholds::load(options.data + "/documents/checks.json"),
                       {reader.get(), faces.get()});
  print_shares("fields read right", score.fields);
  print_shares("readings called doubtful", score.doubted);
  print_shares("defects found", score.found);
  print_shares("false alarms", score.false_alarms);
  std::printf("processor time, ms a picture (one thread)\n");
  for (const auto& [set, time] : score.times)
    std::printf("  %-32s mean %5.0f  worst %5.0f\n", set.c_str(), time.mean_ms, time.worst_ms);
}

}  // namespace

void add_document_commands(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* papers = app.add_subcommand(
      "papers", "synthetic papers and photographs (样张), and how well they are read");
  papers->require_subcommand(1);
  CLI::App* drawing = papers->add_subcommand("draw", "writes pictures of a set into a folder");
  drawing->add_option("set", options->set)->required();
  drawing->add_option("folder", options->folder)->required();
  drawing->add_option("--count", options->count)->capture_default_str();
  drawing->add_option("--from", options->from, "number of the first picture")
      ->capture_default_str();
  drawing->callback([options] { draw(*options); });
  CLI::App* scoring = papers->add_subcommand("score", "reads and judges the sets, and counts");
  scoring->add_option("--set", options->sets, "only these sets");
  scoring->add_option("--count", options->count, "pictures of each set")->capture_default_str();
  scoring->add_option("--from", options->from, "number of the first: another one, another sample")
      ->capture_default_str();
  scoring->add_option("--data", options->data, "folder of the data files");
  scoring->add_flag("--with-code", options->use_code, "use a licence's QR code as well");
  scoring->add_flag("--misses", options->misses, "say what went wrong in which picture");
  scoring->callback([options] { print_score(*options); });
}

}  // namespace beian::app
