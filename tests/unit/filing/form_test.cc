#include "filing/form.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "filing/content.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

constexpr const char* k_today = "2026-11-23";

json::object base(const char* name) {
  return vector_file("form").at("bases").at(name).at("content").as_object();
}

bool has(const std::vector<std::string>& paths, std::string_view path) {
  return std::ranges::find(paths, path) != paths.end();
}

std::vector<std::string> purposes(const std::vector<NeededMaterial>& needed, bool required) {
  std::vector<std::string> paths;
  for (const NeededMaterial& one : needed) {
    if (one.required == required) paths.push_back(material_path(one));
  }
  return paths;
}

TEST(Form, FindsFieldsByTheirPath) {
  const Form& form = first_filing();
  ASSERT_TRUE(form.field("organiser.name"));
  EXPECT_EQ(form.field("organiser.name")->kind, FieldKind::text);
  ASSERT_TRUE(form.field("sites.s12.manager.mobile"));
  EXPECT_EQ(form.field("sites.s12.manager.mobile")->kind, FieldKind::mobile);
  EXPECT_TRUE(form.field("organiser.province")->determines_kind);
  for (const char* unknown : {"", "organiser", "organiser.secret", "sites", "sites.s1", "sites.s1.",
                              "sites.s1.secret", "last_site", "sites.s1.key", ".domain"}) {
    EXPECT_FALSE(form.field(unknown)) << unknown;
  }
}

TEST(Form, OffersEveryNatureACertificate) {
  const Dictionaries& dictionaries = catalogue().dictionaries;
  for (const DictionaryEntry& nature : dictionaries.at("natures").entries()) {
    const auto& types = dictionaries.at("certificate_types").entries();
    EXPECT_TRUE(std::ranges::any_of(types, [&](const DictionaryEntry& type) {
      return type.number("nature") == nature.id;
    })) << nature.id;
  }
}

TEST(Form, ShowsOnlyWhatApplies) {
  const json::object enterprise = base("enterprise");
  const std::vector<std::string> paths = visible_fields(first_filing(), enterprise, k_today);
  EXPECT_TRUE(has(paths, "organiser.investor"));
  EXPECT_TRUE(has(paths, "principal.name"));
  EXPECT_FALSE(has(paths, "sites.s1.manager.name"));
  EXPECT_FALSE(has(paths, "sites.s1.access.code"));

  const json::object individual = base("individual");
  const std::vector<std::string> own = visible_fields(first_filing(), individual, k_today);
  EXPECT_FALSE(has(own, "organiser.investor"));
  EXPECT_FALSE(has(own, "principal.name"));
  EXPECT_TRUE(has(own, "principal.mobile"));
}

TEST(Form, MaterialsDependOnWhoFiles) {
  const Form& form = first_filing();
  EXPECT_EQ(purposes(required_materials(form, base("enterprise"), k_today, Stage::submit), true),
            (std::vector<std::string>{"materials.organiser_certificate",
                                      "materials.principal_certificate_front",
                                      "materials.principal_certificate_back"}));
  EXPECT_EQ(purposes(required_materials(form, base("individual"), k_today, Stage::submit), true),
            (std::vector<std::string>{"materials.principal_certificate_front",
                                      "materials.principal_certificate_back"}));
  EXPECT_EQ(
      purposes(required_materials(form, base("three_sites"), k_today, Stage::verification), true),
      (std::vector<std::string>{"materials.verification_photo",
                                "sites.s2.materials.verification_photo"}));
}

// Every nature and certificate type of the dictionaries has a way through the form.
TEST(Form, EveryCertificateTypeLeadsToMaterials) {
  for (const DictionaryEntry& type : catalogue().dictionaries.at("certificate_types").entries()) {
    json::object content = base("enterprise");
    content["organiser"].as_object()["nature"] = *type.number("nature");
    content["organiser"].as_object()["certificate_type"] = type.id;
    const auto required =
        purposes(required_materials(first_filing(), content, k_today, Stage::submit), true);
    const bool person = type.number("nature") == 5;
    EXPECT_EQ(has(required, "materials.organiser_certificate"), !person) << type.id;
    EXPECT_TRUE(has(required, "materials.principal_certificate_front")) << type.id;
    if (person) {
      EXPECT_EQ(has(required, "materials.principal_certificate_back"), type.number("sides") == 2)
          << type.id;
    }
  }
}

