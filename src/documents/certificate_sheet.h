// One page A4 that says which number a website has, to print and file away. It is the provider's
// sheet, not the bureau's certificate, and says so.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace beian::documents {

struct CertificateSheet {
  std::string title, number, number_label;
  std::vector<std::pair<std::string, std::string>> rows;  // name and value
  std::string note;                                       // what the sheet is and is not
  std::string link, link_label;                           // as QR code and in words
  std::string footer;                                     // who made it, when
};

// A PDF with embedded fonts. All texts are UTF-8; long values wrap. Throws Refusal{invalid} for a
// link beyond 1000 bytes and std::runtime_error when the page cannot be drawn.
std::string certificate_sheet(const CertificateSheet& sheet);

}  // namespace beian::documents
