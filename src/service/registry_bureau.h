// What a bureau tells about records of the registry, by its ids.
#pragma once

#include "bureau/messages.h"
#include "service/service.h"

namespace beian::service {

// The record named is filed no more.
void cancel_registered(Service& s, Tx& tx, const bureau::CancelledRecord& record);

}  // namespace beian::service
