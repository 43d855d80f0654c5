// The gate's own part of bench/gate_run: fills its table, asks in process, serves over HTTP.
//   gate_bench seed FOLDER NAMES      a registry of that many names, the same as names, and hosts
//   gate_bench ready FOLDER 0         ready from the database; leaves the snapshot
//   gate_bench ask FOLDER SECONDS     ready from the snapshot, bytes, questions per second
//   gate_bench serve FOLDER PORT      the listener
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "db/db.h"
#include "gate/follower.h"
#include "gate/listener.h"
#include "gate/nginx_map.h"
#include "gate/snapshot.h"

namespace beian::bench {
namespace {

using Clock = std::chrono::steady_clock;

// Of the processor: what else the machine does counts less than in time by the clock.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

// Lengths and suffixes about as they are among filed names; 40,000 different servers.
std::string name_of(std::uint64_t n) {
  static const char* const k_suffixes[] = {".com", ".com", ".com",    ".com",    ".cn",     ".cn",
                                           ".cn",  ".net", ".com.cn", ".com.cn", ".net.cn", ".top"};
  std::uint64_t x = n * 0x9E3779B97F4A7C15ULL + 0x1234567;
  x ^= x >> 29;
  std::string label;
  for (std::size_t length = 3 + x % 9; label.size() < length; x = x * 6364136223846793005ULL + 1)
    label += static_cast<char>('a' + (x >> 33) % 26);
  return label + fmt::format("{:x}", n) + k_suffixes[(x >> 40) % std::size(k_suffixes)];
}

std::string address_of(std::uint64_t n) {
  const std::uint64_t server = (n * 2654435761u) % 40'000;
  return fmt::format("203.{}.{}.{}", server / 16384 % 64, server / 128 % 128, server % 128 + 1);
}

// What visitors' browsers ask: most with www or another name in front, one in ten not filed here.
std::string host_of(std::mt19937_64& random, std::uint64_t names) {
  const std::uint64_t n = random() % names;
  if (random() % 10 == 0) return "www." + name_of(n + names * 7);
  switch (random() % 4) {
    case 0:
      return name_of(n);
    case 1:
      return "m." + name_of(n);
    default:
      return "www." + name_of(n);
  }
}

void seed(const std::string& folder, std::uint64_t names) {
  const auto db = open_database("sqlite:" + folder + "/gate.db", 2);
  migrate(*db, BEIAN_ROOT "/migrations");
  // In order, so that the seeding itself takes seconds.
  std::vector<std::pair<std::string, std::uint64_t>> all;
  for (std::uint64_t n = 0; n < names; ++n) all.emplace_back(name_of(n), n);
  std::sort(all.begin(), all.end());
  std::ofstream list(folder + "/names");
  for (std::size_t from = 0; from < all.size(); from += 50'000)
    db->write([&](Tx& tx) {
      for (std::size_t i = from; i < std::min(from + 50'000, all.size()); ++i) {
        tx.execute(
            "INSERT INTO gate_names (domain, filed, served_from, position) VALUES ($1, 1, $2, 0)",
            {all[i].first, address_of(all[i].second)});
        list << all[i].first << '\n';
      }
    });
  std::mt19937_64 random(7);
  std::ofstream hosts(folder + "/hosts");
  for (int i = 0; i < 1'000'000; ++i) hosts << host_of(random, names) << '\n';
  gate::write_nginx_map(*db, folder + "/filed.map");
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// From the database as at the first start, then from the snapshot as at every later one.
void ready(const std::string& folder) {
  const auto db = open_database("sqlite:" + folder + "/gate.db", 2);
  gate::Gate gate;
  const auto begun = Clock::now();
  const double begun_cpu = cpu_seconds();
  gate.load(gate::read_names(*db));
  std::printf("ready from the database %.2f s (%.2f s of processor)\n", seconds_since(begun),
              cpu_seconds() - begun_cpu);
  gate::save_snapshot(folder + "/gate.snapshot", *gate.table(), 0);
}

// `round` asks `hosts` questions and says how many were filed.
template <typename Round>
void measure(const char* how, double seconds, std::size_t hosts, Round&& round) {
  std::uint64_t asked = 0, filed = 0;
  const auto start = Clock::now();
  const double start_cpu = cpu_seconds();
  double took = 0;
  while (took < seconds) {
    filed += round();
    asked += hosts;
    took = seconds_since(start);
  }
  const double n = static_cast<double>(asked);
  std::printf("gate, %s: %.2f M/s, %.2f M a processor second, %.1f %% filed\n", how, n / took / 1e6,
              n / (cpu_seconds() - start_cpu) / 1e6, 100.0 * static_cast<double>(filed) / n);
}

// The names come from the snapshot that `ready` left.
void ask(const std::string& folder, double seconds) {
  gate::Gate gate;
  const auto begun = Clock::now();
  const double begun_cpu = cpu_seconds();
  auto kept = gate::open_snapshot(folder + "/gate.snapshot");
  gate.load(std::move(kept.value().names));
  std::printf("ready from the snapshot %.2f s (%.2f s of processor)\n", seconds_since(begun),
              cpu_seconds() - begun_cpu);
  const std::vector<std::string> hosts = lines_of(folder + "/hosts");
  // All text in one piece, as a server's buffers are, and not where the table was just built.
  std::string text;
  for (const std::string& host : hosts) text += host + '\n';
  const double names = static_cast<double>(gate.names());
  std::printf("gate %.0f names, %.1f bytes a name\n", names,
              static_cast<double>(gate.bytes()) / names);
  measure("one by one", seconds, hosts.size(), [&] {
    std::uint64_t filed = 0;
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      filed += gate.ask(rest.substr(0, end)) == gate::Verdict::filed ? 1 : 0;
      rest.remove_prefix(end + 1);
    }
    return filed;
  });
  measure("256 at once", seconds, hosts.size(), [&] {
    std::uint64_t filed = 0;
    std::vector<gate::Gate::Question> questions;
    std::array<gate::Verdict, 256> verdicts{};
    for (std::string_view rest = text; !rest.empty();) {
      questions.clear();
      while (questions.size() < verdicts.size() && !rest.empty()) {
        const std::size_t end = rest.find('\n');
        questions.push_back({rest.substr(0, end), {}});
        rest.remove_prefix(end + 1);
      }
      gate.ask(questions, verdicts);
      filed += static_cast<std::uint64_t>(std::count(
          verdicts.begin(), verdicts.begin() + static_cast<std::ptrdiff_t>(questions.size()),
          gate::Verdict::filed));
    }
    return filed;
  });
}

void serve(const std::string& folder, int port) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const auto db = open_database("sqlite:" + folder + "/gate.db", 2);
  gate::Gate gate;
  gate.load(gate::read_names(*db));
  gate::ListenerOptions options;
  options.port = port;
  const gate::Listener listener(gate, options);
  std::printf("listening\n");
  std::fflush(stdout);
  int got = 0;
  sigwait(&set, &got);
}

}  // namespace
}  // namespace beian::bench

int main(int argc, char** argv) {
  using namespace beian::bench;
  const std::string what = argc > 3 ? argv[1] : "";
  if (what == "seed")
    seed(argv[2], std::stoull(argv[3]));
  else if (what == "ready")
    ready(argv[2]);
  else if (what == "ask")
    ask(argv[2], std::stod(argv[3]));
  else if (what == "serve")
    serve(argv[2], std::stoi(argv[3]));
  else
    return 2;
  return 0;
}
