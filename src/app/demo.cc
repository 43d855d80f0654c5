#include "app/demo.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "app/account.h"
#include "app/composition.h"
#include "base/log.h"
#include "db/db.h"
#include "http/security.h"
#include "http/server.h"
#include "http/static_files.h"
#include "sandbox/sandbox.h"
#include "sandbox/setup.h"
#include "service/account.h"
#include "service/products.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

constexpr Id k_demo_isp = 110000000211;  // twelve digits, as providers have them
constexpr auto k_tick = std::chrono::milliseconds(200);

// The reference bureau behind its own port, ticking.
class Bureau {
 public:
  Bureau(const std::string& data_dir, const std::string& db_path, const std::string& token,
         const std::string& address, int port, const std::string& web_dir)
      : setup_(sandbox::read_setup(data_dir)), db_(open_database("sqlite:" + db_path, 4)) {
    migrate(*db_, data_dir + "/../migrations/sandbox");
    setup_.console_token = token;
    sandbox_ = std::make_unique<sandbox::Sandbox>(*db_, clock_, setup_);
    if (fs::exists(web_dir + "/bureau.html"))
      pages_ = std::make_unique<StaticFiles>(StaticFiles::load(web_dir));
    ServerOptions options;
    options.address = address;
    options.port = port;
    options.threads = 8;
    options.common_headers = security_headers("http://" + address);
    options.route = [](std::string_view, std::string_view path) {
      // 50 MB of data as base64 in an envelope; the console needs little.
      return RouteInfo{
          "sandbox", path.starts_with("/console") ? std::size_t{256} << 10 : std::size_t{96} << 20};
    };
    options.on_finished = [](const AccessRecord&) {};
    server_ = std::make_unique<Server>(std::move(options),
                                       [this](const Request& r) { return answer(r); });
    ticker_ = std::thread([this] { tick(); });
  }

  ~Bureau() {
    server_->stop();
    stopping_ = true;
    ticker_.join();
  }

  int port() const { return server_->port(); }
  sandbox::Sandbox& sandbox() { return *sandbox_; }
  const std::vector<sandbox::Province>& provinces() const { return setup_.provinces; }

 private:
  Response answer(const Request& request) {
    const bool page =
        request.method == "GET" && (request.path == "/" || request.path == "/bureau.html" ||
                                    request.path.starts_with("/assets/"));
    if (!page || !pages_) return sandbox_->handle(request);
    Request at = request;
    if (at.path == "/") at.path = "/bureau.html";
    return pages_->serve(at);
  }

  void tick() {
    while (!stopping_) {
      try {
        while (!stopping_ && sandbox_->tick(clock_.now()) > 0) {
        }
      } catch (const std::exception& e) {
        log_error("sandbox_tick_failed", {{"what", e.what()}});
      }
      std::this_thread::sleep_for(k_tick);
    }
  }

  SystemClock clock_;
  sandbox::Setup setup_;
  std::unique_ptr<Db> db_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<StaticFiles> pages_;
  std::unique_ptr<Server> server_;
  std::atomic<bool> stopping_{false};
  std::thread ticker_;
};

void write_secret(const std::string& path, const std::string& secret) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || ::write(fd, secret.data(), secret.size()) != static_cast<ssize_t>(secret.size()))
    throw std::runtime_error("cannot write " + path);
  ::close(fd);
}

// Connects the platform to every province of the reference bureau, as a bureau's letter with the
// communication parameters would.
void connect(Config& config, Bureau& bureau, const std::string& address) {
  const std::string base = "http://" + address + ":" + std::to_string(bureau.port()) + "/";
  const std::string folder = config.var_dir + "/bureau";
  make_private_folder(folder);
  config.bureaus.clear();
  for (const sandbox::Province& province : bureau.provinces()) {
    const sandbox::ProviderAccount account =
        bureau.sandbox().provider(province.path, k_demo_isp, config.provider_name);
    BureauConfig line;
    line.province = std::to_string(province.code);
    line.upload_wsdl = base + province.path + "/ISPWebService/upDownLoad?wsdl";
    line.query_wsdl = base + province.path + "/BeianStatusWebService/queryBeianStatus?wsdl";
    line.verify_wsdl = base + province.path + "/BeianStatusWebService/verifyBamm?wsdl";
    line.isp_id = account.isp_id;
    line.user_name = account.user_name;
    const std::string file = folder + "/" + line.province;
    line.password_file = file + ".password";
    line.key_file = file + ".key";
    line.iv_file = file + ".iv";
    write_secret(line.password_file, account.password);
    write_secret(line.key_file, account.cipher.key);
    write_secret(line.iv_file, account.cipher.iv);
    line.poll_seconds = 1;
    config.bureaus.push_back(line);
  }
}

