#include "bureau/schema_v30.h"

#include <gtest/gtest.h>

#include <functional>
#include <pugixml.hpp>
#include <random>
#include <sstream>

#include "bureau/codec_v30.h"
#include "bureau/gbk.h"
#include "unit/bureau/sample.h"
#include "unit/bureau/xsd.h"

namespace beian::bureau {
namespace {

std::string base_document() {
  auto filing = sample::filing();
  filing.organiser.remark = "备注";
  filing.websites[0].approvals = {Approval{1, "新闻1", {sample::jpeg()}}};
  filing.websites[0].remark = "备注";
  filing.websites[0].manager.qq = "10000";
  return from_gbk(v30::encode(sample::upload(filing)).xml).utf8;
}

using Change = std::function<void(pugi::xml_document&)>;

std::string changed(const Change& change) {
  pugi::xml_document document;
  const auto text = base_document();
  document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
                       pugi::encoding_utf8);
  change(document);
  std::ostringstream out;
  document.document_element().print(out, "", pugi::format_raw, pugi::encoding_utf8);
  return "<?xml version=\"1.0\" encoding=\"GBK\"?>" + to_gbk(out.str()).value();
}

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

// Random changes of every kind; the ministry's schema decides what is right. (No blanks around a
// number: the standard has them removed, libxml2 refuses them.)
Change random_change(std::mt19937& random) {
  const auto seed = random();
  return [seed](pugi::xml_document& document) {
    std::mt19937 pick(seed);
    std::vector<pugi::xml_node> nodes;
    for (const auto& found : document.select_nodes("/UploadData//*")) nodes.push_back(found.node());
    auto node = nodes[pick() % nodes.size()];
    const char* values[] = {"",
                            "0",
                            "1",
                            "-1",
                            "+1",
                            "+7",
                            "64",
                            "65",
                            "999",
                            "1000",
                            "abc",
                            "中文",
                            "4294967295",
                            "4294967296",
                            "99999",
                            "100000",
                            "12345678901",
                            "1.5",
                            " ",
                            "10",
                            "11",
                            "9223372036854775807",
                            "9223372036854775808",
                            "00012",
                            "- 1",
                            "+-1"};
    switch (pick() % 8) {
      case 0:
        node.parent().remove_child(node);
        break;
      case 1:
        node.parent().insert_copy_after(node, node);
        break;
      case 2:
      case 3: {
        node.remove_children();
        node.append_child(pugi::node_pcdata).set_value(values[pick() % std::size(values)]);
        break;
      }
      case 4:
        if (auto other = node.next_sibling()) node.parent().insert_move_before(other, node);
        break;
      case 5:
        node.set_name("Unknown");
        break;
      case 6: {
        node.remove_children();
        const char* lengths[] = {"1",   "4",   "5",   "6",   "10",  "11",   "128",
                                 "129", "255", "256", "512", "513", "1024", "1025"};
        std::string value(static_cast<std::size_t>(std::atoi(lengths[pick() % 14])), 'a');
        node.append_child(pugi::node_pcdata).set_value(value.c_str());
        break;
      }
      default:
        node.append_attribute(pick() % 2 == 0 ? "extra" : "xmlns:x") = "urn:x";
        break;
    }
  };
}

TEST(Schema, AgreesWithTheMinistrysOnFiveHundredChangedDocuments) {
  BEIAN_NEEDS_XSD();
  std::mt19937 random(7);
  std::vector<std::string> documents;
  std::vector<bool> ours;
  for (int i = 0; i < 500; ++i) {
    documents.push_back(changed(random_change(random)));
    ours.push_back(v30::check_upload_schema(documents.back()).empty());
  }
  const auto verdicts = xsd::validate(documents, xsd::k_upload);
  int valid = 0;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(ours[i], verdicts[i].valid) << verdicts[i].words;
    valid += verdicts[i].valid ? 1 : 0;
  }
  EXPECT_GT(valid, 50);
  EXPECT_LT(valid, 450);
}

}  // namespace
}  // namespace beian::bureau
