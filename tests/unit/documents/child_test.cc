#include "documents/child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "documents/confine.h"
#include "documents/wire.h"
#include "pictures.h"

namespace beian::documents {
namespace {

using namespace std::chrono_literals;

PrepareRequest request_for(const Image& image) {
  PrepareRequest request;
  request.file = encode_jpeg(image, {});
  request.fit_bytes = 75 << 10;
  return request;
}

ChildPoolOptions with_command(const std::string& script) {
  ChildPoolOptions options;
  options.command = {"/bin/sh", "-c", script};
  return options;
}

// Waits until the worker has a child that is not in `known`, and returns it.
pid_t next_child(const ImageWorker& worker, const std::set<pid_t>& known = {}) {
  while (true) {
    for (pid_t pid : worker.children()) {
      if (!known.contains(pid)) return pid;
    }
    std::this_thread::yield();
  }
}

std::string only_code(const PrepareOutcome& outcome) {
  return !outcome.prepared && outcome.problems.size() == 1 ? outcome.problems[0].code : "?";
}

TEST(ImageWorker, PreparesAsInProcess) {
  const PrepareRequest request = request_for(make_asymmetric(900, 700));
  const PrepareOutcome here = prepare(request);
  ImageWorker worker;
  const PrepareOutcome there = worker.prepare(request);
  ASSERT_TRUE(here.prepared && there.prepared);
  EXPECT_EQ(there.prepared->full, here.prepared->full);
  EXPECT_EQ(there.prepared->thumbnail, here.prepared->thumbnail);
  EXPECT_EQ(there.prepared->fitted.jpeg, here.prepared->fitted.jpeg);
  EXPECT_EQ(there.prepared->fitted.legibility, here.prepared->fitted.legibility);
  EXPECT_EQ(there.prepared->source_width, 900);
}

TEST(ImageWorker, CarriesProblemsWithTheirParameters) {
  ImageWorker worker;
  PrepareRequest request;
  request.file = make_png_bomb(30000, 30000);
  const PrepareOutcome outcome = worker.prepare(request);
  EXPECT_EQ(only_code(outcome), "image_side_too_long");
  EXPECT_EQ(outcome.problems.at(0).params.at("height"), "30000");
  EXPECT_TRUE(outcome.problems.at(0).hard);
}

TEST(ImageWorker, PlainlyNoPictureWakesNobody) {
  ImageWorker worker(with_command("exit 1"));
  PrepareRequest request;
  request.file = "<html>";
  EXPECT_EQ(only_code(worker.prepare(request)), "file_is_html");
  EXPECT_TRUE(worker.children().empty());
}

TEST(ImageWorker, KeepsItsChildAndReplacesItAfterItsJobs) {
  const PrepareRequest request = request_for(make_asymmetric(60, 40));
  ChildPoolOptions options = image_worker_options();
  options.jobs_per_process = 2;
  ImageWorker worker(options);
  ASSERT_TRUE(worker.prepare(request).prepared);
  const std::vector<pid_t> first = worker.children();
  ASSERT_EQ(first.size(), 1u);
  ASSERT_TRUE(worker.prepare(request).prepared);
  EXPECT_TRUE(worker.children().empty());  // two jobs done
  ASSERT_TRUE(worker.prepare(request).prepared);
  EXPECT_NE(worker.children(), first);
}

TEST(ImageWorker, AChildKilledAtWorkIsReplacedAndTheWorkDone) {
  const PrepareRequest request = request_for(make_noise(700, 500));
  ImageWorker worker;
  std::thread killer([&] { kill(next_child(worker), SIGKILL); });
  const PrepareOutcome outcome = worker.prepare(request);
  killer.join();
  EXPECT_TRUE(outcome.prepared);
}

TEST(ImageWorker, AChildKilledIdleIsReplaced) {
  const PrepareRequest request = request_for(make_asymmetric(60, 40));
  ImageWorker worker;
  ASSERT_TRUE(worker.prepare(request).prepared);
  const pid_t idle = next_child(worker);
  kill(idle, SIGKILL);
  EXPECT_TRUE(worker.prepare(request).prepared);
  EXPECT_NE(next_child(worker), idle);
}

TEST(ImageWorker, AFileThatKillsTwoChildrenIsDamaged) {
  ImageWorker worker;
  const PrepareRequest request = request_for(make_noise(700, 500));
  std::thread killer([&] {
    const pid_t first = next_child(worker);
    kill(first, SIGSEGV);
    kill(next_child(worker, {first}), SIGSEGV);
  });
  const PrepareOutcome outcome = worker.prepare(request);
  killer.join();
  EXPECT_EQ(only_code(outcome), "image_damaged");
  EXPECT_TRUE(worker.prepare(request_for(make_asymmetric(60, 40))).prepared);  // and life goes on
}

TEST(ImageWorker, AnAnswerThatIsNoneCountsAsDeath) {
  const PrepareRequest request = request_for(make_asymmetric(60, 40));
  ImageWorker echo(with_command("exec cat"));
  EXPECT_EQ(only_code(echo.prepare(request)), "image_damaged");
  ImageWorker endless(with_command("exec cat /dev/zero"));
  EXPECT_EQ(only_code(endless.prepare(request)), "image_damaged");
  ImageWorker huge(
      with_command("printf '\\377\\377\\377\\377\\377\\377\\377\\377'; exec sleep 60"));
  EXPECT_EQ(only_code(huge.prepare(request)), "image_damaged");
}

TEST(ImageWorker, ASlowPictureIsGivenUpAtTheDeadline) {
  ChildPoolOptions options = with_command("exec sleep 600");
  options.deadline = 50ms;
  ImageWorker worker(options);
  EXPECT_EQ(only_code(worker.prepare(request_for(make_noise(900, 700)))), "image_too_slow");
  EXPECT_TRUE(worker.children().empty());
}

TEST(ImageWorker, CallersBeyondTheBoundAreRefusedAtOnceAndWaitersInTime) {
  ChildPoolOptions options = with_command("exec sleep 600");
  options.processes = 1;
  options.deadline = 120s;
  const PrepareRequest request = request_for(make_asymmetric(60, 40));
  for (int waiting : {0, 1}) {
    options.max_waiting = waiting;
    options.wait = waiting == 0 ? 60s : 20ms;  // with no room to wait, not even that is waited
    ImageWorker worker(options);
    std::thread busy([&] { worker.prepare(request); });
    const pid_t child = next_child(worker);
    const auto start = std::chrono::steady_clock::now();
    try {
      worker.prepare(request);
      ADD_FAILURE() << "not refused";
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code(), RefusalCode::unavailable);
      EXPECT_EQ(refusal.reason(), "image_workers_busy");
      EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
    }
    kill(child, SIGKILL);
    kill(next_child(worker, {child}), SIGKILL);
    busy.join();
  }
}

TEST(ImageWorker, ManyCallersShareFewChildren) {
  const PrepareRequest request = request_for(make_asymmetric(200, 100));
  ImageWorker worker;
  std::atomic<int> done = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] { done += worker.prepare(request).prepared ? 1 : 0; });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(done, 8);
  EXPECT_LE(worker.children().size(), 2u);
}