TEST(Form, SendsAMaterialUnderTheBureausNumbers) {
  const Form& form = first_filing();
  const auto kinds = [&](const char* who, const MaterialPlace& place) {
    return attachment_kinds(form, base(who), place);
  };
  using Kinds = std::vector<std::int64_t>;
  EXPECT_EQ(kinds("enterprise", {"organiser_certificate", ""}), Kinds{2});
  EXPECT_EQ(kinds("enterprise", {"principal_certificate_front", ""}), Kinds{3});
  EXPECT_EQ(kinds("individual", {"principal_certificate_front", ""}), (Kinds{3, 2}));
  EXPECT_EQ(kinds("three_sites", {"manager_certificate_front", "s2"}), Kinds{4});
  EXPECT_EQ(kinds("enterprise", {"verification_photo", ""}), Kinds{5});
  EXPECT_EQ(kinds("enterprise", {"nonsense", ""}), Kinds{});
}

TEST(Form, MaterialPathsGoBothWays) {
  for (const MaterialPlace& place :
       {MaterialPlace{"approval", "s2"}, MaterialPlace{"organiser_certificate", ""}}) {
    EXPECT_EQ(material_from_path(material_path(place)), place);
  }
  for (const char* other : {"organiser.name", "materials.", "sites.s1.domain", "sites.s1",
                            "sites.s1.materials.", "materials"}) {
    EXPECT_FALSE(material_from_path(other)) << other;
  }
}

TEST(Form, NamesFieldsForMails) {
  const Form& form = first_filing();
  EXPECT_EQ(field_label(form, "sites.s1.domain", "zh-CN"), "域名");
  EXPECT_EQ(field_label(form, "organiser.nature", "en"), "Nature of the organiser");
  EXPECT_EQ(field_label(form, "sites.s1.approvals.0.number", "zh-CN"), "批准文号");
  EXPECT_EQ(field_label(form, "materials.organiser_certificate", "zh-CN"), "单位证件");
  EXPECT_EQ(field_label(form, "what.is.this", "en"), "what.is.this");
}

TEST(Form, NamesTheFaultInAFile) {
  const json::value good = data_file("forms/first_filing.json");
  const auto broken = [&](auto&& change) {
    json::value copy = good;
    change(copy.at("pages").at(0).at("groups").at(0).at("fields").at(0).as_object());
    try {
      (void)Form::from_json(copy);
      return std::string();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(broken([](json::object&) {}), "");
  const auto names = [](const std::string& message, std::string_view part) {
    return message.find(part) != std::string::npos;
  };
  EXPECT_TRUE(names(broken([](json::object& f) { f["kind"] = "colour"; }), "organiser_nature"));
  EXPECT_TRUE(names(broken([](json::object& f) { f.erase("label"); }), "\"label\" is missing"));
  EXPECT_TRUE(names(broken([](json::object& f) { f.erase("dictionary"); }), "dictionary"));
  EXPECT_TRUE(names(broken([](json::object& f) {
                      f["shown"] = json::object{{"eq", 1}};
                    }),
                    "shown"));
  EXPECT_TRUE(names(broken([](json::object& f) { f["path"] = ".nature"; }), "paths begin"));
}

// What the form refers to must exist: dictionaries, other fields, dictionary entries.
TEST(Form, RefersOnlyToWhatExists) {
  const Form& form = first_filing();
  for (const Page& page : form.pages) {
    const std::string item = page.each_site ? "sites.s1" : "";
    for (const Field& field : page.fields) {
      if (!field.dictionary.empty()) {
        EXPECT_TRUE(catalogue().dictionaries.has(field.dictionary)) << field.id;
      }
      if (!field.of.empty()) {
        EXPECT_TRUE(form.field(absolute_path(field.of, item))) << field.id;
      }
      for (const std::string& opened : field.opens) {
        const std::string path = absolute_path(opened, item);
        EXPECT_TRUE(form.field(path) || form.field(path + ".name")) << field.id << " " << path;
      }
    }
  }
  for (const Rule& rule : catalogue().rules) {
    EXPECT_TRUE(form.field(absolute_path(rule.field, "sites.s1"))) << rule.id;
  }
  const auto& kinds = catalogue().dictionaries.at("attachment_kinds");
  for (const MaterialRule& rule : form.materials) {
    for (const Attachment& one : rule.attachments)
      EXPECT_TRUE(kinds.find(one.kind)) << rule.purpose;
  }
}

TEST(Form, TheBureausCodesPointToFields) {
  for (const DictionaryEntry& code : catalogue().dictionaries.at("result_codes").entries()) {
    const std::string& field = code.text("field");
    if (field.empty() || field == "materials") continue;
    EXPECT_TRUE(first_filing().field(absolute_path(field, "sites.s1"))) << code.id << " " << field;
  }
  EXPECT_EQ(catalogue().dictionaries.find("result_codes", 1005)->text("group"), "customer");
  EXPECT_FALSE(
      catalogue().dictionaries.find("result_codes", 1005)->other_label("plain").at("en").empty());
}

}  // namespace
}  // namespace beian
