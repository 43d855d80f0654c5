// What the platform does for itself by the clock: it keeps the audit chain's end, copies, erases
// what is over its time, rolls up the day's numbers, and seals anew after a change of key. In a
// loop of its own, so that mail and the bureaus never wait for it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "service/service.h"
#include "store/reseal.h"
#include "worker/loop.h"

namespace beian::app {

class Upkeep {
 public:
  explicit Upkeep(service::Service& service) : service_(service) {}
  // Writes the standing jobs; those of the configuration only.
  void plant();
  std::map<std::string, worker::Work> works();

 private:
  worker::Done keep_head();
  worker::Done retention();
  void expire_copies();
  worker::Done statistics();
  worker::Done backup();
  worker::Done reseal();

  service::Service& service_;
  std::unique_ptr<store::Reseal> reseal_;  // how far it has come
};

}  // namespace beian::app
