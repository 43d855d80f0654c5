// What a passed order, or a bureau's own act, does to the registry, and who is told of it.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "sandbox/records.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

struct News {
  Id isp_id = 0;
  bureau::Download download;
};

struct Published {
  Id subject = 0;
  std::string number;  // of the organiser
  std::vector<News> news;
};

// Carries the order out: publications (BASJ) to everybody who gives access to what it touches,
// cancellations (ZXSJ) to the others of that website. `password`: of a new filing, may be empty.
// Throws Refusal{conflict} when what it is about has been cancelled meanwhile.
Published carry_out(Tx& tx, const Province& province, const Record& record, Id isp_id,
                    const std::string& password, const std::string& reviewer, Millis now);

// 8 characters without those that look alike.
std::string new_filing_password();

// BASJ for each of these providers; those that give access to nothing of it are left out.
std::vector<News> publications(Reader& reader, const Subject& subject,
                               const std::set<Id>& providers);
// ZXSJ.
std::vector<News> cancellations(bureau::RecordKind scope, Id record, const std::string& remark,
                                const std::set<Id>& providers);

}  // namespace beian::sandbox
