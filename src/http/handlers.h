// The API's routes (api/openapi.yaml), each a thin edge over one verb of service/.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "http/router.h"
#include "service/service.h"

namespace beian {

// Adds every route. `service` must outlive the router. `console_url` is shown in demo mode.
void add_public_routes(Routes& routes, service::Service& service, std::string_view version,
                       std::string_view console_url);
void add_account_routes(Routes& routes, service::Service& service);
void add_filing_routes(Routes& routes, service::Service& service);
void add_operation_routes(Routes& routes, service::Service& service);
void add_administration_routes(Routes& routes, service::Service& service);
void add_registry_routes(Routes& routes, service::Service& service);
void add_claim_routes(Routes& routes, service::Service& service);
void add_sheet_routes(Routes& routes, service::Service& service);
void add_domain_routes(Routes& routes, service::Service& service);
void add_desk_routes(Routes& routes, service::Service& service);
void add_dispatch_routes(Routes& routes, service::Service& service);
void add_statistics_routes(Routes& routes, service::Service& service);
void add_colleague_routes(Routes& routes, service::Service& service);
void add_queue_routes(Routes& routes, service::Service& service);
void add_line_routes(Routes& routes, service::Service& service);
void add_rule_routes(Routes& routes, service::Service& service);
// What the gate says of a host and the address that would serve it ("" for any): its verdict.
using GateQuestion = std::function<std::string(std::string_view host, std::string_view address)>;
void add_gate_routes(Routes& routes, GateQuestion ask);

void add_agency_routes(Routes& routes, service::Service& service);
void add_client_link_routes(Routes& routes, service::Service& service);
void add_import_routes(Routes& routes, service::Service& service);
void add_token_routes(Routes& routes, service::Service& service);
void add_webhook_routes(Routes& routes, service::Service& service);
void add_message_routes(Routes& routes, service::Service& service);

// For RouterOptions::identify_token.
std::optional<Identity> identify_token(service::Service& service, const std::string& token);
// The person, or, where the request names an agency (header Beian-Agency, in a link ?agency=), the
// agency with what the person's role in it allows. Refusal{forbidden, "agency_not_member"} when
// there is none.
Identity acting_for(service::Service& service, const Request& request, Identity person);
// For RouterOptions::identify.
std::optional<Identity> identify(service::Service& service, const Request& request);

}  // namespace beian
