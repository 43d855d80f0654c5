// One round of the line to a bureau: send what is ready, one package at a time in sequence, then
// fetch and apply what waits there. Every doubt is resolved by asking before anything is sent again
// (interface specification 3-3-4).
#pragma once

#include "service/service.h"
#include "store/jobs.h"
#include "worker/loop.h"

namespace beian::worker {

// The work of a "bureau_exchange" job; its payload is the province.
Done exchange(service::Service& s, const store::Job& job);

}  // namespace beian::worker
