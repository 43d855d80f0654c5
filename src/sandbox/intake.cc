// What happens to an accepted file: whole-file faults, then one order for each record.
#include <fmt/format.h>

#include "base/text.h"
#include "bureau/codec_v30.h"
#include "bureau/schema_v30.h"
#include "bureau/wire_limits.h"
#include "sandbox/checks.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

using bureau::Operation;

struct Waiting {
  Id id = 0;
  std::string province, file_name;
  Id isp_id = 0;
  bureau::Package package;
};

std::optional<Waiting> oldest(Reader& reader) {
  const auto row = reader.query_one(
      "SELECT id, province, isp_id, file_name, encrypt_algorithm, info, hash FROM uploads "
      "WHERE processed_at IS NULL ORDER BY id LIMIT 1");
  if (!row) return std::nullopt;
  Waiting waiting;
  waiting.id = row->integer(0);
  waiting.province = row->text(1);
  waiting.isp_id = row->integer(2);
  waiting.file_name = row->text(3);
  waiting.package.encrypt_algorithm = static_cast<int>(row->integer(4));
  waiting.package.info = row->text(5);
  waiting.package.hash = row->text(6);
  return waiting;
}

// A file read as far as it can be.
struct Opened {
  int fault = 0;        // 5001, 5003, 5004, 5008 for the file as a whole
  std::string outcome;  // for the console: what is wrong and where
  bureau::Upload upload;
};

Opened fail(int code, std::string outcome, bureau::Upload upload = {}) {
  return {code, std::move(outcome), std::move(upload)};
}

Opened open_file(const std::string& xml, Id isp_id) {
  auto decoded = bureau::v30::decode_upload(xml);
  if (decoded.fault && decoded.fault->code != 5001) {
    return fail(decoded.fault->code, decoded.fault->what);
  }
  const auto faults = bureau::v30::check_upload_schema(xml);
  if (!faults.empty()) return fail(5001, faults[0].path + ": " + faults[0].what);
  if (decoded.fault) return fail(5001, decoded.fault->where + ": " + decoded.fault->what);
  if (decoded.value.new_filings.size() > bureau::k_max_records) {
    return fail(5001, "more than 1000 records");
  }
  if (decoded.value.unit != isp_id) {
    return fail(5003, "Qqdwid is not the caller", std::move(decoded.value));
  }
  return {0, "", std::move(decoded.value)};
}

// With 5001 the text is the name of the file and nothing else tells what it is about; with the
// other faults the records could be read, so each is answered.
void refuse_file(bureau::Download& answer, const Dictionaries& dictionaries, const Opened& opened,
                 const std::string& file_name) {
  const auto add_result = [&](const std::string& mark, const std::string& text) {
    bureau::Result result;
    result.codes = {{opened.fault, text}};
    result.operation = static_cast<std::int64_t>(Operation::new_filing);
    result.mark = mark;
    answer.results.push_back(std::move(result));
  };
  if (opened.fault == 5001) return add_result("", file_name);
  std::string text = bureau::v30::k_version.data();
  text = result_code(dictionaries, opened.fault, opened.fault == 5004 ? text : file_name).text;
  for (const auto& filing : opened.upload.new_filings) {
    add_result(std::to_string(filing.organiser.isp_id), text);
  }
  if (opened.upload.new_filings.empty()) add_result("", text);
}

// Groups this bureau does not process: 5011, so that nobody waits for an answer.
// The groups of known type that are not worked on.
std::vector<std::string> unprocessed(const bureau::Upload& upload) {
  std::vector<std::string> names;
  const auto add = [&](bool present, const char* name) {
    if (present) names.emplace_back(name);
  };
  add(!upload.new_websites.empty(), "XZWZ");
  add(!upload.new_accesses.empty(), "XZJR");
  add(!upload.changes.empty(), "BGBA");
  add(!upload.verification_answers.empty(), "HSJG");
  add(!upload.unfiled_answers.empty(), "WBACLJG");
  add(!upload.cancellations.empty(), "ZXBA");
  add(!upload.materials.empty(), "XZHYD");
  return names;
}

void refuse_group(bureau::Download& answer, const Dictionaries& dictionaries,
                  const std::string& name) {
  static const std::map<std::string, Operation> known = {{"XZWZ", Operation::new_website},
                                                         {"XZJR", Operation::new_access},
                                                         {"ZXBA", Operation::cancel_organiser},
                                                         {"XZHYD", Operation::material}};
  const auto found = known.find(name);
  bureau::Result result;
  result.codes = {result_code(dictionaries, 5011, name)};
  result.operation =
      static_cast<std::int64_t>(found == known.end() ? Operation::change : found->second);
  answer.results.push_back(std::move(result));
}

