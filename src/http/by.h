// Whose filings a request is about, and who makes it.
#pragma once

#include "http/router.h"
#include "service/by.h"

namespace beian {

inline service::By by(const Identity& me) {
  return me.member == 0 ? service::By(me.account) : service::By(me.account, me.member);
}

}  // namespace beian
