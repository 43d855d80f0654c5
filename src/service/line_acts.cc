#include "service/line_acts.h"

#include "service/act.h"
#include "store/exchange.h"

namespace beian::service {

bool send_again(Service& s, Tx& tx, const Doer& by, const std::string& province,
                std::int64_t sequence) {
  if (!store::repeat_upload(tx, province, sequence)) return false;
  record(s, tx, by, "line.sent_again",
         "bureau_upload/" + province + "/" + std::to_string(sequence));
  wake_line(s, tx, province);
  return true;
}

bool apply_again(Service& s, Tx& tx, const Doer& by, const std::string& province,
                 const std::string& file_name) {
  if (!store::replay_download(tx, province, file_name)) return false;
  record(s, tx, by, "line.applied_again", "bureau_download/" + province + "/" + file_name);
  wake_line(s, tx, province);
  return true;
}

}  // namespace beian::service
