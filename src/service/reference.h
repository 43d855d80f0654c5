// The data files (data/…) in memory, read once at start: what the checks use, and the documents
// that pages fetch as they are.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "filing/bureau_info.h"
#include "filing/calendar.h"
#include "filing/catalogue.h"
#include "filing/form.h"
#include "service/rules.h"

namespace beian::service {

// A ready-made reason for a correction (data/reasons.json).
struct Reason {
  std::string code;
  std::vector<std::string> fields;  // path patterns, * for one step
  Labels text;
};

struct Reference {
  Catalogue catalogue;
  std::shared_ptr<RuleShelf> rules;  // of the bureaus
  Form form;                         // the current one
  Bureaus bureaus;
  Policy demo_policy;  // of the reference bureau, in demo mode, for every province
  Calendar calendar;
  Deadlines deadlines;
  std::vector<Reason> reasons;

  std::string form_json, dictionaries_json, divisions_json, bureaus_json, reasons_json;

  // Throws std::runtime_error naming the file.
  static Reference load(const std::string& data_dir);
};

}  // namespace beian::service
