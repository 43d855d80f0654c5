// Messages as JSON for people: members by the names of the structs, absent ones left out, bytes as
// base64, IPv4 addresses dotted. For support staff (beian bureau pack | unpack) and for tests.
#pragma once

#include <boost/json.hpp>

#include "bureau/messages.h"

namespace beian::bureau {

boost::json::object to_json(const Upload& upload);
boost::json::object to_json(const Download& download);

// Throw std::invalid_argument naming the member ("new_filings[0].organiser.nature: must be a
// number"): one of another type, or one no message has. What is missing stays empty; the codec's
// schema check tells whether it may.
Upload upload_from_json(const boost::json::value& json);
Download download_from_json(const boost::json::value& json);

}  // namespace beian::bureau
