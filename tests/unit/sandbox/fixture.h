// A sandbox on a database of its own, one provider, and a client that talks to it directly.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/log.h"
#include "bureau/client.h"
#include "bureau/codec_v30.h"
#include "sandbox/sandbox.h"
#include "unit/bureau/sample.h"

namespace beian::sandbox {

inline constexpr Id k_isp = 110000000211;
inline constexpr Millis k_start = 1795600800000;  // 2026-11-25 18:00 in China
inline const std::string k_token = "console-token-of-the-tests";

// An Outbound that calls a sandbox: a dropped connection is no answer.
inline bureau::Transport transport_to(Sandbox& sandbox) {
  return [&sandbox](const OutboundRequest& request) {
    Request incoming;
    incoming.method = request.method;
    std::string rest = request.url.substr(request.url.find('/', 8));
    const auto query = rest.find('?');
    if (query != std::string::npos) {
      incoming.query[rest.substr(query + 1)] = "";
      rest.resize(query);
    }
    incoming.path = rest;
    incoming.headers.emplace("host", "bureau.test:9000");
    incoming.body = request.body;
    auto response = sandbox.handle(incoming);
    if (response.status == k_drop_connection) {
      return OutboundAnswer{false, true, 0, "", "connection closed"};
    }
    return OutboundAnswer{true, true, response.status, std::move(response.body), ""};
  };
}

class SandboxTest : public ::testing::Test {
 protected:
  SandboxTest() {
    std::string name = "/tmp/beian-sandbox-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    set_log_level("warn");
    open();
    account_ = sandbox_->provider("zj", k_isp, "示例接入商");
  }
  ~SandboxTest() override {
    sandbox_.reset();
    db_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Also what a restart does.
  void open() {
    sandbox_.reset();
    db_.reset();
    db_ = open_database("sqlite:" + folder_ + "/sandbox.db", 2);
    migrate(*db_, std::string(BEIAN_ROOT) + "/migrations/sandbox");
    sandbox::Setup setup = read_setup(std::string(BEIAN_ROOT) + "/data");
    setup.console_token = k_token;
    sandbox_ = std::make_unique<Sandbox>(*db_, clock_, std::move(setup));
  }

  bureau::Connection connection(const std::string& province = "zj") const {
    bureau::Connection value;
    const std::string base = "http://bureau.test:9000/" + province + "/";
    value.upload_address = base + "ISPWebService/upDownLoad?wsdl";
    value.query_address = base + "BeianStatusWebService/queryBeianStatus?wsdl";
    value.verify_address = base + "BeianStatusWebService/verifyBamm?wsdl";
    value.isp_id = account_.isp_id;
    value.user_name = account_.user_name;
    value.password = account_.password;
    value.cipher = account_.cipher;
    return value;
  }
  bureau::BureauClient client() { return {connection(), transport_to(*sandbox_)}; }

  bureau::UploadAnswer send_xml(std::int64_t sequence, const std::string& xml) {
    const auto to = client();
    return to.upload(sequence, to.pack(xml, bureau::upload_file_name(k_isp, sequence)));
  }
  bureau::UploadAnswer send(std::int64_t sequence, const bureau::NewFiling& filing) {
    const auto encoded = bureau::v30::encode(bureau::sample::upload(filing, k_isp));
    EXPECT_TRUE(encoded.problems.empty());
    return send_xml(sequence, encoded.xml);
  }
  void tick() { sandbox_->tick(clock_.now()); }

  // The next upload of this provider, processed; what was sent before is fetched first.
  bureau::UploadAnswer send_upload(bureau::Upload upload) {
    upload.unit = account_.isp_id;
    const auto encoded = bureau::v30::encode(upload);
    EXPECT_TRUE(encoded.problems.empty());
    const auto to = client();
    const auto next = to.previous_upload().sequence + 1;
    const auto answer =
        to.upload(next, to.pack(encoded.xml, bureau::upload_file_name(account_.isp_id, next)));
    EXPECT_TRUE(answer.answered(0)) << answer.error;
    tick();
    return answer;
  }
  std::vector<std::int64_t> codes_of(bureau::Upload upload) {
    static_cast<void>(fetch_all());
    send_upload(std::move(upload));
    return processed_codes();
  }

  // Downloads and acknowledges everything there is.
  std::vector<bureau::Download> fetch_all() {
    std::vector<bureau::Download> all;
    const auto from = client();
    for (int i = 0; i < 200; ++i) {
      const auto answer = from.download();
      EXPECT_EQ(answer.reach, bureau::Reach::answered) << answer.error;
      if (!answer.file) return all;
      auto decoded = bureau::v30::decode_download(answer.file->xml);
      EXPECT_FALSE(decoded.fault.has_value()) << decoded.fault->what;
      all.push_back(std::move(decoded.value));
      EXPECT_TRUE(from.acknowledge(answer.file->name).answered(0));
    }
    ADD_FAILURE() << "the downloads do not end";
    return all;
  }
  // The codes that come back for one filing sent as `sequence`.
  std::vector<std::int64_t> codes_for(std::int64_t sequence, const bureau::NewFiling& filing) {
    EXPECT_TRUE(send(sequence, filing).answered(0));
    return processed_codes();
  }
  std::vector<std::int64_t> processed_codes() {
    tick();
    std::vector<std::int64_t> codes;
    for (const auto& download : fetch_all()) {
      for (const auto& result : download.results) {
        for (const auto& code : result.codes) codes.push_back(code.code);
      }
    }
    return codes;
  }

  Response console(const std::string& method, const std::string& path, const std::string& body = "",
                   const std::string& token = k_token) {
    Request request;
    request.method = method;
    const auto query = path.find('?');
    request.path = "/console/api/" + path.substr(0, query);
    if (query != std::string::npos) {
      const auto pair = path.substr(query + 1);
      request.query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    }
    request.headers.emplace("console", token);
    request.body = body;
    return sandbox_->handle(request);
  }
  json::object read(const std::string& path) {
    const auto response = console("GET", path);
    EXPECT_EQ(response.status, 200) << path << " " << response.body;
    return json::parse(response.body).as_object();
  }
  void set(const std::string& changes) {
    const auto response = console("PUT", "settings", changes);
    ASSERT_EQ(response.status, 200) << response.body;
  }
  std::string first_order(const std::string& state = "pending") {
    const auto orders = read("orders?state=" + state).at("orders").as_array();
    return orders.empty() ? "" : std::string(orders.at(0).at("id").as_string());
  }
  json::object post(const std::string& path, const std::string& body, int status = 200) {
    const auto response = console("POST", path, body);
    EXPECT_EQ(response.status, status) << path << " " << response.body;
    return json::parse(response.body).as_object();
  }
  void pass(const std::string& order) {
    const auto response =
        console("POST", "orders/" + order + "/pass", R"({"opinion":"通过","reviewer":"审核员甲"})");
    ASSERT_EQ(response.status, 200) << response.body;
  }

  std::string folder_;
  ManualClock clock_{k_start};
  std::unique_ptr<Db> db_;
  std::unique_ptr<Sandbox> sandbox_;
  ProviderAccount account_;
};

}  // namespace beian::sandbox
