#include "service/tokens.h"

#include <algorithm>

#include "base/text.h"
#include "service/account.h"

namespace beian::service {
namespace {

constexpr Millis k_touch_every = 5 * k_minute;
constexpr std::size_t k_most_name = 60;

Problem defect(std::string field, std::string code,
               std::map<std::string, std::string> params = {}) {
  return {std::move(field), std::move(code), std::move(params), "", "", true};
}

std::vector<Problem> defects_of(const TokenWish& wish, const std::string& name) {
  std::vector<Problem> problems;
  if (name.empty() || count_characters(name) > k_most_name)
    problems.push_back(defect("name", "token_name", {{"max", std::to_string(k_most_name)}}));
  if (wish.scopes.empty()) problems.push_back(defect("scopes", "token_scopes_none"));
  for (const std::string& scope : wish.scopes)
    if (!scope_from_string(scope)) problems.push_back(defect("scopes", "token_scope_unknown"));
  if (wish.days < 1 || wish.days > k_most_token_days)
    problems.push_back(defect("days", "token_days", {{"max", std::to_string(k_most_token_days)}}));
  return problems;
}

}  // namespace

TokenMade make_token(Service& s, Id account, const TokenWish& wish) {
  const std::string name = clean_line(wish.name);
  const std::vector<Problem> problems = defects_of(wish, name);
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "request_invalid", problems);
  std::vector<std::string> scopes;
  for (const ScopeName& one : k_scopes)
    if (std::find(wish.scopes.begin(), wish.scopes.end(), one.name) != wish.scopes.end())
      scopes.emplace_back(one.name);
  TokenMade made;
  made.token = std::string(k_token_prefix) + random_token();
  made.row.id = new_id();
  made.row.account_id = account;
  made.row.name = name;
  made.row.scopes = join(scopes, " ");
  made.row.shown = made.token.substr(made.token.size() - 4);
  made.row.created_at = s.now();
  made.row.expires_at = s.now() + wish.days * k_day;
  s.db.write([&](Tx& tx) {
    if (store::count_api_tokens(tx, account, s.now()) >= k_most_tokens)
      throw Refusal(RefusalCode::conflict, "tokens_too_many", {},
                    {{"max", std::to_string(k_most_tokens)}});
    store::insert_api_token(tx, made.token, made.row);
  });
  return made;
}

std::vector<store::ApiToken> tokens_of(Service& s, Id account) {
  return s.db.read(
      [&](Reader& reader) { return store::list_api_tokens(reader, account, s.now()); });
}

void revoke_token(Service& s, Id account, Id token) {
  const bool was =
      s.db.write([&](Tx& tx) { return store::revoke_api_token(tx, account, token, s.now()); });
  if (!was) throw Refusal(RefusalCode::not_found, "not_found");
}

std::optional<TokenHolder> identify_token(Service& s, const std::string& token) {
  if (!token.starts_with(k_token_prefix) || token.size() > 100) return std::nullopt;
  const Millis now = s.now();
  std::optional<store::ApiToken> row;
  auto holder = s.db.read([&](Reader& reader) -> std::optional<TokenHolder> {
    row = store::find_api_token(reader, token, now);
    if (!row) return std::nullopt;
    auto account = store::find_account(reader, s.keys, row->account_id);
    if (!account || account->state != "active") return std::nullopt;
    return TokenHolder{std::move(*account), {}};
  });
  if (!holder) return std::nullopt;
  for (const std::string& name : split(row->scopes, ' '))
    if (const auto scope = scope_from_string(name)) holder->scopes.insert(*scope);
  if (row->last_used_at.value_or(0) + k_touch_every < now)
    s.db.write([&](Tx& tx) { store::touch_api_token(tx, row->id, now); });
  return holder;
}

}  // namespace beian::service