TEST(ImageWorker, SaysWhenNoChildCanStart) {
  ChildPoolOptions options;
  options.command = {"/nonexistent/beian"};
  ImageWorker worker(options);
  EXPECT_THROW(worker.prepare(request_for(make_asymmetric(60, 40))), std::runtime_error);
  EXPECT_THROW(worker.prepare(request_for(make_asymmetric(60, 40))), std::runtime_error);
}

TEST(ImageWorker, ChildrenInheritNeitherDescriptorsNorSecrets) {
  const auto folder = std::filesystem::temp_directory_path() / ("child" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream open_file(folder / "open");  // not close-on-exec on purpose
  setenv("BEIAN_TEST_SECRET", "hunter2", 1);
  const std::string out = (folder / "seen").string();
  ImageWorker worker(with_command("ls -l /proc/$$/fd > " + out + "; /usr/bin/env >> " + out));
  worker.prepare(request_for(make_asymmetric(60, 40)));
  unsetenv("BEIAN_TEST_SECRET");
  std::stringstream seen;
  seen << std::ifstream(out).rdbuf();
  std::filesystem::remove_all(folder);
  EXPECT_NE(seen.str().find("socket:"), std::string::npos) << seen.str();  // it did look
  EXPECT_EQ(seen.str().find("/open"), std::string::npos) << seen.str();
  EXPECT_EQ(seen.str().find("hunter2"), std::string::npos) << seen.str();
}

TEST(ImageWorkerMain, EndsWhenItsParentDoes) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  EXPECT_EQ(std::system((self + " " + k_image_worker_argument + " </dev/null").c_str()), 0);
}

