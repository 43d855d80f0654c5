// The words of the field, as the program spells them (docs/glossary.md gives 中文 and English).
// One spelling from SQL to screen: to_string(State::initial_review) is "initial_review".
#pragma once

#include <optional>
#include <string_view>

namespace beian {

enum class Kind {
  first_filing,      // 首次备案
  new_website,       // 新增网站
  new_access,        // 新增接入
  change,            // 变更备案
  cancel_organiser,  // 注销主体
  cancel_website,    // 注销网站
  cancel_access,     // 取消接入
};

enum class State {
  draft,             // 草稿
  initial_review,    // 待初审
  initial_returned,  // 初审退回
  verification,      // 待真实性核验
  photo_review,      // 照片待审
  ready,             // 待提交管局
  sending,           // 提交中
  sms_pending,       // 待短信核验
  bureau_review,     // 管局审核
  bureau_returned,   // 管局退回
  approved,          // 备案成功
  withdrawn,         // 已放弃
  expired,           // 已过期
};

enum class Action {
  submit,           // applicant: draft, initial_returned or bureau_returned -> initial_review
  withdraw,         // applicant, until it is with the bureau
  pass_initial,     // staff
  return_initial,   // staff, with at least one correction
  submit_photo,     // applicant: verification -> photo_review
  pass_photo,       // staff
  return_photo,     // staff, with a reason -> verification
  start_sending,    // worker: ready -> sending
  bureau_received,  // bureau: the package was accepted for processing -> bureau_review
  sms_requested,    // bureau: waits for the ministry's SMS check
  sms_verified,     // applicant: the ministry's check is done
  sms_expired,      // clock: nobody did it in time
  bureau_approved,  // bureau: 1001 / Shjg 1, and the numbers of BASJ
  bureau_rejected,  // bureau: 1002 / Shjg 0, or an automatic refusal by code -> bureau_returned
  expire,           // clock: a draft idle beyond its time
};

// Who acts. `bureau`, `worker` and `clock` are the platform itself, never a request.
enum class Actor { applicant, staff, bureau, worker, clock };

// Whose clock runs.
enum class Turn { applicant, staff, bureau, platform, nobody };

enum class Role {
  applicant,
  first_reviewer,
  photo_reviewer,
  dispatcher,
  senior,
  rules_editor,            // 规则维护员: rules and texts; sees no filing
  administrator,           // 系统管理员: runs it
  security_administrator,  // 安全管理员: who may log in as what
  audit_administrator,     // 审计管理员: reads the audit trail
};

std::string_view to_string(Kind);
std::string_view to_string(State);
std::string_view to_string(Action);
std::string_view to_string(Actor);
std::string_view to_string(Turn);
std::string_view to_string(Role);
std::optional<Kind> kind_from_string(std::string_view);
std::optional<State> state_from_string(std::string_view);
std::optional<Action> action_from_string(std::string_view);
std::optional<Role> role_from_string(std::string_view);

bool is_staff(Role role);

}  // namespace beian
