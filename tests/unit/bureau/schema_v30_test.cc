#include "bureau/schema_v30.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "bureau/codec_v30.h"
#include "unit/bureau/mutate.h"
#include "unit/bureau/sample.h"

namespace beian::bureau {
namespace {

std::string base_document() {
  auto filing = sample::filing();
  filing.organiser.remark = "备注";
  filing.websites[0].approvals = {Approval{1, "新闻1", {sample::jpeg()}}};
  filing.websites[0].remark = "备注";
  filing.websites[0].manager.qq = "10000";
  return v30::encode(sample::upload(filing)).xml;
}

using mutate::Change;

std::string changed(const Change& change) { return mutate::changed(base_document(), change); }

pugi::xml_node at(const pugi::xml_document& document, const std::string& path) {
  return document.select_node(("/UploadData/ICP/XZBA/Baxx/" + path).c_str()).node();
}

void expect_fault(const Change& change, const std::string& path, const std::string& what) {
  const auto faults = v30::check_upload_schema(changed(change));
  ASSERT_FALSE(faults.empty());
  EXPECT_TRUE(faults[0].path.ends_with(path)) << faults[0].path;
  EXPECT_NE(faults[0].what.find(what), std::string::npos) << faults[0].what;
}

TEST(Schema, TheSampleIsRight) {
  EXPECT_TRUE(v30::check_upload_schema(changed([](auto&) {})).empty());
}

TEST(Schema, APhoneOfTenCharactersIsTooShort) {
  expect_fault([](auto& d) { at(d, "Zt_xx/Fzr/Fzr_sjhm").text().set("1300000000"); },
               "Zt_xx/Fzr/Fzr_sjhm", "length 10");
}

TEST(Schema, LengthCountsCharactersNotBytes) {
  std::string name;
  for (int i = 0; i < 255; ++i) name += "中";
  EXPECT_TRUE(v30::check_upload_schema(changed([&](auto& d) {
                at(d, "Zt_xx/Dwmc").text().set(name.c_str());
              })).empty());
  expect_fault([&](auto& d) { at(d, "Zt_xx/Dwmc").text().set((name + "中").c_str()); },
               "Zt_xx/Dwmc", "length 256");
}

TEST(Schema, ASequenceOutOfOrderIsRefusedAnAnyOrderGroupIsNot) {
  expect_fault(
      [](auto& d) {
        auto group = at(d, "Zt_xx/Zj");
        group.prepend_move(group.child("Zjzs"));
      },
      "Zt_xx/Zj", "missing");
  EXPECT_TRUE(v30::check_upload_schema(changed([](auto& d) {
                auto group = at(d, "Zt_xx");
                group.prepend_move(group.child("Bbfs"));
              })).empty());
}

TEST(Schema, AnEmptyApprovalGroupIsRefused) {
  expect_fault([](auto& d) { at(d, "Wz_xx/Nrlx").remove_children(); }, "Wz_xx/Nrlx", "Nrlx_xx");
}

TEST(Schema, TwoFjxxInOneFjAreRefused) {
  expect_fault(
      [](auto& d) {
        auto group = at(d, "Fj");
        group.append_copy(group.child("Fjxx"));
      },
      "Fj/Fjxx", "place");
}

TEST(Schema, TheRegionIsASixDigitCode) {
  expect_fault([](auto& d) { at(d, "Zt_xx/Txdz/Shengid").text().set("33"); }, "Shengid", "100000");
}

TEST(Schema, NumbersMustBeNumbers) {
  for (const char* value : {"", "4 4", "1.0", "1e3", "０", "99999999999999999999"}) {
    expect_fault([&](auto& d) { at(d, "Wz_xx/IspWzid").text().set(value); }, "IspWzid", "number");
  }
}

TEST(Schema, TheVersionAttributeIsRequired) {
  expect_fault([](auto& d) { d.document_element().remove_attribute("version"); }, "UploadData",
               "version");
}

TEST(Schema, QqdwidIsRequired) {
  expect_fault([](auto& d) { d.document_element().child("ICP").remove_child("Qqdwid"); }, "ICP",
               "Qqdwid");
}

}  // namespace
}  // namespace beian::bureau