std::string joined_codes(const std::vector<bureau::ResultCode>& codes) {
  std::vector<std::string> numbers;
  for (const auto& code : codes) numbers.push_back(std::to_string(code.code));
  return join(numbers, " ");
}

std::string domains_of(const bureau::NewFiling& filing) {
  std::vector<std::string> names;
  for (const auto& site : filing.websites) {
    for (const auto& domain : site.domains) names.push_back(domain.name);
  }
  return join(names, " ");
}

// One record: checked, and made an order that either waits for an officer or is returned at once.
class Intake {
 public:
  Intake(Tx& tx, const Setup& setup, const Province& province, const Waiting& file, Millis now)
      : tx_(tx),
        setup_(setup),
        province_(province),
        file_(file),
        settings_(read_settings(tx)),
        now_(now) {}

  void take_in(const bureau::NewFiling& filing, bureau::Download& answer) {
    bureau::Upload alone;
    alone.new_filings = {filing};
    alone.unit = file_.isp_id;
    const auto encoded = bureau::v30::encode(alone);
    auto codes = check(filing, encoded);
    Order order;
    order.id = next_number(tx_, "order");
    order.province = province_.path;
    order.isp_id = file_.isp_id;
    order.isp_record = filing.organiser.isp_id;
    order.organiser_name = filing.organiser.name;
    order.domains = domains_of(filing);
    order.xml = encoded.xml;
    order.received_at = now_;
    order.state = codes.empty() ? "pending" : "returned";
    order.codes = joined_codes(codes);
    if (!codes.empty()) order.decided_at = now_;
    insert_order(tx_, order, file_.id);
    if (codes.empty()) {
      take(tx_, claims_of(file_.isp_id, filing), file_.isp_id, order.id);
      return;
    }
    bureau::Result result;
    result.codes = std::move(codes);
    result.operation = static_cast<std::int64_t>(Operation::new_filing);
    result.mark = std::to_string(filing.organiser.isp_id);
    answer.results.push_back(std::move(result));
  }

 private:
  std::vector<bureau::ResultCode> check(const bureau::NewFiling& filing,
                                        const bureau::v30::Encoded& encoded) {
    // Characters beyond GBK can come as references or in four bytes.
    if (!encoded.problems.empty()) return {result_code(setup_.dictionaries, 5008)};
    auto codes = check_content(setup_.dictionaries, province_, filing);
    for (auto& code : check_registry(tx_, setup_.dictionaries, settings_, file_.isp_id, filing)) {
      add(codes, std::move(code));
    }
    return codes;
  }

  Tx& tx_;
  const Setup& setup_;
  const Province& province_;
  const Waiting& file_;
  const Settings settings_;
  const Millis now_;
};

}  // namespace

bool Sandbox::Inside::process_one(Millis now) {
  const auto file = db.read([](Reader& reader) { return oldest(reader); });
  if (!file) return false;
  const Province& of = *province(file->province);
  const auto account =
      db.read([&](Reader& reader) { return find_account(reader, file->province, file->isp_id); });
  const auto unpacked = bureau::unpack(file->package, account->cipher);
  const Opened opened = open_file(unpacked.xml, file->isp_id);
  db.write([&](Tx& tx) {
    const auto marked = tx.execute(
        "UPDATE uploads SET processed_at = $2, outcome = $3 WHERE id = $1 AND processed_at IS NULL",
        {file->id, now,
         opened.fault == 0 ? std::string("taken in")
                           : fmt::format("{} {}", opened.fault, opened.outcome)});
    if (marked != 1) return;
    bureau::Download answer;
    if (opened.fault != 0) {
      refuse_file(answer, setup.dictionaries, opened, file->file_name);
    } else {
      Intake intake(tx, setup, of, *file, now);
      for (const auto& filing : opened.upload.new_filings) intake.take_in(filing, answer);
      for (const auto& name : unprocessed(opened.upload))
        refuse_group(answer, setup.dictionaries, name);
      for (const auto& group : opened.upload.others)
        refuse_group(answer, setup.dictionaries, group.name);
    }
    if (!answer.results.empty()) queue_file(tx, of, file->isp_id, answer, now);
  });
  return true;
}

}  // namespace beian::sandbox
