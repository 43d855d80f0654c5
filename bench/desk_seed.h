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
  int racing = 0;  // filings in first review that nobody has, and nothing else is under way
};

// Fills an empty store and writes into `folder`:
//   reviewers   <cookie> <csrf>   of fifty first reviewers, then one senior
//   words       what to search for, one a line: kind, text
//   cases       ids of filings under way
void seed_desk(service::Service& s, const DeskSize& size, const std::string& folder);

}  // namespace beian::bench
