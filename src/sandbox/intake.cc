// What happens to an accepted file: whole-file faults, then one order for each record.
#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "bureau/codec_v30.h"
#include "bureau/schema_v30.h"
#include "bureau/wire_limits.h"
#include "sandbox/checks.h"
#include "sandbox/code_lists.h"
#include "sandbox/domain_filing.h"
#include "sandbox/inside.h"
#include "sandbox/ip_filing.h"
#include "sandbox/sms.h"
#include "sandbox/tasks.h"

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

std::size_t count_records(const bureau::Upload& upload) {
  const auto ips = [](const bureau::IpRecords& records) {
    return records.sources.size() + records.allocations.size() + records.broadcasts.size() +
           records.own.size();
  };
  const auto& gone = upload.ip.deleted;
  return upload.new_filings.size() + upload.new_websites.size() + upload.new_accesses.size() +
         upload.changes.size() + upload.cancellations.size() + upload.materials.size() +
         upload.verification_answers.size() + upload.unfiled_answers.size() + ips(upload.ip.added) +
         ips(upload.ip.changed) + gone.sources.size() + gone.allocations.size() + gone.own.size() +
         gone.broadcasts.size() + upload.domains.added.size() + upload.domains.changed.size() +
         upload.domains.deleted.size();
}

Opened open_file(const std::string& xml, Id isp_id) {
  auto decoded = bureau::v30::decode_upload(xml);
  if (decoded.fault && decoded.fault->code != 5001) {
    return fail(decoded.fault->code, decoded.fault->what);
  }
  const auto faults = bureau::v30::check_upload_schema(xml);
  if (!faults.empty()) return fail(5001, faults[0].path + ": " + faults[0].what);
  if (decoded.fault) return fail(5001, decoded.fault->where + ": " + decoded.fault->what);
  if (count_records(decoded.value) > bureau::k_max_records) {
    return fail(5001, "more than 1000 records");
  }
  if (decoded.value.unit != isp_id) {
    return fail(5003, "Qqdwid is not the caller", std::move(decoded.value));
  }
  return {0, "", std::move(decoded.value)};
}

bureau::Result result_for(std::vector<bureau::ResultCode> codes, Operation operation,
                          const std::string& mark) {
  bureau::Result result;
  result.codes = std::move(codes);
  result.operation = static_cast<std::int64_t>(operation);
  result.mark = mark;
  return result;
}

// With 5001 the text is the name of the file and nothing else tells what it is about; with the
// other faults the records could be read, so each is answered.
void refuse_file(bureau::Download& answer, const Dictionaries& dictionaries, const Opened& opened,
                 const std::string& file_name) {
  if (opened.fault == 5001) {
    answer.results.push_back(result_for({{5001, file_name}}, Operation::new_filing, ""));
    return;
  }
  const std::string about = opened.fault == 5004 ? std::string(bureau::v30::k_version) : file_name;
  const auto code = result_code(dictionaries, opened.fault, about);
  for (const auto& record : records_of(opened.upload)) {
    answer.results.push_back(result_for({code}, record.operation, record.mark));
  }
  if (answer.results.empty()) {
    answer.results.push_back(result_for({code}, Operation::new_filing, ""));
  }
}

std::string joined_codes(const std::vector<bureau::ResultCode>& codes) {
  std::vector<std::string> numbers;
  for (const auto& code : codes) numbers.push_back(std::to_string(code.code));
  return join(numbers, " ");
}

// One file, record by record. Each order is checked and either waits for an officer (or for its SMS
// check first) or is returned at once; other records are answered at once.
class Intake {
 public:
  Intake(Tx& tx, const Setup& setup, const Province& province, const Account& account,
         const Waiting& file, Millis now)
      : tx_(tx),
        setup_(setup),
        dictionaries_(dictionaries_now(tx, setup.dictionaries)),
        settings_(read_settings(tx)),
        situation_{dictionaries_, settings_, province, account.isp_id, now},
        is_domain_unit_(account.role == k_role_domain),
        file_(file) {}

  bureau::Download take_in(const bureau::Upload& upload) {
    for (const auto& record : records_of(upload)) take_order(record);
    for (const auto& answer : upload.verification_answers) {
      take_answer_of(answer, std::to_string(answer.organiser.publication.id));
    }
    for (const auto& answer : upload.unfiled_answers) take_answer_of(answer, answer.domain);
    take_ips(upload.ip);
    file_domains(tx_, situation_, is_domain_unit_, upload.domains, answer_.domain_results);
    for (const auto& group : upload.others) {
      answer_.results.push_back(result_for({code(5011, group.name)}, Operation::change, ""));
    }
    return std::move(answer_);
  }

