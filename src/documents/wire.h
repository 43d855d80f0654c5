// What ImageWorker and its children say to each other: a length, then numbers and texts in a fixed
// order. The parent reads a child's answer as it would a stranger's, because a picture may have
// taken the child over. Private to src/documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "documents/prepare.h"

namespace beian::documents {

inline constexpr std::size_t k_length_bytes = 8;
inline constexpr std::uint64_t k_max_message = 64u << 20;

std::string with_length(std::string_view message);

// Each with its length in front.
std::string pack(const PrepareRequest& request);
std::string pack(const PrepareOutcome& outcome);

// The length of the message whose first k_length_bytes these are; nullopt beyond k_max_message.
std::optional<std::uint64_t> message_length(std::string_view prefix);

// Without the length. nullopt for anything malformed; an outcome must also hold what was asked:
// JPEGs only, and a fitted copy within `fit_bytes`.
std::optional<PrepareRequest> unpack_request(std::string_view message);
std::optional<PrepareOutcome> unpack_outcome(std::string_view message, std::size_t fit_bytes);

}  // namespace beian::documents
