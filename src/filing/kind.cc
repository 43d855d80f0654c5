#include "filing/kind.h"

#include <array>
#include <utility>

namespace beian {
namespace {

using Status = BureauAnswer::Status;

KindDecision decide(Outcome outcome, std::string text, std::optional<Kind> kind = std::nullopt) {
  KindDecision decision;
  decision.outcome = outcome;
  decision.text = std::move(text);
  decision.kind = kind;
  return decision;
}

bool is_filed(const BureauAnswer& answer) {
  return answer.status == Status::answered && answer.filed;
}

// The organiser's number as far as anybody knows it.
std::string organiser_number(const KindFacts& facts) {
  if (is_filed(facts.organiser)) return facts.organiser.organiser_number;
  return facts.organiser_number_here;
}

// What is registered here may be used by the account it belongs to alone.
bool is_other_accounts(const KindFacts& facts) {
  return !facts.organiser_number_here.empty() && !facts.organiser_of_account;
}

KindDecision access(const KindFacts& facts) {
  if (is_other_accounts(facts)) return decide(Outcome::other_account, "organiser_other_account");
  return decide(Outcome::new_access, "new_access", Kind::new_access);
}

// The bureau knows the domain. Whose is it? Numbers of organisers tell.
KindDecision domain_filed_elsewhere(const KindFacts& facts) {
  const std::string number = organiser_number(facts);
  const bool organiser_known = !number.empty() || facts.organiser.status == Status::answered;
  if (!organiser_known) return decide(Outcome::conflict, "conflict_holder_unknown");
  if (!number.empty() && number == facts.domain.organiser_number) return access(facts);
  return decide(Outcome::conflict, "conflict");
}

KindDecision domain_free(const KindFacts& facts) {
  if (is_other_accounts(facts)) return decide(Outcome::other_account, "organiser_other_account");
  if (!facts.organiser_number_here.empty()) {
    return decide(Outcome::new_website_here, "new_website_here", Kind::new_website);
  }
  if (is_filed(facts.organiser)) {
    return decide(Outcome::new_website_elsewhere, "new_website_elsewhere", Kind::new_website);
  }
  // Without an answer about the organiser the bureau has the last word after hand-over.
  const bool checked = facts.organiser.status == Status::answered;
  return decide(Outcome::first_filing, checked ? "first_filing" : "first_filing_unchecked",
                Kind::first_filing);
}

KindDecision find_decision(const KindFacts& facts) {
  if (facts.own_filing) {
    KindDecision decision = decide(Outcome::in_flight, "in_flight");
    decision.filing = facts.own_filing;
    return decision;
  }
  if (facts.other_accounts_filing) return decide(Outcome::in_flight, "in_flight_other_account");
  if (facts.domain_here == DomainHolder::same_organiser) {
    if (!facts.served_here) return access(facts);
    if (is_other_accounts(facts))
      return decide(Outcome::other_account, "already_filed_other_account");
    return decide(Outcome::already_filed_here, "already_filed_here", Kind::change);
  }
  if (facts.domain_here == DomainHolder::other_organiser) {
    return decide(Outcome::conflict, "conflict_here");
  }
  if (facts.domain.status == Status::unreachable || facts.organiser.status == Status::unreachable) {
    return decide(Outcome::bureau_unreachable, "bureau_unreachable");
  }
  return is_filed(facts.domain) ? domain_filed_elsewhere(facts) : domain_free(facts);
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  constexpr std::array<std::pair<Outcome, std::string_view>, 9> k_names{
      {{Outcome::first_filing, "first_filing"},
       {Outcome::new_website_here, "new_website_here"},
       {Outcome::new_website_elsewhere, "new_website_elsewhere"},
       {Outcome::new_access, "new_access"},
       {Outcome::already_filed_here, "already_filed_here"},
       {Outcome::other_account, "other_account"},
       {Outcome::conflict, "conflict"},
       {Outcome::in_flight, "in_flight"},
       {Outcome::bureau_unreachable, "bureau_unreachable"}}};
  for (const auto& [known, name] : k_names) {
    if (known == outcome) return name;
  }
  return {};
}

KindDecision determine_kind(const KindFacts& facts) {
  KindDecision decision = find_decision(facts);
  decision.bureau_asked = facts.domain.status == Status::answered;
  decision.organiser_number = organiser_number(facts);
  if (is_filed(facts.domain)) {
    decision.domain_number =
        facts.domain.site_number.empty() ? facts.domain.organiser_number : facts.domain.site_number;
  }
  return decision;
}

bool is_cancel(Kind kind) {
  return kind == Kind::cancel_organiser || kind == Kind::cancel_website ||
         kind == Kind::cancel_access;
}

bool begins_with_domain(Kind kind) { return !is_cancel(kind) && kind != Kind::change; }

}  // namespace beian
