// Data files with something changed in them.
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <random>
#include <sstream>
#include <string>

#include "bureau/gbk.h"

namespace beian::bureau::mutate {

using Change = std::function<void(pugi::xml_document&)>;

inline std::string changed(const std::string& gbk_xml, const Change& change) {
  pugi::xml_document document;
  const auto text = from_gbk(gbk_xml).utf8;
  document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
                       pugi::encoding_utf8);
  change(document);
  std::ostringstream out;
  document.document_element().print(out, "", pugi::format_raw, pugi::encoding_utf8);
  return "<?xml version=\"1.0\" encoding=\"GBK\"?>" + to_gbk(out.str()).value();
}

// Random changes of every kind; the ministry's schema decides what is right. (No blanks around a
// number: the standard has them removed, libxml2 refuses them.)
inline Change random_change(std::mt19937& random) {
  const auto seed = random();
  return [seed](pugi::xml_document& document) {
    std::mt19937 pick(seed);
    std::vector<pugi::xml_node> nodes;
    for (const auto& found : document.select_nodes("/*//*")) nodes.push_back(found.node());
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

}  // namespace beian::bureau::mutate
