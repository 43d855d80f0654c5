// How uploaded papers are read and which papers are printed: data/documents/, in memory.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "documents/paper.h"

namespace beian::service {

// How a material is read (papers.json).
struct PaperRule {
  std::string type_path;  // of the certificate type that `kinds` goes by; may begin with '.'
  std::map<std::int64_t, documents::Paper> kinds;
  documents::Paper otherwise = documents::Paper::other;
  std::map<std::string, std::string> fills;  // field read -> path; '.' begins a path in the website
  std::vector<std::string> only_compared;    // of these, nothing is offered to be filled in
};

struct Papers {
  std::map<std::string, PaperRule> rules;  // by purpose
  // An individual is his own principal: where the form asks for what the first names.
  std::map<std::string, std::string> individual;
  json::object sheets;  // sheets.json (service/sheets.h)

  // Throws std::runtime_error naming the file.
  static Papers load(const std::string& data_dir);
};

}  // namespace beian::service
