#include "bureau/schema_v30.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <span>

#include "bureau/gbk.h"
#include "bureau/xml.h"

namespace beian::bureau::v30 {
namespace {

constexpr int k_many = std::numeric_limits<int>::max();
constexpr std::int64_t k_no_limit = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t k_max_faults = 20;

enum class Kind {
  text,       // length in characters
  integer,    // value
  ordered,    // xs:sequence
  any_order,  // xs:all
  unchecked,  // a group of another operation
};

struct Element {
  const char* name;
  int min, max;
  Kind kind;
  std::int64_t low = 0, high = k_no_limit;
  std::span<const Element> children = {};
};

constexpr Element text(const char* name, int min, std::int64_t low, std::int64_t high = k_no_limit,
                       int max = 1) {
  return {name, min, max, Kind::text, low, high, {}};
}
constexpr Element integer(const char* name, int min, std::int64_t low,
                          std::int64_t high = k_no_limit, int max = 1) {
  return {name, min, max, Kind::integer, low, high, {}};
}
constexpr Element ordered(const char* name, int min, int max, std::span<const Element> children) {
  return {name, min, max, Kind::ordered, 0, 0, children};
}
constexpr Element any_order(const char* name, int min, int max, std::span<const Element> children) {
  return {name, min, max, Kind::any_order, 0, 0, children};
}
constexpr Element other_group(const char* name) { return {name, 0, 1, Kind::unchecked, 0, 0, {}}; }

constexpr Element k_address[] = {
    integer("Shengid", 1, 100000),
    integer("Shiid", 1, 100000),
    integer("Xianid", 0, 100000),
    text("Xxdz", 0, 1, 1024),
};
constexpr Element k_certificate[] = {
    integer("Zjlx", 1, 1, 999),
    text("Zjhm", 1, 1, 255),
    text("Zjzs", 1, 1, 1024),
};
constexpr Element k_principal[] = {
    text("Fzr_xm", 0, 1, 128),      text("Fzr_dhhm", 0, 11, 128), text("Fzr_sjhm", 1, 11, 128),
    text("Fzr_dzyj", 1, 6, 128),    text("Msn", 0, 6, 128),       text("Qq", 0, 5, 128),
    integer("Fzr_zjlx", 0, 1, 999), text("Fzr_zjhm", 0, 1, 128),
};
constexpr Element k_manager[] = {
    text("Fzr_xm", 1, 1, 128),      text("Fzr_dhhm", 0, 11, 128), text("Fzr_sjhm", 1, 11, 128),
    text("Fzr_dzyj", 1, 6, 128),    text("Msn", 0, 6, 128),       text("Qq", 0, 5, 128),
    integer("Fzr_zjlx", 0, 1, 999), text("Fzr_zjhm", 0, 1, 128),
};
constexpr Element k_organiser[] = {
    integer("IspZtid", 1, 1),
    text("Dwmc", 1, 1, 255),
    integer("Dwxz", 0, 1, 999),
    text("Tzr", 0, 1, 255),
    any_order("Txdz", 1, 1, k_address),
    ordered("Zj", 1, 1, k_certificate),
    ordered("Fzr", 1, 1, k_principal),
    integer("Bbfs", 1, 0, 1),
    text("Bz", 0, 1, 1024),
};
constexpr Element k_approval[] = {
    integer("Nrlx_id", 1, 1, 64),
    text("Qzsph", 1, 1, 512),
    text("Spwj", 1, 1, k_no_limit, 10),
};
constexpr Element k_approvals[] = {ordered("Nrlx_xx", 1, 64, k_approval)};
constexpr Element k_services[] = {integer("Fwnr_id", 1, 1, 64, 64)};
constexpr Element k_languages[] = {integer("Yylb_id", 1, 1, 64, 256)};
constexpr Element k_domain[] = {integer("IspYmid", 1, 1), text("Ym", 1, 4, 128)};
constexpr Element k_locations[] = {integer("Fbdd", 1, 1, 64, 64)};
constexpr Element k_methods[] = {integer("Jrfs", 1, 1, 64, 64)};
constexpr Element k_ip[] = {
    integer("IspIpid", 1, 1),
    integer("Qsip", 1, 1, 4294967295),
    integer("Zzip", 1, 1, 4294967295),
};
constexpr Element k_access[] = {
    integer("IspJrid", 1, 1),
    ordered("Wzfb", 1, 1, k_locations),
    ordered("Wzjrfs", 1, 1, k_methods),
    any_order("Ip_xx", 1, k_many, k_ip),
};
constexpr Element k_website[] = {
    integer("IspWzid", 1, 1),
    text("Wzmc", 1, 1, 512),
    ordered("Nrlx", 0, 1, k_approvals),
    ordered("Fwnr", 1, 1, k_services),
    ordered("Yylb", 1, 1, k_languages),
    any_order("Ym_xx", 1, k_many, k_domain),
    ordered("Jr_xx", 1, k_many, k_access),
    any_order("Wz_Fzr", 1, 1, k_manager),
    text("Syurl", 0, 4, 255),
    text("Wz_Bz", 0, 1, 1024),
};
constexpr Element k_owner[] = {integer("Ssdxlx", 1, 1, 10), integer("Ssdxbs", 1, 1)};
constexpr Element k_attachment[] = {
    integer("Fjwjgs", 1, 1),          integer("Fjyt", 1, 1), text("Fjnr", 1, 1),
    ordered("Fjssdx", 1, 1, k_owner), text("Bz", 0, 1, 256),
};
constexpr Element k_attachments[] = {ordered("Fjxx", 1, 1, k_attachment)};
constexpr Element k_record[] = {
    any_order("Zt_xx", 1, 1, k_organiser),
    ordered("Wz_xx", 1, k_many, k_website),
    ordered("Fj", 0, k_many, k_attachments),
};
constexpr Element k_new_filings[] = {ordered("Baxx", 1, k_many, k_record)};
constexpr Element k_icp[] = {
    ordered("XZBA", 0, 1, k_new_filings),
    other_group("XZWZ"),
    other_group("XZJR"),
    other_group("BGBA"),
    other_group("HSJG"),
    other_group("WBACLJG"),
    other_group("ZXBA"),
    other_group("XZHYD"),
    integer("Qqdwid", 1, 1),
};
constexpr Element k_upload[] = {any_order("ICP", 1, 1, k_icp)};
constexpr Element k_root = ordered("UploadData", 1, 1, k_upload);

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::int64_t characters(std::string_view utf8) {
  std::int64_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

class Checker {
 public:
  std::vector<SchemaFault> faults;

  void check(const pugi::xml_node& node, const Element& rule) {
    if (faults.size() >= k_max_faults) return;
    check_attributes(node, &rule == &k_root);
    switch (rule.kind) {
      case Kind::text:
      case Kind::integer:
        check_value(node, rule);
        break;
      case Kind::ordered:
        if (holds_elements_only(node)) check_ordered(node, rule);
        break;
      case Kind::any_order:
        if (holds_elements_only(node)) check_any_order(node, rule);
        break;
      case Kind::unchecked:
        break;
    }
  }

 private:
  void fail(const pugi::xml_node& node, std::string what) {
    if (faults.size() < k_max_faults) {
      const std::string path = node.path();
      faults.push_back({path.empty() ? path : path.substr(1), std::move(what)});
    }
  }

  void check_attributes(const pugi::xml_node& node, bool root) {
    if (root && !node.attribute("version")) fail(node, "the attribute version is missing");
    for (const auto& attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      const bool allowed = (root && name == "version") || name == "xmlns" ||
                           name.starts_with("xmlns:") || name.starts_with("xsi:");
      if (!allowed) fail(node, "an attribute that does not belong here");
    }
  }

  void check_value(const pugi::xml_node& node, const Element& rule) {
    for (const auto& part : node.children()) {
      if (part.type() == pugi::node_element) return fail(node, "must hold a value only");
    }
    const std::string value = text_of(node);
    if (rule.kind == Kind::integer) {
      const auto number = to_integer(value);
      if (!number) return fail(node, "is not a number");
      if (*number < rule.low || *number > rule.high) {
        fail(node, fmt::format("the number is not within {} to {}", rule.low, rule.high));
      }
      return;
    }
    const auto length = characters(value);
    if (length < rule.low || length > rule.high) {
      fail(node, fmt::format("length {} is not within {} to {}", length, rule.low, rule.high));
    }
  }

  bool holds_elements_only(const pugi::xml_node& node) {
    for (const auto& part : node.children()) {
      const bool text = part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata;
      if (text && (part.type() == pugi::node_cdata || !is_blank(part.value()))) {
        fail(node, "text between elements");
        return false;
      }
    }
    return true;
  }

  void check_ordered(const pugi::xml_node& node, const Element& rule) {
    auto next = first_element(node.first_child());
    for (const auto& expected : rule.children) {
      int count = 0;
      while (next && std::string_view(next.name()) == expected.name && count < expected.max) {
        check(next, expected);
        ++count;
        next = first_element(next.next_sibling());
      }
      if (count < expected.min) fail(node, fmt::format("{} is missing here", expected.name));
    }
    if (next) fail(next, "does not belong here, or not at this place");
  }

  void check_any_order(const pugi::xml_node& node, const Element& rule) {
    std::vector<int> counts(rule.children.size(), 0);
    for (auto part = first_element(node.first_child()); part;
         part = first_element(part.next_sibling())) {
      std::size_t i = 0;
      while (i < rule.children.size() && std::string_view(part.name()) != rule.children[i].name) {
        ++i;
      }
      if (i == rule.children.size()) {
        fail(part, "does not belong here");
      } else if (++counts[i] > 1) {
        fail(part, "appears twice");
      } else {
        check(part, rule.children[i]);
      }
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0 && rule.children[i].min > 0) {
        fail(node, fmt::format("{} is missing", rule.children[i].name));
      }
    }
  }

  static pugi::xml_node first_element(pugi::xml_node node) {
    while (node && node.type() != pugi::node_element) node = node.next_sibling();
    return node;
  }
};

}  // namespace

std::vector<SchemaFault> check_upload_schema(std::string_view gbk_xml) {
  XmlDocument document;
  if (const auto wrong = document.parse(from_gbk(gbk_xml).utf8)) return {{"", *wrong}};
  if (std::string_view(document.root().name()) != k_root.name) {
    return {{"", "the root element is not UploadData"}};
  }
  Checker checker;
  checker.check(document.root(), k_root);
  return std::move(checker.faults);
}

}  // namespace beian::bureau::v30
