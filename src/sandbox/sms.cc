#include "sandbox/sms.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

using bureau::Website;

std::string six_digits() {
  const auto bytes = random_bytes(4);
  std::uint32_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return fmt::format("{:06}", number % 1'000'000);
}

std::string last_six(const std::string& number) {
  std::string end = number.size() > 6 ? number.substr(number.size() - 6) : number;
  for (char& c : end) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return end;
}

bool same_organiser(const bureau::Organiser& a, const bureau::Organiser& b) {
  return a.name == b.name && a.nature == b.nature && a.investor == b.investor &&
         a.address == b.address && a.certificate == b.certificate && a.principal == b.principal &&
         a.remark == b.remark;
}

// What of a website a change could have touched, without ids.
Website content_of(Website site) {
  site.isp_id = 0;
  site.key.clear();
  site.publication = {};
  for (auto& domain : site.domains) domain.isp_id = domain.bureau_id = 0;
  for (auto& access : site.accesses) {
    access.isp_id = access.bureau_id = access.provider = 0;
    for (auto& ip : access.ips) ip.isp_id = ip.bureau_id = 0;
  }
  return site;
}

class People {
 public:
  explicit People(const bureau::Organiser& organiser) : organiser_(organiser) {}

  void principal() { add("principal", organiser_.principal); }
  void manager(const Website& site) { add("manager", site.manager); }

  std::vector<Verifier> found;

 private:
  void add(const char* role, const bureau::Person& person) {
    const auto mobile = split(person.mobile, ';').at(0);
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const auto& one) { return one.mobile == mobile; });
    if (mobile.empty() || known) return;
    const auto& number = person.certificate_number.empty() ? organiser_.certificate.number
                                                           : person.certificate_number;
    // An individual may leave the name of the principal out.
    found.push_back(
        {role, person.name.empty() ? organiser_.name : person.name, mobile, last_six(number)});
  }

  const bureau::Organiser& organiser_;
};

std::vector<Verifier> of_change(const bureau::Change& change, const Subject& subject) {
  People people(change.organiser);
  if (!same_organiser(change.organiser, subject.filing.organiser)) people.principal();
  auto after = subject.filing;
  Record record;
  record.operation = Operation::change;
  record.alone.changes = {change};
  apply(after, record, Target{}, 0);
  for (const auto& site : after.websites) {
    const auto* before = subject.site(site.publication.id);
    if (before != nullptr && content_of(site) != content_of(*before)) people.manager(site);
  }
  if (people.found.empty()) people.principal();
  return people.found;
}

// Gives the order back in words; nothing else tells the provider.
void give_back(Tx& tx, const Setup& setup, Id order, const std::string& opinion, Millis now) {
  Verdict verdict;
  verdict.reviewer = "短信核验";
  verdict.opinion = opinion;
  verdict.by_machine = true;
  settle(tx, setup, order, verdict, now);
}

}  // namespace

std::vector<Verifier> verifiers(const Record& record, const Target& target) {
  if (record.operation == Operation::change) return of_change(record.change(), *target.subject);
  const bool is_new = record.operation == Operation::new_filing;
  const auto& organiser = is_new ? record.filing().organiser : target.subject->filing.organiser;
  People people(organiser);
  const auto* site = is_new ? nullptr : target.subject->site(target.site);
  switch (record.operation) {
    case Operation::new_filing:
      people.principal();
      for (const auto& one : record.filing().websites) people.manager(one);
      break;
    case Operation::new_website:
      for (const auto& one : record.websites().websites) people.manager(one);
      break;
    case Operation::new_access:
    case Operation::cancel_website:
      if (site != nullptr) people.manager(*site);
      break;
    case Operation::cancel_organiser:
      people.principal();
      break;
    default:
      break;
  }
  return people.found;
}

void start_sms(Tx& tx, const Settings& settings, Id order, const std::vector<Verifier>& people,
               Millis now) {
  for (const auto& person : people) {
    tx.execute(
        "INSERT INTO sms_checks (id, order_id, person, role, mobile, last_six, code, sent_at, "
        "expires_at, tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
        {next_number(tx, "sms"), order, person.name, person.role, person.mobile, person.last_six,
         six_digits(), now, now + settings.sms_hours * 60 * 60 * 1000});
  }
}

SmsOutcome enter_code(Tx& tx, const Setup& setup, const std::string& mobile,
                      const std::string& last_six_given, const std::string& code, Millis now) {
  // Several orders may wait for the same person; the code tells which one is meant.
  const auto rows = tx.query(
      "SELECT sms_checks.id, order_id, code, tries FROM sms_checks "
      "JOIN orders ON orders.id = order_id WHERE mobile = $1 AND last_six = $2 "
      "AND verified_at IS NULL AND expires_at > $3 AND orders.state = 'sms_pending' "
      "ORDER BY sms_checks.id",
      {mobile, last_six(last_six_given), now});
  if (rows.empty()) return SmsOutcome::unknown;
  for (const auto& row : rows) {
    if (row.text(2) != code) continue;
    tx.execute("UPDATE sms_checks SET verified_at = $2 WHERE id = $1", {row.integer(0), now});
    const auto left =
        tx.query_one("SELECT COUNT(*) FROM sms_checks WHERE order_id = $1 AND verified_at IS NULL",
                     {row.integer(1)});
    if (left->integer(0) == 0) wait_for_officer(tx, row.integer(1), now);
    return SmsOutcome::accepted;
  }
  const Settings settings = read_settings(tx);
  const auto& oldest = rows[0];
  tx.execute("UPDATE sms_checks SET tries = tries + 1 WHERE id = $1", {oldest.integer(0)});
  if (oldest.integer(3) + 1 <= settings.sms_tries) return SmsOutcome::wrong;
  give_back(tx, setup, oldest.integer(1), "短信核验未通过：核验码输入错误次数超过限制，请重新提交",
            now);
  return SmsOutcome::returned;
}

int Sandbox::Inside::return_unverified(Millis now) {
  const auto due = db.read([&](Reader& reader) {
    return reader.query(
        "SELECT DISTINCT orders.id FROM orders JOIN sms_checks ON order_id = orders.id "
        "WHERE orders.state = 'sms_pending' AND verified_at IS NULL AND expires_at <= $1 LIMIT 100",
        {now});
  });
  int done = 0;
  for (const auto& row : due) {
    db.write([&](Tx& tx) {
      const auto order = find_order(tx, row.integer(0));
      if (!order || order->state != "sms_pending") return;
      give_back(tx, setup, order->id, "短信核验未通过：未在规定时间内完成短信核验，请重新提交",
                now);
      ++done;
    });
  }
  return done;
}

}  // namespace beian::sandbox
