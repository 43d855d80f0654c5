// Tokens: an account's keys for its programs. A token is shown once, when it is made; what is kept
// is its hash. It can do no more than its scopes name, never more than its account, and it can make
// no tokens.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/scope.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/tokens.h"

namespace beian::service {

inline constexpr std::int64_t k_most_tokens = 20, k_most_token_days = 366;
inline constexpr std::string_view k_token_prefix = "bn_";  // for programs that look for leaked ones

struct TokenWish {
  std::string name;
  std::vector<std::string> scopes;
  std::int64_t days = 0;
};
struct TokenMade {
  std::string token;  // for its owner's eyes, now and never again
  store::ApiToken row;
};
// Throws Refusal{invalid, "token_invalid_wish"} with every defect.
TokenMade make_token(Service& s, Id account, const TokenWish& wish);
std::vector<store::ApiToken> tokens_of(Service& s, Id account);
void revoke_token(Service& s, Id account, Id token);

struct TokenHolder {
  store::Account account;
  std::set<Scope> scopes;
};
// Whose token this is, while it holds and the account is active. Notes its use, at most once in
// five minutes.
std::optional<TokenHolder> identify_token(Service& s, const std::string& token);

}  // namespace beian::service
