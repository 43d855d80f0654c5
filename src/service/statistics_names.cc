#include "service/statistics_names.h"

namespace beian::service {

const std::vector<TotalName>& step_totals() {
  static const std::vector<TotalName> names = {
      {"submitted", {"submit/draft"}},
      {"resubmitted", {"submit/initial_returned", "submit/bureau_returned"}},
      {"initial_passed", {"pass_initial/initial_review"}},
      {"initial_returned", {"return_initial/initial_review"}},
      {"photo_passed", {"pass_photo/photo_review"}},
      {"photo_returned", {"return_photo/photo_review", "return_initial/photo_review"}},
      {"handed_over", {"start_sending/ready"}},
      {"approved",
       {"bureau_approved/sending", "bureau_approved/sms_pending", "bureau_approved/bureau_review",
        "bureau_approved/bureau_returned"}},
      {"bureau_returned",
       {"bureau_rejected/sending", "bureau_rejected/sms_pending", "bureau_rejected/bureau_review"}},
      {"sms_expired", {"sms_expired/sms_pending"}},
      {"withdrawn",
       {"withdraw/initial_review", "withdraw/initial_returned", "withdraw/verification",
        "withdraw/photo_review", "withdraw/ready", "withdraw/bureau_returned"}},
      {"expired", {"expire/initial_returned", "expire/verification", "expire/bureau_returned"}},
  };
  return names;
}
const std::vector<TotalName>& first_totals() {
  static const std::vector<TotalName> names = {
      {"first_decided", {"pass_initial", "return_initial"}},
      {"first_passed", {"pass_initial"}},
      {"bureau_first_decided", {"bureau_approved", "bureau_rejected"}},
      {"bureau_first_passed", {"bureau_approved"}},
  };
  return names;
}

}  // namespace beian::service
