// Packing and unpacking the bureau's data files: 1,000 filings of two 300 KiB pictures each, in
// files of as many as 50 MB hold. Figures and how they were taken: docs/decisions/0004-packing.md.
//   bureau_bench --benchmark_min_time=1
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <zlib.h>

#include <random>

#include "base/crypto.h"
#include "bureau/auth.h"
#include "bureau/codec_v30.h"
#include "bureau/huffman_deflate.h"
#include "bureau/package.h"
#include "bureau/wire_limits.h"
#include "unit/bureau/sample.h"

namespace beian::bureau {
namespace {

constexpr int k_filings = 1000;
constexpr std::size_t k_picture = 300u << 10;
constexpr int k_each_file = 60;  // 60 × 823 KB of XML
const Cipher k_cipher{"0123456789ABCDEF", "0102030405060708"};

// Bytes as hard to compress as a JPEG's.
const std::string& picture(std::size_t number) {
  static const std::vector<std::string> pool = [] {
    std::mt19937_64 random(7);
    std::vector<std::string> pictures(16);
    for (auto& bytes : pictures) {
      bytes.resize(k_picture);
      for (auto& byte : bytes) byte = static_cast<char>(random());
    }
    return pictures;
  }();
  return pool[number % pool.size()];
}

Upload batch(int first, int count) {
  Upload upload;
  upload.unit = 110000000211;
  for (int i = first; i < first + count; ++i) {
    auto filing = sample::filing(1001 + i);
    filing.attachments.resize(2);
    for (std::size_t j = 0; j < 2; ++j) {
      filing.attachments[j].bytes = picture(static_cast<std::size_t>(i) * 2 + j);
    }
    upload.new_filings.push_back(std::move(filing));
  }
  return upload;
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void report(benchmark::State& state, std::int64_t filings) {
  state.counters["filings/s"] =
      benchmark::Counter(static_cast<double>(filings), benchmark::Counter::kIsRate);
  state.counters["peak_MiB"] = peak_mib();
}

// Everything from the messages to what isp_upload carries.
void pack_1000_filings(benchmark::State& state) {
  std::int64_t filings = 0;
  for (auto _ : state) {
    for (int first = 0; first < k_filings; first += k_each_file) {
      const int count = std::min(k_each_file, k_filings - first);
      state.PauseTiming();
      const Upload upload = batch(first, count);
      state.ResumeTiming();
      benchmark::DoNotOptimize(pack(v30::encode(upload).xml, "a.xml", k_cipher));
      filings += count;
    }
  }
  report(state, filings);
}
BENCHMARK(pack_1000_filings)->Unit(benchmark::kMillisecond);

void encode_only(benchmark::State& state) {
  const Upload upload = batch(0, k_each_file);
  for (auto _ : state) benchmark::DoNotOptimize(v30::encode(upload));
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(encode_only)->Unit(benchmark::kMillisecond);

// The compressor alone, ours and zlib's usual level on the same text.
void deflate_only(benchmark::State& state, int level, int strategy) {
  const std::string xml = v30::encode(batch(0, k_each_file)).xml;
  std::string out(xml.size() + 4096, '\0');
  std::size_t size = 0;
  for (auto _ : state) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, strategy);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(xml.data()));
    stream.avail_in = static_cast<uInt>(xml.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    size = stream.total_out;
    deflateEnd(&stream);
  }
  state.counters["ratio"] = static_cast<double>(size) / static_cast<double>(xml.size());
  report(state, state.iterations() * k_each_file);
}
void deflate_only_ours(benchmark::State& state) {
  const std::string xml = v30::encode(batch(0, k_each_file)).xml;
  std::string out;
  for (auto _ : state) {
    out.clear();
    deflate_huffman(xml, out);
  }
  state.counters["ratio"] = static_cast<double>(out.size()) / static_cast<double>(xml.size());
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(deflate_only_ours)->Unit(benchmark::kMillisecond);
void hash_only(benchmark::State& state) {
  const std::string zip(37u << 20, 'a');
  for (auto _ : state) benchmark::DoNotOptimize(md5(zip));
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(hash_only)->Unit(benchmark::kMillisecond);
void base64_only(benchmark::State& state) {
  const std::string zip(37u << 20, 'a');
  for (auto _ : state) benchmark::DoNotOptimize(to_base64(zip));
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(base64_only)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(deflate_only, zlib_huffman, 1, Z_HUFFMAN_ONLY)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(deflate_only, zlib_level_6, 6, Z_DEFAULT_STRATEGY)->Unit(benchmark::kMillisecond);

// The same package with zlib level 6 in place of Huffman only: what it would take.
void pack_with_level_6(benchmark::State& state) {
  const Upload upload = batch(0, k_each_file);
  for (auto _ : state) {
    const std::string xml = v30::encode(upload).xml;
    std::string out(xml.size() + 4096, '\0');
    uLongf size = out.size();
    compress2(reinterpret_cast<Bytef*>(out.data()), &size,
              reinterpret_cast<const Bytef*>(xml.data()), xml.size(), 6);
    out.resize(size);
    benchmark::DoNotOptimize(md5(out));
    benchmark::DoNotOptimize(to_base64(out));
  }
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(pack_with_level_6)->Unit(benchmark::kMillisecond);

// From what isp_download carries to the messages.
void unpack_filings(benchmark::State& state) {
  const Package package = pack(v30::encode(batch(0, k_each_file)).xml, "a.xml", k_cipher);
  for (auto _ : state) {
    const auto unpacked = unpack(package, k_cipher);
    benchmark::DoNotOptimize(v30::decode_upload(unpacked.xml));
  }
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(unpack_filings)->Unit(benchmark::kMillisecond);

void unzip_only(benchmark::State& state) {
  const Package package = pack(v30::encode(batch(0, k_each_file)).xml, "a.xml", k_cipher);
  for (auto _ : state) benchmark::DoNotOptimize(unpack(package, k_cipher));
  report(state, state.iterations() * k_each_file);
}
BENCHMARK(unzip_only)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace beian::bureau

BENCHMARK_MAIN();
