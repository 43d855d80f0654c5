// BAJG: results. BASJ: filings as published.
#include "bureau/codec_v30_parts.h"

namespace beian::bureau::v30 {
namespace {

void write_result(Writer& writer, pugi::xml_node node, const Result& result) {
  for (const auto& code : result.codes) {
    auto entry = node.append_child("Jgxx");
    writer.number(entry, "Jgdm", code.code);
    writer.text(entry, "Dmms", code.text, "");
  }
  writer.number(node, "Czlx", result.operation);
  writer.text(node, "Bs", result.mark, "");
  writer.text(node, "Bz", result.remark, "");
}

void write_decision(Writer& writer, pugi::xml_node node, const Decision& decision) {
  writer.text(node, "Shrxm", decision.reviewer, "");
  writer.text(node, "Shr_dhhm", decision.phone, "");
  writer.text(node, "Shsj", decision.time, "");
  writer.text(node, "Shyj", decision.opinion, "");
  writer.number(node, "Shjg", std::optional<std::int64_t>(decision.passed ? 1 : 0));
  writer.number(node, "Czlx", decision.operation);
  writer.number(node, "Jlid", decision.record);
}

void write_organiser(Writer& writer, pugi::xml_node node, const Organiser& organiser) {
  writer.number(node, "IspZtid", organiser.isp_id);
  writer.number(node, "Ztid", organiser.publication.id);
  writer.text(node, "Dwmc", organiser.name, "organiser.name");
  writer.number(node, "Dwxz", organiser.nature);
  write_address(writer, node, organiser.address, "organiser.");
  write_certificate(writer, node, organiser.certificate, "organiser.");
  write_person(writer, node, "Fzr", organiser.principal, "principal.");
  writer.text(node, "Baxh", organiser.publication.number, "");
  writer.number(node, "Bbyhlx", std::optional<std::int64_t>(organiser.filed_by_provider ? 1 : 0));
  writer.text(node, "Tzr", organiser.investor, "organiser.investor");
  writer.text(node, "Scbbsj", organiser.publication.first_filed, "");
  writer.text(node, "Zjxgsj", organiser.publication.last_changed, "");
  writer.text(node, "Zsyxq", organiser.paper_until, "");
  writer.text(node, "Zslj", organiser.paper_path, "");
  writer.text(node, "Zsxh", organiser.paper_serial, "");
  writer.text(node, "Shrxm", organiser.reviewer, "");
  writer.text(node, "Shsj", organiser.reviewed, "");
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
  organiser.filed_by_provider = reader.number(node, "Bbyhlx").value_or(1) == 1;
  organiser.remark = reader.text(node, "Bz");
  organiser.publication = Publication{reader.id(node, "Ztid"), reader.text(node, "Baxh"),
                                      reader.text(node, "Scbbsj"), reader.text(node, "Zjxgsj")};
  organiser.paper_until = reader.text(node, "Zsyxq");
  organiser.paper_path = reader.text(node, "Zslj");
  organiser.paper_serial = reader.text(node, "Zsxh");
  organiser.reviewer = reader.text(node, "Shrxm");
  organiser.reviewed = reader.text(node, "Shsj");
  return organiser;
}

Result read_result(Reader& reader, const pugi::xml_node& node) {
  Result result;
  for (const auto& entry : node.children("Jgxx")) {
    result.codes.push_back(ResultCode{reader.id(entry, "Jgdm"), reader.text(entry, "Dmms")});
  }
  result.operation = reader.id(node, "Czlx");
  result.mark = reader.text(node, "Bs");
  result.remark = reader.text(node, "Bz");
  return result;
}

Decision read_decision(Reader& reader, const pugi::xml_node& node) {
  Decision decision;
  decision.reviewer = reader.text(node, "Shrxm");
  decision.phone = reader.text(node, "Shr_dhhm");
  decision.time = reader.text(node, "Shsj");
  decision.opinion = reader.text(node, "Shyj");
  // 1 passed, 0 refused: the opposite sense of Hsjg and Bazt. Anything else must not read as "no".
  const auto verdict = reader.number(node, "Shjg");
  if (!verdict || (*verdict != 0 && *verdict != 1)) reader.fail(node, "Shjg is neither 0 nor 1");
  decision.passed = verdict == 1;
  decision.operation = reader.number(node, "Czlx");
  decision.record = reader.id(node, "Jlid");
  return decision;
}

}  // namespace

void write_results(Writer& writer, pugi::xml_node group, const Download& download) {
  for (const auto& result : download.results) {
    write_result(writer, group.append_child("Jg_xx"), result);
  }
  if (download.decisions.empty()) return;
  auto decisions = group.append_child("GJSHS");
  for (const auto& decision : download.decisions) {
    write_decision(writer, decisions.append_child("Gjsh"), decision);
  }
}

void read_results(Reader& reader, const pugi::xml_node& group, Download& into) {
  for (const auto& node : group.children("Jg_xx")) {
    into.results.push_back(read_result(reader, node));
  }
  for (const auto& node : group.child("GJSHS").children("Gjsh")) {
    into.decisions.push_back(read_decision(reader, node));
  }
}

void write_published(Writer& writer, pugi::xml_node record, const PublishedFiling& filing) {
  write_organiser(writer, record.append_child("Zt_xx"), filing.organiser);
  for (const auto& website : filing.websites) {
    write_website(writer, record.append_child("Wz_xx"), website, "", Way::down);
  }
  writer.text(record, "Bz", filing.remark, "");
}

PublishedFiling read_published(Reader& reader, const pugi::xml_node& record) {
  PublishedFiling filing;
  filing.organiser = read_organiser(reader, record.child("Zt_xx"));
  for (const auto& node : record.children("Wz_xx")) {
    filing.websites.push_back(read_website(reader, node));
  }
  filing.remark = reader.text(record, "Bz");
  return filing;
}

}  // namespace beian::bureau::v30
