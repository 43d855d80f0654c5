#include "service/audit.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace beian::service {

Doer doer_of(Role role, Id account) { return {is_staff(role) ? "staff" : "applicant", account}; }

void record(const Service& s, Tx& tx, const Doer& doer, std::string_view act,
            const std::string& subject, const json::object& detail) {
  store::append_audit(tx, s.keys,
                      {0, s.now(), std::string(doer.actor), doer.id, std::string(act), subject,
                       detail.empty() ? "" : json::serialize(detail), ""});
}

std::string subject_account(Id account) { return "account/" + id_to_string(account); }
std::string subject_filing(Id filing) { return "filing/" + id_to_string(filing); }

std::string audit_head_file(const Config& config) { return config.key_file + ".audit-head"; }

void keep_audit_head(const Service& s) {
  const store::AuditHead head = s.db.read([](Reader& reader) { return store::audit_head(reader); });
  const auto kept = kept_audit_head(s.config);
  // Never backwards: a database that was cut must not make the file forget it.
  if (head.seq == 0 || (kept && kept->seq >= head.seq)) return;
  const std::string path = audit_head_file(s.config),
                    draft = path + "." + std::to_string(::getpid());
  const std::string text = to_string(head) + "\n";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("cannot write " + draft);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(draft.c_str(), path.c_str()) != 0)
    throw std::runtime_error("cannot write " + path);
}

std::optional<store::AuditHead> kept_audit_head(const Config& config) {
  const std::string path = audit_head_file(config);
  if (!std::filesystem::exists(path)) return std::nullopt;
  return store::head_from_string(clean_line(read_file(path, 4096)));
}

}  // namespace beian::service
