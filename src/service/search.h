// Search at the desk: filings by part of an organiser's name or of a domain, and by the whole of a
// person's name, a certificate's number, a mobile or a filing number, while all of that stays
// sealed (docs/decisions/0007-search.md).
#pragma once

#include <string>
#include <vector>

#include "service/service.h"
#include "store/filings.h"
#include "store/queues.h"

namespace beian::service {

// What the filing is found by from now on: with every submission and with its number.
void index_filing(Service& s, Tx& tx, const store::Filing& filing);
// The words that it is found by (store/search.h); `domains` in ASCII.
std::vector<std::string> search_words(const store::Filing& filing,
                                      const std::vector<std::string>& domains);
// Takes up some filings written before there was a search; false once there is none left.
bool index_some(Service& s);

// Best first: its id, its domain, its number, then names and domains that contain the text, newest
// first. At most `limit`, of those in the scope.
std::vector<store::QueueRow> search_filings(Service& s, Reader& reader, const std::string& typed,
                                            const store::StaffScope& scope, int limit);

}  // namespace beian::service
