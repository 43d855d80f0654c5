// Notices as their receiver sees them: where he wants them, what was sent and what became of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/jobs.h"

namespace beian::store {

struct NoticeSetting {
  std::string group;
  bool mail = true, sms = true, app = true;
};
std::vector<NoticeSetting> list_notice_settings(Reader& reader, Id account);
void put_notice_setting(Tx& tx, Id account, const NoticeSetting& setting);

struct SentMessage {
  Message message;
  std::optional<Millis> sent_at, seen_at;
  std::string error;
};
// An account's own, newest first, those before `before` when it is not 0; of one filing when it is
// not 0.
std::vector<SentMessage> list_messages(Reader& reader, const Keyring& keys, Id account, Id filing,
                                       Id before, int limit);
std::int64_t count_unseen(Reader& reader, Id account);  // in the list of notices
void see_messages(Tx& tx, Id account, Millis now);

}  // namespace beian::store
