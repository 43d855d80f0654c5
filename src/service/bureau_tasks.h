// The staff's side of a bureau's tasks: what is to be done, the answer, and that it is done.
#pragma once

#include <string>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/bureau_tasks.h"

namespace beian::service {

// Refusal{not_found} where a bureau lies outside this person's scope.
void require_line(Reader& reader, const Staff& staff, std::string_view province);

json::object show_task_row(const store::BureauTask& task);
// With its content; of a verification task also the record's fields, which are personal: opening it
// is recorded (looks).
json::object open_task(Service& s, const Staff& staff, Id task);

// Of an unfiled_site {outcome, opinion}; of a verification {passed, opinion, errors?, corrections?:
// {path: value}}. It is checked against the interface's schema before it is kept: Refusal{invalid}
// names what is missing.
void answer_task(Service& s, const Staff& staff, Id task, const json::object& answer);
// The others: dealt with. A filing that was set aside is tried again, or sent all the same.
void finish_task(Service& s, const Staff& staff, Id task, const std::string& note);

// The XML of something that crossed the wire, for an authorised person's eyes: UTF-8, indented,
// with pictures named by their size instead of shown. Looking is recorded.
std::string readable_upload(Service& s, const Staff& staff, const std::string& province,
                            std::int64_t sequence);
std::string readable_download(Service& s, const Staff& staff, const std::string& province,
                              const std::string& file_name);

}  // namespace beian::service
