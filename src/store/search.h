// Finding filings by what was typed while everything personal stays sealed: keyed hashes of pairs
// of letters and of whole numbers, the same on both engines (docs/decisions/0007-search.md). What
// is found is a candidate: the caller opens its name and looks again.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "store/scopes.h"

namespace beian::store {

// What a filing is found by, normalised by the caller. `whole`: found by all of it only (a person's
// name, a number); `parts`: pairs of letters ("n:示例"), each marked by what it is of.
using SearchWords = std::vector<std::string>;

// Takes the place of what the filing was found by before.
void put_search_terms(Tx& tx, const Keyring& keys, Id filing, const SearchWords& words);
void remove_search_terms(Tx& tx, Id filing);
// What stands for the words in the table: for whoever writes many rows at once
// (bench/desk_seed.cc).
std::set<std::int64_t> terms_of(const Keyring& keys, const SearchWords& words);

// Filings of the scope that have every one of these words, newest first, at most `limit`. Only the
// newest `k_search_depth` filings that have the rarest of them are looked at, and fewer where each
// must be looked up for its scope.
inline constexpr int k_search_depth = 50'000, k_search_depth_in_scope = 20'000;
std::vector<Id> find_by_words(Reader& reader, const Keyring& keys, const SearchWords& words,
                              int limit, const StaffScope& scope = {});
// With exactly this domain (ASCII) or organiser's number, newest first.
std::vector<Id> find_by_domain(Reader& reader, const std::string& domain, int limit);

// Filings written before there was a search, newest first; empty once all are done.
std::vector<Id> filings_to_index(Reader& reader, int limit);
void note_indexed(Tx& tx, const std::vector<Id>& filings);  // as returned; empty: all done

}  // namespace beian::store
