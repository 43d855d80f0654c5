#include "gate/snapshot.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "gate/gate.h"
#include "support/temp_dir.h"

namespace beian::gate {
namespace {

constexpr std::string_view k_long = "a-name-of-more-than-twenty-seven-letters.example-company.cn";

NameTable some_names() {
  TableBuilder builder(5);
  builder.add({"any.cn", ""});
  builder.add({"two.com.cn", "203.0.113.7 2001:db8::1"});
  builder.add({k_long, "203.0.113.9"});
  return builder.finish();
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Snapshot, GivesTheSameAnswersAgain) {
  const testing::TempDir folder;
  const std::string path = folder.path("gate.snapshot");
  save_snapshot(path, some_names(), 42);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);

  auto kept = open_snapshot(path);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->position, 42);
  EXPECT_EQ(kept->names.size(), 3u);
  Gate gate;
  gate.load(std::move(kept->names), {{"any.cn", "", true}, {"later.cn", "", false}});
  EXPECT_EQ(gate.ask("www.two.com.cn", "2001:db8::1"), Verdict::filed);
  EXPECT_EQ(gate.ask("two.com.cn", "203.0.113.9"), Verdict::wrong_address);
  EXPECT_EQ(gate.ask(k_long, "203.0.113.9"), Verdict::filed);
  EXPECT_EQ(gate.ask("other.com.cn"), Verdict::not_filed);
  EXPECT_EQ(gate.ask("any.cn"), Verdict::not_filed);
  EXPECT_EQ(gate.ask("later.cn"), Verdict::filed);
}

// Whatever happened to the file: no answer comes from it.
TEST(Snapshot, LeavesADamagedFileAside) {
  const testing::TempDir folder;
  const std::string path = folder.path("gate.snapshot"), other = folder.path("damaged");
  EXPECT_FALSE(open_snapshot(path));
  save_snapshot(path, some_names(), 42);
  const std::string whole = bytes_of(path);
  for (std::size_t at = 0; at < whole.size(); at += at < 200 ? 1 : 7) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    std::ofstream(other, std::ios::binary) << damaged;
    EXPECT_FALSE(open_snapshot(other)) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{50}, whole.size() - 1}) {
    std::ofstream(other, std::ios::binary) << whole.substr(0, size);
    EXPECT_FALSE(open_snapshot(other)) << size;
  }
  std::ofstream(other, std::ios::binary) << whole << 'x';
  EXPECT_FALSE(open_snapshot(other));
  EXPECT_THROW(save_snapshot(folder.path("no/such/folder"), some_names(), 1), std::runtime_error);
  EXPECT_EQ(bytes_of(path), whole);
}

}  // namespace
}  // namespace beian::gate