struct DemoStaff {
  const char* email;
  Role role;
  const char* name;
};
constexpr DemoStaff k_staff[] = {
    {"reviewer@demo.example", Role::first_reviewer, "初审员甲"},
    {"photo@demo.example", Role::photo_reviewer, "照片审核员乙"},
    {"dispatch@demo.example", Role::dispatcher, "幕布邮寄员丙"},
    {"senior@demo.example", Role::senior, "主管丁"},
    {"rules@demo.example", Role::rules_editor, "规则维护员辛"},
    {"admin@demo.example", Role::administrator, "系统管理员戊"},
    {"security@demo.example", Role::security_administrator, "安全管理员己"},
    {"audit@demo.example", Role::audit_administrator, "审计管理员庚"},
};

// 16 characters that can be read out loud.
std::string readable_password() {
  constexpr std::string_view k_letters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string out;
  for (unsigned char byte : random_bytes(16)) {
    if (!out.empty() && out.size() % 5 == 4) out += '-';
    out += k_letters[byte % k_letters.size()];
  }
  return out;
}

void print_staff(service::Service& s) {
  std::printf("\n工作人员 / staff (passwords are new at every start):\n");
  for (const DemoStaff& staff : k_staff) {
    const std::string password = readable_password();
    service::create_account(s, staff.email, password, staff.role, staff.name);
    std::printf("  %-24s %s   %s\n", staff.email, password.c_str(), staff.name);
  }
}

void make_applicant(service::Service& s, const std::string& email) {
  const std::string password = readable_password();
  service::create_account(s, email, password, Role::applicant, email);
  service::give_demo_product(s, email);
  std::printf("\n申请人 / applicant:\n  %-24s %s\n", email.c_str(), password.c_str());
}

int free_port(const std::string& address) {
  ServerOptions options;
  options.address = address;
  options.threads = 1;
  return Server(std::move(options), [](const Request&) { return Response{}; }).port();
}

}  // namespace

void block_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int wait_for_stop() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  int got = 0;
  sigwait(&set, &got);
  return got;
}

int run_demo(DemoOptions options) {
  block_stop_signals();
  // Links in mails, and what is printed, name the port: so it is chosen before anything is built.
  if (options.config.http.port == 0)
    options.config.http.port = free_port(options.config.http.address);
  Config config = with_defaults(std::move(options.config));
  config.demo = true;
  require_service_account(config);
  make_private_folder(config.var_dir);
  const std::string token = random_token();
  Bureau bureau(config.data_dir, config.var_dir + "/sandbox.db", token, config.http.address,
                options.console_port, config.web_dir);
  connect(config, bureau, config.http.address);
  Platform platform(config);
  const std::string console =
      "http://" + config.http.address + ":" + std::to_string(bureau.port()) + "/";
  // Everybody may know where it is; the officer's token is for whoever started the demo.
  platform.set_console_url(console);
  platform.start_metrics();
  platform.start_worker();
  platform.start_web();
  std::printf("\nBeian 备案 演示 / demo\n\n");
  std::printf("  网站 / pages            %s\n", platform.config().http.public_url.c_str());
  std::printf("  审核台 / desk           %s/desk\n", platform.config().http.public_url.c_str());
  std::printf("  邮件短信 / inbox        %s/demo/inbox\n",
              platform.config().http.public_url.c_str());
  std::printf("  模拟管局 / bureau       %s#token=%s\n", console.c_str(), token.c_str());
  print_staff(platform.service());
  if (!options.applicant.empty()) make_applicant(platform.service(), options.applicant);
  std::printf("\n按 Ctrl-C 停止 / Ctrl-C stops everything.\n");
  std::fflush(stdout);
  wait_for_stop();
  std::printf("\n正在停止 / stopping …\n");
  platform.stop();
  return 0;
}

int run_sandbox(const std::string& data_dir, const std::string& var_dir, const std::string& address,
                int port) {
  block_stop_signals();
  make_private_folder(var_dir);
  const std::string token = random_token();
  Bureau bureau(data_dir, var_dir + "/sandbox.db", token, address, port, "web/dist");
  const std::string base = "http://" + address + ":" + std::to_string(bureau.port()) + "/";
  std::printf("console %s#token=%s\n", base.c_str(), token.c_str());
  for (const sandbox::Province& province : bureau.provinces()) {
    const auto account = bureau.sandbox().provider(province.path, k_demo_isp, "demo");
    std::printf("%lld %s%s ispId=%lld user=%s password=%s key=%s iv=%s\n",
                static_cast<long long>(province.code), base.c_str(), province.path.c_str(),
                static_cast<long long>(account.isp_id), account.user_name.c_str(),
                account.password.c_str(), account.cipher.key.c_str(), account.cipher.iv.c_str());
  }
  std::fflush(stdout);
  wait_for_stop();
  return 0;
}

}  // namespace beian::app
