// Filings that have something in common, found over keyed hashes of what is sealed.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

// `value` as the caller normalised it; the hash separates kinds.
struct Mark {
  std::string kind;  // organiser, name, person, phone, mail, address
  std::string value;
};

// The marks of a filing as it was last submitted: these and no others.
void put_marks(Tx& tx, const Keyring& keys, Id filing, const std::vector<Mark>& marks);
// Submitted filings that have no marks yet, oldest first.
std::vector<Id> filings_to_mark(Reader& reader, int limit);
void marked(Tx& tx, Id filing);

// Others with this mark, this domain, or a picture of this filing: the latest first, at most
// `limit`.
std::vector<Id> filings_with(Reader& reader, const Keyring& keys, const Mark& mark, Id except,
                             int limit);
std::vector<Id> filings_with_domain(Reader& reader, const std::string& domain, Id except,
                                    int limit);
struct SharedPicture {
  Id filing_id = 0;
  Id material_id = 0;  // of the filing that was asked about
};
std::vector<SharedPicture> filings_with_picture(Reader& reader, Id filing, int limit);

struct RelatedFiling {
  Id id = 0, account_id = 0;
  Kind kind;
  State state;
  std::string turn, title, province;  // the title opened
  std::int64_t nature = 0;
  Millis created_at = 0, state_since = 0;
  std::vector<std::string> domains;
};
// Without drafts that were never submitted, which are their owners' alone.
std::vector<RelatedFiling> related_filings(Reader& reader, const Keyring& keys,
                                           const std::vector<Id>& ids);

}  // namespace beian::store
