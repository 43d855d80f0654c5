#include "sandbox/sandbox.h"

#include <algorithm>
#include <stdexcept>

#include "sandbox/inside.h"
#include "sandbox/subjects.h"

namespace beian::sandbox {
namespace {

Response not_found() {
  return json_response(R"({"status":404,"code":"not_found","reason":"sandbox_no_address"})", 404);
}

}  // namespace

const Province* Sandbox::Inside::province(const std::string& path) const {
  const auto found = std::find_if(setup.provinces.begin(), setup.provinces.end(),
                                  [&](const Province& entry) { return entry.path == path; });
  return found == setup.provinces.end() ? nullptr : &*found;
}

Sandbox::Sandbox(Db& db, const Clock& clock, Setup setup)
    : inside_(new Inside{db, clock, std::move(setup)}) {
  if (inside_->setup.console_token.size() < 16) {
    throw std::invalid_argument("the sandbox's console needs a random token");
  }
  complete_old_records(db, inside_->setup.provinces);
}
Sandbox::~Sandbox() = default;

ProviderAccount Sandbox::provider(const std::string& province_path, Id isp_id,
                                  const std::string& name) {
  if (inside_->province(province_path) == nullptr) {
    throw std::invalid_argument("the sandbox has no province " + province_path);
  }
  const auto account = inside_->db.write([&](Tx& tx) {
    return ensure_account(tx, province_path, isp_id, name, k_role_access, inside_->clock.now());
  });
  return {account.isp_id, account.user_name, account.password, account.cipher};
}

Response Sandbox::handle(const Request& request) {
  if (request.path.starts_with("/console/api/")) return inside_->console(request);
  if (request.path.starts_with("/public/")) return inside_->public_page(request);
  const auto slash = request.path.find('/', 1);
  if (slash == std::string::npos) return not_found();
  const Province* province = inside_->province(request.path.substr(1, slash - 1));
  if (province == nullptr) return not_found();
  const std::string rest = request.path.substr(slash + 1);
  for (const auto which : {bureau::ServicePath::upload_download, bureau::ServicePath::query_status,
                           bureau::ServicePath::verify_password}) {
    if (rest == bureau::path(which)) return inside_->service(*province, which, request);
  }
  return not_found();
}

int Sandbox::tick(Millis now) {
  constexpr int k_most = 200;  // so that a caller who wants to stop is never kept long
  int done = 0;
  while (done < k_most && inside_->process_one(now)) ++done;
  done += inside_->return_unverified(now);
  return done + inside_->decide_due(now);
}

}  // namespace beian::sandbox
