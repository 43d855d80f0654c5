// What every verb of the platform needs, put together once in app/ and handed to each as the first
// argument. Verbs are free functions in the files beside this one; they end a request by throwing a
// Refusal, and whatever they change is one transaction.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/clock.h"
#include "base/config.h"
#include "base/crypto.h"
#include "base/password_workers.h"
#include "base/texts.h"
#include "bureau/client.h"
#include "db/db.h"
#include "documents/child.h"
#include "documents/limits.h"
#include "notify/templates.h"
#include "service/papers.h"
#include "service/reference.h"
#include "service/settings.h"
#include "store/blobs.h"

namespace beian::documents {
class Inspector;
}

namespace beian::service {

struct Service {
  Db& db;
  const Keyring& keys;
  const Clock& clock;
  const Config& config;
  const Reference& reference;
  const Texts& texts;
  const notify::Templates& notices;
  Settings& settings;  // what an administrator changes while it runs
  PasswordWorkers& passwords;
  const store::Blobs& blobs;
  documents::ImageWorker& images;
  const documents::MaterialLimits& limits;
  documents::Inspector& inspector;
  const Papers& papers;
  const std::map<std::string, bureau::BureauClient>& bureaus;  // by province
  std::function<void()> wake_workers;                          // there is a new job

  Millis now() const { return clock.now(); }
};

}  // namespace beian::service
