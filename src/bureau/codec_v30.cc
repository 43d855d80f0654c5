#include "bureau/codec_v30.h"

#include <algorithm>

#include "bureau/codec_v30_parts.h"
#include "bureau/gbk.h"

namespace beian::bureau::v30 {
namespace {

constexpr std::string_view k_declaration = "<?xml version=\"1.0\" encoding=\"GBK\"?>";

Encoded finish(const pugi::xml_document& document, Writer& writer) {
  Encoded encoded;
  encoded.problems = std::move(writer.problems);
  if (!encoded.problems.empty()) return encoded;
  auto gbk = to_gbk(to_xml(document.document_element()));
  // Only what is copied as it came (raw groups) can still fail here.
  if (!gbk) {
    encoded.problems.push_back(Problem{"", "gbk_unencodable", {{"characters", ""}}, "", "", true});
    return encoded;
  }
  encoded.xml = std::string(k_declaration) + *gbk;
  return encoded;
}

pugi::xml_node start(pugi::xml_document& document, const char* name) {
  auto root = document.append_child(name);
  root.append_attribute("version") = std::string(k_version).c_str();
  return root;
}

void append_raw(pugi::xml_node parent, const std::string& xml) {
  parent.append_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
                       pugi::encoding_utf8);
}

// The document of one file, with what every kind of file is checked for first.
std::optional<Fault> open_document(std::string_view gbk_xml, std::string_view root_name,
                                   bool strict_characters, XmlDocument& document) {
  auto text = from_gbk(gbk_xml);
  if (strict_characters && text.broken > 0) return Fault{5008, "", "bytes that are not GBK"};
  if (const auto wrong = document.parse(std::move(text.utf8))) return Fault{5001, "", *wrong};
  if (document.root().name() != root_name) {
    return Fault{5001, "", "the root element is not " + std::string(root_name)};
  }
  if (document.root().attribute("version").value() != k_version) {
    return Fault{5004, std::string(root_name), "another interface version"};
  }
  return std::nullopt;
}

// The raw groups of `parent` other than `known`.
void collect_others(const pugi::xml_node& parent, const std::string& prefix,
                    std::initializer_list<std::string_view> known, std::vector<RawGroup>& into) {
  for (const auto& group : parent.children()) {
    if (group.type() != pugi::node_element) continue;
    const std::string_view name = group.name();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    into.push_back(RawGroup{prefix + std::string(name), to_xml(group)});
  }
}

}  // namespace

Encoded encode(const Upload& upload) {
  pugi::xml_document document;
  Writer writer;
  auto icp = start(document, "UploadData").append_child("ICP");
  if (!upload.new_filings.empty()) {
    auto group = icp.append_child("XZBA");
    for (const auto& filing : upload.new_filings) {
      write_new_filing(writer, group.append_child("Baxx"), filing);
    }
  }
  for (const auto& other : upload.others) append_raw(icp, other.xml);
  writer.number(icp, "Qqdwid", upload.unit);
  return finish(document, writer);
}

Encoded encode(const Download& download) {
  pugi::xml_document document;
  Writer writer;
  auto root = start(document, "DownloadData");
  const auto icp = [&] {
    const auto existing = root.child("ICP");
    return existing ? existing : root.append_child("ICP");
  };
  if (!download.results.empty() || !download.decisions.empty()) {
    write_results(writer, icp().append_child("BAJG"), download);
  }
  if (!download.published.empty()) {
    auto group = icp().append_child("BASJ");
    for (const auto& filing : download.published) {
      write_published(writer, group.append_child("Baxx"), filing);
    }
  }
  for (const auto& other : download.others) {
    append_raw(other.name.starts_with("ICP/") ? icp() : root, other.xml);
  }
  return finish(document, writer);
}

Decoded<Upload> decode_upload(std::string_view gbk_xml) {
  Decoded<Upload> decoded;
  XmlDocument document;
  decoded.fault = open_document(gbk_xml, "UploadData", true, document);
  if (decoded.fault) return decoded;
  Reader reader;
  const auto icp = document.root().child("ICP");
  decoded.value.unit = reader.id(icp, "Qqdwid");
  for (const auto& record : icp.child("XZBA").children("Baxx")) {
    decoded.value.new_filings.push_back(read_new_filing(reader, record));
  }
  collect_others(icp, "", {"XZBA", "Qqdwid"}, decoded.value.others);
  collect_others(document.root(), "", {"ICP"}, decoded.value.others);
  decoded.fault = std::move(reader.fault);
  return decoded;
}

Decoded<Download> decode_download(std::string_view gbk_xml) {
  Decoded<Download> decoded;
  XmlDocument document;
  decoded.fault = open_document(gbk_xml, "DownloadData", false, document);
  if (decoded.fault) return decoded;
  Reader reader;
  const auto icp = document.root().child("ICP");
  read_results(reader, icp.child("BAJG"), decoded.value);
  for (const auto& record : icp.child("BASJ").children("Baxx")) {
    decoded.value.published.push_back(read_published(reader, record));
  }
  collect_others(icp, "ICP/", {"BAJG", "BASJ"}, decoded.value.others);
  collect_others(document.root(), "", {"ICP"}, decoded.value.others);
  decoded.fault = std::move(reader.fault);
  return decoded;
}

}  // namespace beian::bureau::v30
