// The reference bureau: a provincial system (省局系统) as far as a provider can see it, to build
// and test against. It serves the ministry's six SOAP methods for any number of provinces, keeps
// its own registry, and gives its officer a JSON console (docs/bureau.md lists both). It is as
// strict as the real one is written to be, and can be told to misbehave.
//
// It starts no thread: whoever runs it calls tick() often (every 200 ms or so). Each acceptance,
// each processed file and each decision is one transaction, so it may be killed at any instant.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/message.h"
#include "bureau/package.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// 通讯参数, as a bureau hands them to a provider.
struct ProviderAccount {
  Id isp_id = 0;
  std::string user_name, password;
  bureau::Cipher cipher;
};

// A Response with this status asks the server to close the connection without any answer (the
// "drop" fault of the console).
inline constexpr int k_drop_connection = 0;

class Sandbox {
 public:
  // `db` is the sandbox's own file, migrated with migrations/sandbox. Neither reference may die
  // before the sandbox does.
  Sandbox(Db& db, const Clock& clock, Setup setup);
  ~Sandbox();

  // The account of a provider with one province's bureau, made with random secrets on first call
  // and returned unchanged afterwards. `isp_id` is the provider's identity, the same in all
  // provinces; 12 digits are usual. Throws std::invalid_argument for an unknown province.
  ProviderAccount provider(const std::string& province_path, Id isp_id, const std::string& name);

  // Serves, thread-safely:
  //   /{province}/ISPWebService/upDownLoad, /{province}/BeianStatusWebService/queryBeianStatus and
  //   …/verifyBamm (WSDL with ?wsdl), /console/api/* (needs the token in header or cookie
  //   "console"), POST /public/query and /public/sms. Anything else is 404. Serve it at the root of
  //   its own port.
  Response handle(const Request& request);

  // Processes accepted files and, in automatic mode, decides what is due. Returns how many things
  // it did.
  int tick(Millis now);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace beian::sandbox
