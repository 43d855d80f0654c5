// Takes from this process what a decoder never needs. Private to src/documents.
#pragma once

#include <cstddef>

namespace beian::documents {

// Bounds the address space to `memory` bytes, forbids core dumps, new descriptors and every system
// call but memory, reading, writing, time and exit (seccomp; a forbidden call fails with EPERM).
// False when the kernel took only part of it. Does nothing in sanitizer builds, whose runtime needs
// more.
bool confine_to_decoding(std::size_t memory);

}  // namespace beian::documents
