// The store that bench/desk runs on: a provider of some years, a million organisers with one and a
// half million websites, filings in every state. The same store for the same numbers every time.
#pragma once

#include <string>

#include "service/service.h"

namespace beian::bench {

struct DeskSize {
  int organisers =
      1'000'000;            // registered, each by an approved first filing of one or two websites
  int under_way = 200'000;  // further filings, in all states
  int later = 800'000;      // approved after the first: changes, further websites, accesses
  int racing = 0;  // filings in first review that nobody has, and nothing else is under way
};

// Fills an empty store and writes into `folder`:
//   reviewers   <cookie> <csrf>   of fifty first reviewers, then one senior
//   scoped      the same, of five who see one or three provinces, one or three customers, or both
//   words       what to search for, one a line: kind, text
//   cases       ids of filings under way
void seed_desk(service::Service& s, const DeskSize& size, const std::string& folder);

}  // namespace beian::bench
