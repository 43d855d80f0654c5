// XZBA: a first filing.
#include "bureau/codec_v30_parts.h"

namespace beian::bureau::v30 {
namespace {

void write_organiser(Writer& writer, pugi::xml_node node, const Organiser& organiser) {
  writer.number(node, "IspZtid", organiser.isp_id);
  writer.text(node, "Dwmc", organiser.name, "organiser.name");
  writer.number(node, "Dwxz", organiser.nature);
  writer.text(node, "Tzr", organiser.investor, "organiser.investor");
  write_address(writer, node, organiser.address, "organiser.");
  write_certificate(writer, node, organiser.certificate, "organiser.");
  write_person(writer, node, "Fzr", organiser.principal, "principal.");
  writer.number(node, "Bbfs", std::optional<std::int64_t>(organiser.filed_by_provider ? 1 : 0));
  writer.text(node, "Bz", organiser.remark, "organiser.remark");
}

Organiser read_organiser(Reader& reader, const pugi::xml_node& node) {
  Organiser organiser;
  organiser.isp_id = reader.id(node, "IspZtid");
  organiser.name = reader.text(node, "Dwmc");
  organiser.nature = reader.number(node, "Dwxz");
  organiser.investor = reader.text(node, "Tzr");
  organiser.address = read_address(reader, node.child("Txdz"));
  organiser.certificate = read_certificate(reader, node.child("Zj"));
  organiser.principal = read_person(reader, node.child("Fzr"));
  organiser.filed_by_provider = reader.number(node, "Bbfs").value_or(1) == 1;
  organiser.remark = reader.text(node, "Bz");
  return organiser;
}

// Every attachment stands in an Fj of its own: Fjxx may not repeat inside one.
void write_attachment(Writer& writer, pugi::xml_node record, const Attachment& attachment) {
  auto node = record.append_child("Fj").append_child("Fjxx");
  writer.number(node, "Fjwjgs", attachment.format);
  writer.number(node, "Fjyt", attachment.purpose);
  writer.base64(node, "Fjnr", attachment.bytes);
  auto owner = node.append_child("Fjssdx");
  writer.number(owner, "Ssdxlx", attachment.owner);
  writer.number(owner, "Ssdxbs", attachment.owner_id);
  writer.text(node, "Bz", attachment.remark, "materials");
}

Attachment read_attachment(Reader& reader, const pugi::xml_node& node) {
  Attachment attachment;
  attachment.format = reader.id(node, "Fjwjgs");
  attachment.purpose = reader.id(node, "Fjyt");
  attachment.bytes = reader.base64(node.child("Fjnr"));
  attachment.owner = reader.id(node.child("Fjssdx"), "Ssdxlx");
  attachment.owner_id = reader.id(node.child("Fjssdx"), "Ssdxbs");
  attachment.remark = reader.text(node, "Bz");
  return attachment;
}

}  // namespace

void write_new_filing(Writer& writer, pugi::xml_node record, const NewFiling& filing) {
  write_organiser(writer, record.append_child("Zt_xx"), filing.organiser);
  for (const auto& website : filing.websites) {
    const std::string field = "sites." + website.key + ".";
    write_website(writer, record.append_child("Wz_xx"), website, field, Way::up);
  }
  for (const auto& attachment : filing.attachments) write_attachment(writer, record, attachment);
}

NewFiling read_new_filing(Reader& reader, const pugi::xml_node& record) {
  NewFiling filing;
  filing.organiser = read_organiser(reader, record.child("Zt_xx"));
  for (const auto& node : record.children("Wz_xx")) {
    filing.websites.push_back(read_website(reader, node));
  }
  for (const auto& group : record.children("Fj")) {
    for (const auto& node : group.children("Fjxx")) {
      filing.attachments.push_back(read_attachment(reader, node));
    }
  }
  return filing;
}

}  // namespace beian::bureau::v30
