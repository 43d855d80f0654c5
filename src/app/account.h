// The account that the service runs under: whoever owns var_dir.
//
// A command that root types would leave files in var_dir, among the copies or in the place of the
// key that the service can no longer read; it is refused before it writes anything.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/config.h"

namespace beian::app {

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;  // its number, where it has none
};

// Nothing where there is no var_dir yet.
std::optional<Account> service_account(const Config& config);

// Throws std::runtime_error with the command to type when this process is not that account. The
// demo's own folder root may use whoever owns it: a shared folder may show any owner.
void require_service_account(const Config& config);

// Whether `account` can open the file for reading, folders on the way included. Asks a child
// process that becomes the account where this process is root; otherwise this process itself.
bool may_read(const Account& account, const std::string& file);

}  // namespace beian::app
