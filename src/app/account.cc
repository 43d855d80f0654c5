#include "app/account.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace beian::app {

std::optional<Account> service_account(const Config& config) {
  struct stat status {};
  if (::stat(config.var_dir.c_str(), &status) != 0) return std::nullopt;
  Account out{status.st_uid, status.st_gid, std::to_string(status.st_uid)};
  if (const passwd* entry = ::getpwuid(status.st_uid)) {
    out.name = entry->pw_name;
    out.gid = entry->pw_gid;
  }
  return out;
}

void require_service_account(const Config& config) {
  const auto account = service_account(config);
  if (!account || account->uid == ::geteuid()) return;
  if (config.demo && ::geteuid() == 0) return;
  throw std::runtime_error(config.var_dir + " belongs to the account " + account->name +
                           ": what another account writes there the service cannot read. Type: "
                           "runuser -u " +
                           account->name + " -- beian …");
}

bool may_read(const Account& account, const std::string& file) {
  if (::geteuid() != 0 || account.uid == 0) return ::access(file.c_str(), R_OK) == 0;
  const pid_t child = ::fork();
  if (child < 0) return true;  // cannot be told
  if (child == 0) {
    const bool is_it = ::initgroups(account.name.c_str(), account.gid) == 0 &&
                       ::setgid(account.gid) == 0 && ::setuid(account.uid) == 0;
    ::_exit(is_it && ::access(file.c_str(), R_OK) == 0 ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace beian::app
