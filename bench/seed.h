// The store that the workloads run on: 200,000 filings of 2,000 applicants, sealed as in reality.
#pragma once

#include <string>

#include "service/service.h"

namespace beian::bench {

struct SeedSize {
  int accounts = 2000;
  int filings = 200'000;
  int claimed = 60'000;  // of them in first review, claimed by the reviewer of the bench
};

// Fills an empty store and writes what the workloads need into `folder`, as lines for the scripts:
//   staff     <cookie> <csrf>
//   owners    <cookie> <csrf> <filing>      one filing of each of 20,000, with its owner's session
//   claimed   <filing> <version>
//   uploads   <cookie> <csrf> <filing>      drafts that take a picture
// and picture.jpg, a grainy photograph of about 300 KiB.
void seed(service::Service& s, const SeedSize& size, const std::string& folder);

}  // namespace beian::bench
