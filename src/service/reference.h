// The data files (data/…) in memory, read once at start: what the checks use, and the documents
// that pages fetch as they are.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "filing/bureau_info.h"
#include "filing/calendar.h"
#include "filing/catalogue.h"
#include "filing/form.h"
#include "filing/registration.h"
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
  Form form;                         // the current one of a first filing
  std::vector<Form> forms;           // those of every kind
  std::shared_ptr<RuleShelf> rules;  // of the bureaus
  Bureaus bureaus;
  // How often a filing password may be tried for one number within so many minutes.
  std::int64_t password_tries = 5, password_minutes = 60;
  Policy demo_policy;  // of the reference bureau, in demo mode, for every province
  Calendar calendar;
  Deadlines deadlines;
  // The same as documents, for changes laid over them (service/settings.h).
  std::map<int, json::value> calendar_years;
  json::value deadlines_document;
  std::vector<std::int64_t> announce_days;  // before something registered ends
  std::vector<std::int64_t> warn_days;      // before a filing that waits for its applicant ends
  std::vector<Reason> reasons;
  Registries registries;  // of domains

  // By the name a filing remembers (Form::name); with "desk." before it what staff read: the parts
  // that are asked, and around them all of what is registered.
  std::map<std::string, std::string> form_documents;
  std::string form_json, dictionaries_json, divisions_json, bureaus_json, reasons_json;

  const Form& form_of(Kind kind) const;

  // Throws std::runtime_error naming the file.
  static Reference load(const std::string& data_dir);
};

}  // namespace beian::service
