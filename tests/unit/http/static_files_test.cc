#include "http/static_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace beian {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest()
      : root_(fs::temp_directory_path() / ("static_test." + std::to_string(getpid()))) {
    fs::remove_all(root_);
    write("dist/index.html", "<!doctype html>home");
    write("dist/desk/index.html", "<!doctype html>desk");
    write("dist/assets/app-1a2b.js", "import()");
    write("dist/assets/app-1a2b.js.gz", "gzipped");
    write("dist/favicon.ico", "icon");
    write("dist/.vite/manifest.json", "secret");
    write("secret.txt", "secret");
    fs::create_symlink(root_ / "secret.txt", root_ / "dist/link.txt");
  }
  ~StaticFilesTest() override { fs::remove_all(root_); }

  void write(const std::string& path, std::string_view content) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << content;
  }
  Response get(std::string path, std::multimap<std::string, std::string> headers = {}) {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return StaticFiles::load((root_ / "dist").string()).serve(request);
  }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

 private:
  fs::path root_;
};

TEST_F(StaticFilesTest, CachesHashedNamesForEver) {
  const Response response = get("/assets/app-1a2b.js");
  EXPECT_EQ(response.body, "import()");
  EXPECT_EQ(header(response, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/favicon.ico"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, RevalidatesByEtag) {
  const std::string etag = header(get("/"), "ETag");
  EXPECT_EQ(get("/", {{"if-none-match", "W/" + etag}}).status, 304);
  EXPECT_EQ(get("/", {{"if-none-match", "\"other\", " + etag}}).body, "");
  const Response changed = get("/", {{"if-none-match", "\"other\""}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, "<!doctype html>home");
  EXPECT_NE(header(get("/desk/"), "ETag"), etag);
}

TEST_F(StaticFilesTest, SendsTheCompressedFormToWhoTakesIt) {
  const auto ask = [&](const std::string& encodings) {
    return get("/assets/app-1a2b.js", {{"accept-encoding", encodings}});
  };
  EXPECT_EQ(ask("br, gzip;q=0.5").body, "gzipped");
  EXPECT_EQ(header(ask("gzip"), "Content-Encoding"), "gzip");
  EXPECT_EQ(header(ask("gzip"), "Vary"), "Accept-Encoding");
  EXPECT_EQ(header(ask("gzip"), "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(ask("br").body, "import()");
  EXPECT_EQ(ask("gzip;q=0").body, "import()");
  EXPECT_EQ(header(ask("br"), "Vary"), "Accept-Encoding");
  EXPECT_NE(header(ask("br"), "ETag"), header(ask("gzip"), "ETag"));
}

TEST_F(StaticFilesTest, GivesPathsOfThePagesTheNearestIndex) {
  EXPECT_EQ(get("/").body, "<!doctype html>home");
  EXPECT_EQ(get("/apply/8/status").body, "<!doctype html>home");
  EXPECT_EQ(get("/m/ticket").body, "<!doctype html>home");
  EXPECT_EQ(get("/check/example.cn").body, "<!doctype html>home");
  EXPECT_EQ(get("/desk").body, "<!doctype html>desk");
  EXPECT_EQ(get("/desk/8/a").body, "<!doctype html>desk");
  EXPECT_EQ(get("/desktop").body, "<!doctype html>home");
  EXPECT_EQ(header(get("/apply/8"), "Content-Type"), "text/html; charset=utf-8");
}

TEST_F(StaticFilesTest, MissingFilesAreMissing) {
  EXPECT_EQ(get("/assets/gone").status, 404);
  EXPECT_EQ(get("/robots.txt").status, 404);
  EXPECT_EQ(get("/assets/app-1a2b.js.gz").status, 404);
}

TEST_F(StaticFilesTest, NothingOutsideTheFolderIsServed) {
  for (const char* path :
       {"/../secret.txt", "/assets/../../secret.txt", "/link.txt", "/.vite/manifest.json",
        "//secret.txt", "/..%2fsecret.txt", "/dist/../secret.txt"}) {
    EXPECT_EQ(get(path).body.find("secret"), std::string::npos) << path;
  }
}

TEST_F(StaticFilesTest, SaysThatThePagesAreNotBuilt) {
  EXPECT_THROW(StaticFiles::load("/nowhere"), std::runtime_error);
  EXPECT_THROW(StaticFiles::load(BEIAN_ROOT "/src"), std::runtime_error);
}

}  // namespace
}  // namespace beian
