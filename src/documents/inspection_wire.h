// What Inspector and its child say to each other: a head in JSON and the picture behind it, and
// JSON back. Private to src/documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "documents/inspection.h"

namespace beian::documents {

struct Question {
  InspectRequest request;
  Thresholds thresholds;
};
std::string pack_question(const InspectRequest& request, const Thresholds& thresholds);
std::optional<Question> unpack_question(std::string_view message);

std::string pack_inspection(const Inspection& inspection);
// Read as a stranger's: only known fields and findings, bounded texts without control characters.
std::optional<Inspection> unpack_inspection(std::string_view message);

}  // namespace beian::documents
