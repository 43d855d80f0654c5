// Who does something, and on whose behalf: an applicant for his own account, or a member of an
// agency for the agency's. What is owned goes by the account, what is told by the person.
#pragma once

#include "base/ids.h"

namespace beian::service {

struct By {
  By(Id own) : account(own), person(own) {}  // not explicit: most act for themselves
  By(Id agency, Id member) : account(agency), person(member) {}
  Id account, person;
};

}  // namespace beian::service
