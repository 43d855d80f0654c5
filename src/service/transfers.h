// Handing over (转移) a registered organiser with its websites, or one filing, to another account:
// offered by e-mail, accepted by whoever has that e-mail's account and the one-time link sent to
// it. Whether the address has an account is never told.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/transfers.h"

namespace beian::service {

inline constexpr Millis k_offer_days = 7;

struct Offer {
  std::string what;  // organiser, filing
  Id subject = 0;
  std::string email;           // whom to
  std::string password, code;  // of the giver, once more
};
// Why this cannot move now, as the code of a problem: transfer_at_bureau, transfer_ended,
// transfer_with_organiser, transfer_organiser_in_flight, transfer_claimed, transfer_cancelled;
// nullopt when it can. Throws Refusal{not_found} for what is not this account's.
std::optional<std::string> why_not_transferable(Service& s, Reader& reader, Id account,
                                                const std::string& what, Id subject);
// Throws Refusal{invalid} for e-mail and password, Refusal{conflict} with the reasons above,
// Refusal{conflict, "transfer_open"} when it is on offer already, Refusal{too_many,
// "transfer_offers"} beyond twenty a day.
store::Transfer offer_transfer(Service& s, const store::Account& giver, const Offer& offer);
void withdraw_transfer(Service& s, Id account, Id transfer);

// By the link's token, for the account whose e-mail it was sent to. Throws Refusal{not_found,
// "transfer_link"} alike for an unknown link and for another account's.
json::object show_offer(Service& s, const store::Account& receiver, const std::string& token,
                        std::string_view locale);
// In one transaction: the thing, its pictures and history are the receiver's. Refusal{conflict,
// "transfer_over"} when the offer has ended, and the reasons above when it can move no more.
store::Transfer accept_transfer(Service& s, const store::Account& receiver,
                                const std::string& token);
void decline_transfer(Service& s, const store::Account& receiver, const std::string& token);

// The clock's: offers whose time is over.
void expire_transfers(Service& s);

// What this account offers and has offered.
json::object show_transfers(Service& s, Id account);
json::object show_transfer(Service& s, Reader& reader, const store::Transfer& transfer);

}  // namespace beian::service
