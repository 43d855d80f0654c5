#include "service/holders.h"

#include "base/text.h"
#include "filing/domain_name.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "store/claims.h"
#include "store/filings.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_characters = 300;
constexpr std::int64_t k_by_account = 5, k_to_subject = 5;  // in a day
constexpr Millis k_same_again = 7 * k_day;

struct Holder {
  Id account = 0;
  std::string subject;  // the domain or the number, as the holder knows it
};

Id account_of_filing(Reader& reader, const std::optional<Id>& filing) {
  const auto fresh = filing ? store::freshness(reader, *filing) : std::nullopt;
  return fresh ? fresh->account_id : 0;
}

// Whoever has the domain, else whoever has the organiser: registered, or with a filing under way.
Holder holder_of(Service& s, Reader& reader, const std::string& domain, const std::string& shown,
                 const std::string& certificate) {
  if (const auto site = store::find_registered_site(reader, s.keys, domain)) {
    const auto organiser = store::find_organiser_by_id(reader, s.keys, site->organiser_id);
    if (organiser && organiser->account_id != 0) return {organiser->account_id, shown};
  }
  if (const Id id = account_of_filing(reader, store::active_filing_of_domain(reader, domain)))
    return {id, shown};
  const auto organiser = store::find_organiser(reader, s.keys, certificate);
  if (organiser && !organiser->cancelled && organiser->account_id != 0)
    return {organiser->account_id, organiser->number};
  if (const Id id =
          account_of_filing(reader, store::active_filing_of_organiser(reader, certificate, 0)))
    return {id, shown};
  return {};
}

std::string checked_message(const std::string& typed) {
  const auto refuse = [](const char* code, TextParams params = {}) {
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"message", code, std::move(params), "", "", true}});
  };
  const std::string message = clean_line(typed), lower = to_lower_ascii(message);
  if (message.empty()) refuse("required");
  if (count_characters(message) > k_most_characters)
    refuse("words_too_long", {{"max", std::to_string(k_most_characters)}});
  // It arrives in our name: nobody is led elsewhere by it.
  if (lower.find("://") != std::string::npos || lower.find("www.") != std::string::npos)
    refuse("message_link");
  return message;
}

}  // namespace

void tell_holder(Service& s, const store::Account& asker, const DeterminationInput& about,
                 const std::string& typed) {
  if (is_staff(asker.role)) throw Refusal(RefusalCode::forbidden, "role_forbidden");
  const std::string message = checked_message(typed);
  const auto host = parse_host(about.domain);
  const auto domain = host ? registrable_domain(*host) : std::nullopt;
  if (!domain)
    throw Refusal(RefusalCode::invalid, "determination_invalid",
                  {{"domain", "domain_invalid", {}, "", "", true}});
  const std::string certificate =
      store::certificate_lookup(s.keys, about.certificate_type, about.certificate_number);
  const std::string subject = s.keys.lookup(domain->ascii + "|" + certificate, "holder.subject");
  s.db.write([&](Tx& tx) {
    const store::HolderMessages before = store::count_holder_messages(
        tx, asker.id, subject, s.now() - k_day, s.now() - k_same_again);
    if (before.same || before.by_account >= k_by_account || before.to_subject >= k_to_subject)
      throw Refusal(RefusalCode::too_many, "holder_messages");
    store::note_holder_message(tx, asker.id, subject, s.now());
    const Holder holder = holder_of(s, tx, domain->ascii, domain->unicode, certificate);
    const auto to = store::find_account(tx, s.keys, holder.account);
    const bool reaches = to && to->state == "active" && to->id != asker.id;
    if (reaches)
      queue_notice(
          s, tx, *to, "", std::nullopt, "holder_message", "holder/" + id_to_string(new_id()),
          {{{"subject", holder.subject}, {"message", message}, {"contact", asker.email}}, {}});
    record(s, tx, {"applicant", asker.id}, "holder.message", "", {{"reached", reaches}});
  });
  s.wake_workers();
}

}  // namespace beian::service
