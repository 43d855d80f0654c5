// Passing a message on to the account that holds a domain or an organiser here, without telling who
// that is, or whether there is anybody.
#pragma once

#include <string>

#include "service/determine.h"
#include "service/service.h"
#include "store/accounts.h"

namespace beian::service {

// The asker's e-mail goes along, so that the holder can answer. Returns alike whether it reached
// anybody. Throws Refusal{invalid} for a message that is empty, too long or carries a link, and
// Refusal{too_many, "holder_messages"}: five a day from an account, five a day about one domain and
// certificate, one a week from the same to the same.
void tell_holder(Service& s, const store::Account& asker, const DeterminationInput& about,
                 const std::string& message);

}  // namespace beian::service
