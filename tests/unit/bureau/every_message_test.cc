// What holds for every message there is, tried on thousands that are made up.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <pugixml.hpp>
#include <random>
#include <set>

#include "bureau/codec_v30.h"
#include "bureau/gbk.h"
#include "bureau/messages_json.h"
#include "bureau/schema_v30.h"
#include "bureau/wire_limits.h"
#include "unit/bureau/generate.h"
#include "unit/bureau/mutate.h"
#include "unit/bureau/xsd.h"

namespace beian::bureau {
namespace {

// Of each kind. RC_PARAMS="seed=… max_success=…" repeats or lengthens a run.
constexpr int k_messages = 60;

rc::detail::TestResult try_many(const std::string& name, const std::function<void()>& property) {
  auto params = rc::detail::configuration().testParams;
  if (params.maxSuccess == 100) params.maxSuccess = k_messages;
  rc::detail::TestMetadata metadata;
  metadata.id = name;
  metadata.description = name;
  return rc::detail::checkTestable(property, metadata, params);
}

void expect_success(const std::string& name, const std::function<void()>& property) {
  const auto result = try_many(name, property);
  if (result.is<rc::detail::SuccessResult>()) return;
  std::ostringstream words;
  rc::detail::printResultMessage(result, words);
  ADD_FAILURE() << name << ": " << words.str();
}

std::string first_of(const std::vector<SchemaFault>& faults) {
  return faults.empty() ? "" : faults[0].path + ": " + faults[0].what;
}

// Made once; the tests below share them.
std::vector<std::string>& uploads_made() {
  static std::vector<std::string> all;
  return all;
}
std::vector<std::string>& downloads_made() {
  static std::vector<std::string> all;
  return all;
}

void make_uploads() {
  if (!uploads_made().empty()) return;
  for (const auto& kind : generate::upload_kinds()) {
    expect_success(kind.name, [&] {
      Upload upload;
      kind.make(upload);
      upload.unit = 1 + static_cast<Id>(generate::pick(1000));
      const auto encoded = v30::encode(upload);
      RC_ASSERT(encoded.problems.empty());
      const auto back = v30::decode_upload(encoded.xml);
      RC_ASSERT(!back.fault.has_value());
      RC_ASSERT(back.value == upload);
      const auto faults = v30::check_upload_schema(encoded.xml);
      if (!faults.empty()) RC_FAIL(first_of(faults));
      RC_ASSERT(encoded.xml.size() <= k_max_file_bytes);
      RC_ASSERT(upload_from_json(to_json(upload)) == upload);
      uploads_made().push_back(encoded.xml);
    });
  }
}

void make_downloads() {
  if (!downloads_made().empty()) return;
  for (const auto& kind : generate::download_kinds()) {
    expect_success(kind.name, [&] {
      Download download;
      kind.make(download);
      const auto encoded = v30::encode(download);
      RC_ASSERT(encoded.problems.empty());
      if (download == Download{}) return;
      const auto back = v30::decode_download(encoded.xml);
      RC_ASSERT(!back.fault.has_value());
      RC_ASSERT(back.value == download);
      const auto faults = v30::check_download_schema(encoded.xml);
      if (!faults.empty()) RC_FAIL(first_of(faults));
      RC_ASSERT(download_from_json(to_json(download)) == download);
      downloads_made().push_back(encoded.xml);
    });
  }
}

void expect_valid(const std::vector<std::string>& documents, const std::string& schema) {
  for (const auto& verdict : xsd::validate(documents, schema)) {
    ASSERT_TRUE(verdict.valid) << verdict.words;
  }
}

TEST(EveryMessage, UploadsComeBackEqualAndValidate) {
  make_uploads();
  EXPECT_GE(uploads_made().size(), 1000u);
  BEIAN_NEEDS_XSD();
  expect_valid(uploads_made(), xsd::k_upload);
}

TEST(EveryMessage, DownloadsComeBackEqualAndValidate) {
  make_downloads();
  EXPECT_GE(downloads_made().size(), 800u);
  BEIAN_NEEDS_XSD();
  expect_valid(downloads_made(), xsd::k_download);
}

// Our structure and the ministry's must agree about wrong documents too.
void expect_agreement(const std::vector<std::string>& sound, const std::string& schema,
                      std::vector<SchemaFault> (*check)(std::string_view)) {
  std::mt19937 random(20261128);
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < 1500; ++i) {
    const auto& document = sound[random() % sound.size()];
    if (document.size() > 30000) continue;
    documents.push_back(mutate::changed(document, mutate::random_change(random)));
  }
  const auto verdicts = xsd::validate(documents, schema);
  int valid = 0;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto faults = check(documents[i]);
    ASSERT_EQ(faults.empty(), verdicts[i].valid)
        << first_of(faults) << "\n"
        << verdicts[i].words << from_gbk(documents[i]).utf8;
    valid += verdicts[i].valid ? 1 : 0;
  }
  EXPECT_GT(valid, 100);
  EXPECT_LT(valid, 1300);
}

TEST(EveryMessage, ChangedUploadsAreJudgedAsTheMinistryDoes) {
  BEIAN_NEEDS_XSD();
  make_uploads();
  expect_agreement(uploads_made(), xsd::k_upload, v30::check_upload_schema);
}

TEST(EveryMessage, ChangedDownloadsAreJudgedAsTheMinistryDoes) {
  BEIAN_NEEDS_XSD();
  make_downloads();
  expect_agreement(downloads_made(), xsd::k_download, v30::check_download_schema);
}

}  // namespace
}  // namespace beian::bureau
