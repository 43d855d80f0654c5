// What a reference bureau is set up with: tables that are data, never code.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace beian::sandbox {

struct Province {
  std::string path;       // first part of its services' path: "zj" -> /zj/ISPWebService/upDownLoad
  std::int64_t code = 0;  // GB/T 2260: 330000
  std::string name;       // as its officers are called on the console
  std::string prefix;     // of its filing numbers: 浙
  std::string bureau;     // name of the bureau
};

// The code tables an upload is checked against, id to name: 单位性质 with the certificate types
// each may show, 服务内容, 语种, 接入方式, 放置地, 前置审批. And the words of the answers.
struct Dictionaries {
  struct Nature {
    std::string name;
    std::set<std::int64_t> certificates;
    bool person = false;  // 个人
  };
  struct Certificate {
    std::string name;
    std::set<std::string> numbers;  // shapes its number may have: citizen_id, uscc, others
  };
  using Names = std::map<std::int64_t, std::string>;
  std::map<std::int64_t, Nature> natures;
  std::map<std::int64_t, Certificate> certificates;
  std::set<std::int64_t> person_certificates;  // of responsible persons
  Names services, languages, methods, locations, approvals, cancel_reasons, purposes;
  // No public source has the bureaus' own lists of these three; ours are to rehearse with.
  Names unfiled_outcomes, verification_opinions, domain_kinds;

  struct Result {
    std::string text, field;
    bool success = false;
  };
  std::map<std::int64_t, Result> results;  // Jgdm
  Names messages;                          // msg_code
};

// A unit that others get addresses from, or that announces them (报备单位).
struct Unit {
  std::int64_t id = 0;
  std::string name;
  bool carrier = false;  // one of the groups that may report announcements
};

struct Setup {
  std::vector<Province> provinces;
  Dictionaries dictionaries;
  std::vector<Unit> units;
  std::string console_token;  // random, made by the caller at each start
};

// Reads sandbox/provinces.json, sandbox/codes.json and dictionaries/*.json under `data_folder`; the
// token stays empty. Throws std::runtime_error naming the file.
Setup read_setup(const std::string& data_folder);

}  // namespace beian::sandbox
