// How a filing begins: from the questions (which domain, whose certificate), from what is
// registered, or as a copy of an older one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/by.h"
#include "service/draft.h"
#include "store/registry.h"

namespace beian::service {

// A draft of the kind that the determination leads to: first filing, new website, new access.
// `password`: the filing password where the determination asks for it (service/proof.h). `changes`
// are applied at once (for programs). `client`: of an agency, whose folder the draft lies in.
// Throws Refusal{conflict, "kind_not_offered"} with the outcome in params where nothing can begin.
store::Filing create_filing(Service& s, const By& by, const DeterminationInput& input,
                            const std::vector<Change>& changes,
                            const std::optional<std::string>& password = std::nullopt,
                            const std::optional<Id>& client = std::nullopt);

// The beginning of a filing of the kind that was determined, for those who write it themselves,
// with more in the same transaction (import_asking.cc). `proof`: of the filing password, may be
// empty.
struct Beginning {
  store::Filing filing;
  json::object content;
};
Beginning beginning_of(Service& s, const By& by, const DeterminationInput& input,
                       const Determined& determined, const std::string& proof);
// Its draft; `filing.client_id` may name the folder.
store::Filing insert_beginning(Service& s, Tx& tx, const By& by, const Beginning& beginning);

struct FromRegistry {
  Kind kind = Kind::change;  // change, or one of the cancellations
  std::vector<Id> sites;     // registered websites it is about; of a whole organiser none
  std::optional<std::string> password;
  std::optional<Id> client;  // of an agency; else the folder of the organiser's latest filing
};
FromRegistry read_from_registry(const json::object& body);

// Throws Refusal{not_found} for what is not one's own, Refusal{conflict, "organiser_in_flight"}
// naming the filing under way.
store::Filing begin_from_registry(Service& s, const By& by, Id organiser, const FromRegistry& what);

// The organiser and these websites of it, which must be one's own and filed.
struct Chosen {
  store::Organiser organiser;
  std::vector<store::RegisteredSite> sites;
};
Chosen choose_registered(Service& s, Reader& reader, Id account, Id organiser,
                         const FromRegistry& what);

// What is registered may have changed since the draft began (the bureau published another
// provider's change): the record is brought up to date, the answers stay. True when it changed.
bool refresh_record(Service& s, Reader& reader, const store::Filing& filing, json::object& content);

// A filing that came to nothing and whose answers are still there: a first filing, or one about an
// organiser that is still this account's and needs no password to begin.
bool can_copy(Service& s, Reader& reader, const store::Filing& filing, const json::object& content);
// A new draft with the answers of an old filing, over what is registered by now. What was confirmed
// is confirmed anew. Throws Refusal{conflict, "copy_not_offered"}.
store::Filing copy_filing(Service& s, const By& by, Id filing);

}  // namespace beian::service
