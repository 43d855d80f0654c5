// Answers to a bureau's tasks: what was found about an unfiled website (WBACLJG), and the record
// that was to be verified, as it should be (HSJG).
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "bureau/messages.h"
#include "store/bureau_tasks.h"

namespace beian::service {

// Of tasks of one kind with their answers.
bureau::Upload compose_answers(const std::vector<store::BureauTask>& tasks, Id isp_id);

// Content of a task from the record that the bureau sent. A verification task keeps the whole
// record in the interface's own words, so that nothing of it is lost in the answer.
json::object content_of(const bureau::UnfiledWebsite& site);
json::object content_of(const bureau::VerificationTask& task);
// The record of a verification task, with the corrections of its answer applied.
bureau::VerificationTask record_of(const json::object& content, const json::object* corrections);
// What of a record may be corrected: path, value. "organiser.name", "sites.0.manager.mobile", …
std::vector<std::pair<std::string, std::string>> correctable(const bureau::VerificationTask& task);

}  // namespace beian::service
