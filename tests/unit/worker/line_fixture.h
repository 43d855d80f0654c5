// A platform's services on a database of their own, and a line from them to a sandbox that may
// break at any call. Nothing waits: the test moves the clock.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "base/password_workers.h"
#include "documents/inspector.h"
#include "filing/content.h"
#include "service/reference.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/bureau_tasks.h"
#include "store/exchange.h"
#include "store/filings.h"
#include "support/temp_dir.h"
#include "unit/sandbox/fixture.h"
#include "worker/exchange.h"

namespace beian::worker {

inline const std::string k_province = "330000";

class LineTest : public sandbox::SandboxTest {
 protected:
  LineTest()
      : keys_(Keyring::load(own_.path("key"), true)),
        notices_(data() + "/texts", "示例云", "http://platform.test"),
        passwords_(1, 4, k_cheap_password_cost),
        blobs_(own_.path("blobs"), keys_) {
    platform_ = open_database("sqlite:" + own_.path("platform.db"), 2);
    migrate(*platform_, std::string(BEIAN_ROOT) + "/migrations");
    BureauConfig bureau;
    bureau.province = k_province;
    bureau.isp_id = sandbox::k_isp;
    bureau.poll_seconds = 1;
    config_.bureaus = {bureau};
    config_.demo = true;  // the reference bureau's policy: no SMS check
    connect([this](const OutboundRequest& request) {
      return sandbox::transport_to(*sandbox_)(request);
    });
    service_.reset(new service::Service{*platform_, keys_, clock_, config_, reference_, texts_,
                                        notices_, settings_, passwords_, blobs_, images_, limits_,
                                        inspector_, papers(), bureaus_, [] {}});
    account();
  }

  static std::string data() { return std::string(BEIAN_ROOT) + "/data"; }
  BureauConfig& bureau_config() { return config_.bureaus.front(); }

  void connect(bureau::Transport transport) {
    bureaus_.clear();
    bureaus_.emplace(k_province, bureau::BureauClient(connection(), std::move(transport)));
  }

  void account() {
    store::Account account;
    account.id = account_id_ = new_id();
    account.email = "applicant@organiser.example";
    account.password_hash = "x";
    account.state = "active";
    account.locale = "zh-CN";
    account.consent = "1";
    account.created_at = clock_.now();
    platform_->write([&](Tx& tx) { store::insert_account(tx, keys_, account); });
  }

  // A filing of an enterprise, passed by the reviewers and ready to go. Everything about it follows
  // from `serial`.
  Id ready(int serial, const std::string& domain, const std::string& name = "示例科技有限公司") {
    json::object content = new_content(reference_.form);
    const auto set = [&](const std::string& path, const json::value& value) {
      const auto problem = apply_change(reference_.form, content, path, value);
      EXPECT_FALSE(problem.has_value()) << path << " " << problem->code;
    };
    for (const auto& [path, value] :
         json::object{{"organiser.nature", 4},
                      {"organiser.certificate_type", 1},
                      {"organiser.certificate_number", bureau::sample::credit_code(serial)},
                      {"organiser.province", "330000"},
                      {"organiser.name", name},
                      {"organiser.investor", "示例投资人"},
                      {"organiser.city", "330100"},
                      {"organiser.county", "330106"},
                      {"organiser.certificate_address", "示例路1号"},
                      {"organiser.address", "示例路1号2幢301室"},
                      {"principal.name", "测试乙"},
                      {"principal.certificate_type", 2},
                      {"principal.certificate_number", bureau::sample::citizen_number(serial)},
                      {"principal.mobile", "19900001234"},
                      {"principal.office_phone", "0571-88880000"},
                      {"principal.email", "someone@organiser.example"},
                      {"sites.s1.name", "示例产品介绍"},
                      {"sites.s1.domain", domain},
                      {"sites.s1.home_url", "www." + domain},
                      {"sites.s1.services", json::array{8}},
                      {"sites.s1.access.locations", json::array{34}},
                      {"sites.s1.access.ips", json::array{ip_of(serial)}}})
      set(std::string(path), value);
    store::Filing filing;
    filing.id = new_id();
    filing.account_id = account_id_;
    filing.state = State::ready;
    filing.turn = Turn::platform;
    filing.province = k_province;
    filing.nature = 4;
    filing.form_version = "1";
    filing.content = json::serialize(content);
    filing.title = name;
    filing.organiser_lookup = "organiser-" + std::to_string(serial);
    filing.round = 1;
    filing.created_at = filing.updated_at = filing.state_since = clock_.now();
    platform_->write([&](Tx& tx) {
      store::insert_filing(tx, keys_, filing);
      store::FilingSite site;
      site.key = "s1";
      site.domain = domain;
      site.isp_site_id = new_id();
      site.isp_domain_id = new_id();
      site.isp_access_id = new_id();
      site.isp_ip_base = new_id();
      store::put_site(tx, filing.id, site);
    });
    return filing.id;
  }
  static std::string ip_of(int serial) {
    return "106." + std::to_string(2 + serial / 62500) + "." + std::to_string(serial / 250 % 250) +
           "." + std::to_string(1 + serial % 250);
  }

  Done round() {
    store::Job job;
    job.kind = "bureau_exchange";
    job.payload = k_province;
    return exchange(*service_, job);
  }
  // The line's rounds and the bureau's own work, until nothing moves for a while.
  void rounds(int n) {
    for (int i = 0; i < n; ++i) {
      round();
      tick();
      clock_.advance(5'000);
    }
  }
  store::Filing filing(Id id) {
    return platform_->read([&](Reader& r) { return store::find_filing(r, keys_, id).value(); });
  }
  store::BureauLine line() {
    return platform_->read([&](Reader& r) { return store::find_line(r, k_province); });
  }
  std::vector<store::Upload> uploads() {
    return platform_->read([&](Reader& r) { return store::list_uploads(r, k_province, 0, 1000); });
  }
  std::vector<store::BureauTask> tasks(const std::string& kind) {
    return platform_->read([&](Reader& r) {
      return store::list_tasks(r, keys_, {kind, false, 0, {}, 1000});
    });
  }

  testing::TempDir own_;
  Keyring keys_;
  Config config_ = [] {
    Config config;
    config.data_dir = data();
    config.provider_name = "示例云";
    return config;
  }();
  // Read once: it takes a second.
  static const Texts& texts() {
    static const Texts k_texts = Texts::load(data());
    return k_texts;
  }
  static const service::Reference& reference() {
    static const service::Reference k_reference = service::Reference::load(data());
    return k_reference;
  }
  static const service::Papers& papers() {
    static const service::Papers k_papers = service::Papers::load(data());
    return k_papers;
  }
  const Texts& texts_ = texts();
  const service::Reference& reference_ = reference();
  const documents::MaterialLimits limits_ =
      documents::MaterialLimits::load(data() + "/limits.json");
  notify::Templates notices_;
  service::Settings settings_{config_, reference_, notices_};
  PasswordWorkers passwords_;
  store::Blobs blobs_;
  documents::ImageWorker images_;
  documents::Inspector inspector_{documents::Thresholds::load(data() + "/documents/checks.json")};
  std::map<std::string, bureau::BureauClient> bureaus_;
  std::unique_ptr<Db> platform_;
  std::unique_ptr<service::Service> service_;
  Id account_id_ = 0;
};

}  // namespace beian::worker
