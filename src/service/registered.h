// Between the registry and our forms: what a bureau published in the words of a form's content,
// what is kept of it, and what follows when a record ends.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "bureau/messages.h"
#include "service/service.h"
#include "store/filings.h"
#include "store/registry.h"

namespace beian::service {

// {"organiser": …, "principal": …} and one website, with only what the bureau said.
json::object published_organiser(const bureau::Organiser& organiser);
json::object published_site(const bureau::Website& website, const bureau::Person& principal);

// What is known of a registered organiser or website; what the bureau published over what our own
// filing said. For rows older than the registry's records the filing is read.
json::object record_of(Service& s, Reader& reader, const store::Organiser& organiser);
json::object record_of(Service& s, Reader& reader, const store::RegisteredSite& site);

// Writes a publication into the registry and returns the organiser's row. `filings`: those of ours
// it is about, whose answers are kept beneath what the bureau says; none for what it sends by
// itself. `isp_id`: who we are there.
Id keep_published(Service& s, Tx& tx, const std::string& province, Id isp_id,
                  const bureau::PublishedFiling& published,
                  const std::vector<store::Filing>& filings);

// A change has passed: what it changes counts from now on, and a new product carries the website.
void keep_change(Service& s, Tx& tx, const store::Filing& filing);

// A record of the bureau's (Ztid, Wzid, Jrid) is cancelled, by whomever: the registry says so and
// product slots go back. False when it is not in our registry.
bool end_record(Service& s, Tx& tx, bureau::RecordKind scope, Id bureau_id);
// The same for a row that is known. An access means ours to this website.
void end_organiser(Service& s, Tx& tx, const store::Organiser& organiser);
void end_site(Service& s, Tx& tx, const store::RegisteredSite& site);
void end_access(Service& s, Tx& tx, const store::RegisteredSite& site);

}  // namespace beian::service
