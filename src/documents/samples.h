// Drawn stand-ins for the papers an applicant uploads, so that anyone can try the whole path
// without a real person's documents. Each is plainly marked 样张; names, numbers and faces are
// invented (region code 99 exists nowhere, check digits are right).
#pragma once

#include <string>
#include <vector>

namespace beian::documents {

struct Sample {
  std::string name;     // file name without extension: "business_licence"
  std::string purpose;  // the material purpose it serves: "organiser_certificate"
  std::string jpeg;
};

// business_licence, id_card_front, id_card_back, domain_certificate, verification_photo, and
// verification_photo_red (a red top, which the rules refuse). Needs a font with Chinese glyphs.
std::vector<Sample> draw_samples();

}  // namespace beian::documents