 private:
  bureau::ResultCode code(std::int64_t number, const std::string& about = "") const {
    return result_code(dictionaries_, number, about);
  }

  void take_order(const Record& record) {
    const auto target = find_target(tx_, record);
    const auto encoded = bureau::v30::encode(record.alone);
    auto codes = check(record, target, encoded);
    Order order;
    order.id = next_number(tx_, "order");
    order.province = situation_.province.path;
    order.isp_id = situation_.isp_id;
    order.operation = record.operation;
    order.isp_record = record.isp_record;
    order.mark = record.mark;
    order.organiser_name = organiser_of(record, target);
    order.domains = domains_of(record, target);
    order.xml = encoded.xml;
    order.received_at = order.waiting_since = situation_.now;
    if (target.subject) {
      order.before_xml = to_document(target.subject->filing);
      order.subject = target.subject->id;
      order.site = target.site;
      order.access = target.access;
    }
    const bool is_right = codes.empty();
    if (!is_right) {
      order.state = "returned";
    } else if (record.operation == Operation::material) {
      // Nobody decides on material: it is put with the filing.
      order.state = "passed";
      codes = {code(1060)};
    }
    if (order.state.empty()) return start(record, target, std::move(order));
    order.codes = joined_codes(codes);
    order.decided_at = situation_.now;
    insert_order(tx_, order, file_.id);
    answer_.results.push_back(result_for(std::move(codes), record.operation, record.mark));
  }

  void start(const Record& record, const Target& target, Order order) {
    const auto people = settings_.sms_check ? verifiers(record, target) : std::vector<Verifier>{};
    order.state = people.empty() ? "pending" : "sms_pending";
    insert_order(tx_, order, file_.id);
    take(tx_, claims_of(situation_.isp_id, record, target), situation_.isp_id, order.id);
    start_sms(tx_, settings_, order.id, people, situation_.now);
  }

  std::vector<bureau::ResultCode> check(const Record& record, const Target& target,
                                        const bureau::v30::Encoded& encoded) {
    if (is_domain_unit_) return {code(5009)};
    // Characters beyond GBK can come as references or in four bytes.
    if (!encoded.problems.empty()) return {code(5008)};
    auto codes = check_target(tx_, situation_, record, target);
    if (target.fault != 0) return codes;
    note_try(record, target);
    for (auto& one : check_content(dictionaries_, situation_.province, record, target)) {
      add(codes, std::move(one));
    }
    for (auto& one : check_registry(tx_, situation_, record, target)) add(codes, std::move(one));
    return codes;
  }

  // A wrong password in an upload counts like one that was only asked about (22).
  void note_try(const Record& record, const Target& target) {
    if (!is_password_wrong(settings_, record, target)) return;
    tx_.execute("INSERT INTO password_tries (id, number, tried_at) VALUES ($1, $2, $3)",
                {next_number(tx_, "try"), target.subject->number, situation_.now});
  }

  // V3.0 has no operation for these answers; only a refused one is answered, under "change".
  template <typename T>
  void take_answer_of(const T& answer, const std::string& mark) {
    const auto refused = is_domain_unit_ ? 5009
                                         : take_answer(tx_, situation_.isp_id, answer,
                                                       dictionaries_, situation_.now);
    if (refused == 0) return;
    answer_.results.push_back(result_for({code(refused, mark)}, Operation::change, mark));
  }

  void take_ips(const bureau::IpUpload& upload) {
    if (upload.empty()) return;
    if (!is_domain_unit_) return file_ips(tx_, setup_, situation_, upload, answer_.ip);
    answer_.results.push_back(result_for({code(5009)}, Operation::change, ""));
  }

  Tx& tx_;
  const Setup& setup_;
  const Dictionaries dictionaries_;
  const Settings settings_;
  const Situation situation_;
  const bool is_domain_unit_;
  const Waiting& file_;
  bureau::Download answer_;
};

std::vector<bureau::Download> by_branch(bureau::Download answer) {
  std::vector<bureau::Download> files;
  bureau::Download ips, domains;
  ips.ip = std::exchange(answer.ip, {});
  domains.domain_results = std::exchange(answer.domain_results, {});
  if (!answer.results.empty()) files.push_back(std::move(answer));
  if (!ips.ip.empty()) files.push_back(std::move(ips));
  if (!domains.domain_results.empty()) files.push_back(std::move(domains));
  return files;
}

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
      answer = Intake(tx, setup, of, *account, *file, now).take_in(opened.upload);
    }
    // One branch in each file: filings, addresses, domains.
    for (auto& branch : by_branch(std::move(answer))) {
      queue_file(tx, of, file->isp_id, branch, now);
    }
  });
  return true;
}

}  // namespace beian::sandbox