TEST(Confine, LeavesOnlyMemoryReadingAndWriting) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizer builds are not confined";
#endif
  EXPECT_EXIT(
      {
        const bool whole = confine_to_decoding(512u << 20);
        const bool file = fopen("/etc/hostname", "r") != nullptr;
        const bool network = socket(AF_INET, SOCK_STREAM, 0) >= 0;
        const bool process = fork() >= 0;
        const bool memory = malloc(std::size_t{2} << 30) != nullptr;
        _exit(!whole ? 1 : file ? 2 : network ? 3 : process ? 4 : memory ? 5 : 42);
      },
      ::testing::ExitedWithCode(42), "");
}

TEST(Wire, RequestsComeThroughWhole) {
  PrepareRequest request = request_for(make_asymmetric(60, 40));
  request.limits.max_side = 77;
  const std::string packed = pack(request);
  EXPECT_EQ(message_length(packed), packed.size() - k_length_bytes);
  const auto unpacked = unpack_request(std::string_view(packed).substr(k_length_bytes));
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(unpacked->file, request.file);
  EXPECT_EQ(unpacked->limits.max_side, 77);
}

TEST(Wire, AnswersOfAChildTakenOverAreNotBelieved) {
  const PrepareRequest request = request_for(make_asymmetric(60, 40));
  const PrepareOutcome honest = prepare(request);
  const auto passes = [&](const PrepareOutcome& outcome) {
    const std::string packed = pack(outcome);
    return unpack_outcome(std::string_view(packed).substr(k_length_bytes), request.fit_bytes)
        .has_value();
  };
  EXPECT_TRUE(passes(honest));
  PrepareOutcome lie = honest;
  lie.prepared->full = "<html>";
  EXPECT_FALSE(passes(lie));
  lie = honest;
  lie.prepared->thumbnail = "<svg>";
  EXPECT_FALSE(passes(lie));
  lie = honest;
  lie.prepared->fitted.jpeg += std::string(75 << 10, 'x');
  EXPECT_FALSE(passes(lie));
  EXPECT_FALSE(passes({}));  // neither picture nor problem
}

TEST(Wire, CutAndChangedMessagesAreAnswered) {
  const std::string packed = pack(prepare(request_for(make_asymmetric(8, 8))));
  const std::string_view message = std::string_view(packed).substr(k_length_bytes);
  for (std::size_t cut = 0; cut < message.size(); ++cut) {
    EXPECT_FALSE(unpack_outcome(message.substr(0, cut), 75 << 10));
    std::string changed(message);
    changed[cut] = static_cast<char>(changed[cut] ^ 0xff);
    unpack_outcome(changed, 75 << 10);  // must neither crash nor allocate what it claims
  }
}

}  // namespace
}  // namespace beian::documents
