#include "filing/vocabulary.h"

#include <array>
#include <utility>

namespace beian {
namespace {

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<Kind, 7> k_kinds{{{Kind::first_filing, "first_filing"},
                                  {Kind::new_website, "new_website"},
                                  {Kind::new_access, "new_access"},
                                  {Kind::change, "change"},
                                  {Kind::cancel_organiser, "cancel_organiser"},
                                  {Kind::cancel_website, "cancel_website"},
                                  {Kind::cancel_access, "cancel_access"}}};

constexpr Names<State, 13> k_states{{{State::draft, "draft"},
                                     {State::initial_review, "initial_review"},
                                     {State::initial_returned, "initial_returned"},
                                     {State::verification, "verification"},
                                     {State::photo_review, "photo_review"},
                                     {State::ready, "ready"},
                                     {State::sending, "sending"},
                                     {State::sms_pending, "sms_pending"},
                                     {State::bureau_review, "bureau_review"},
                                     {State::bureau_returned, "bureau_returned"},
                                     {State::approved, "approved"},
                                     {State::withdrawn, "withdrawn"},
                                     {State::expired, "expired"}}};

constexpr Names<Action, 15> k_actions{{{Action::submit, "submit"},
                                       {Action::withdraw, "withdraw"},
                                       {Action::pass_initial, "pass_initial"},
                                       {Action::return_initial, "return_initial"},
                                       {Action::submit_photo, "submit_photo"},
                                       {Action::pass_photo, "pass_photo"},
                                       {Action::return_photo, "return_photo"},
                                       {Action::start_sending, "start_sending"},
                                       {Action::bureau_received, "bureau_received"},
                                       {Action::sms_requested, "sms_requested"},
                                       {Action::sms_verified, "sms_verified"},
                                       {Action::sms_expired, "sms_expired"},
                                       {Action::bureau_approved, "bureau_approved"},
                                       {Action::bureau_rejected, "bureau_rejected"},
                                       {Action::expire, "expire"}}};

constexpr Names<Actor, 5> k_actors{{{Actor::applicant, "applicant"},
                                    {Actor::staff, "staff"},
                                    {Actor::bureau, "bureau"},
                                    {Actor::worker, "worker"},
                                    {Actor::clock, "clock"}}};

constexpr Names<Turn, 5> k_turns{{{Turn::applicant, "applicant"},
                                  {Turn::staff, "staff"},
                                  {Turn::bureau, "bureau"},
                                  {Turn::platform, "platform"},
                                  {Turn::nobody, "nobody"}}};

constexpr Names<Role, 9> k_roles{{{Role::applicant, "applicant"},
                                  {Role::first_reviewer, "first_reviewer"},
                                  {Role::photo_reviewer, "photo_reviewer"},
                                  {Role::dispatcher, "dispatcher"},
                                  {Role::senior, "senior"},
                                  {Role::rules_editor, "rules_editor"},
                                  {Role::administrator, "administrator"},
                                  {Role::security_administrator, "security_administrator"},
                                  {Role::audit_administrator, "audit_administrator"}}};

template <typename Enum, std::size_t N>
std::string_view name_of(const Names<Enum, N>& names, Enum value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return {};
}

template <typename Enum, std::size_t N>
std::optional<Enum> value_of(const Names<Enum, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Kind kind) { return name_of(k_kinds, kind); }
std::string_view to_string(State state) { return name_of(k_states, state); }
std::string_view to_string(Action action) { return name_of(k_actions, action); }
std::string_view to_string(Actor actor) { return name_of(k_actors, actor); }
std::string_view to_string(Turn turn) { return name_of(k_turns, turn); }
std::string_view to_string(Role role) { return name_of(k_roles, role); }

std::optional<Kind> kind_from_string(std::string_view text) { return value_of(k_kinds, text); }
std::optional<State> state_from_string(std::string_view text) { return value_of(k_states, text); }
std::optional<Action> action_from_string(std::string_view text) {
  return value_of(k_actions, text);
}
std::optional<Role> role_from_string(std::string_view text) { return value_of(k_roles, text); }

bool is_staff(Role role) { return role != Role::applicant; }

}  // namespace beian
