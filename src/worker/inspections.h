// Uploaded pictures are looked at here, after their upload has been answered.
#pragma once

#include "worker/loop.h"

namespace beian::worker {

// The work of an "inspect_material" job; its payload is the material's id.
Done look_at_material(service::Service& s, const store::Job& job);

}  // namespace beian::worker
