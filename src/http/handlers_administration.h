// The parts of add_administration_routes and add_operation_routes (http/handlers.h) that have a
// file of their own.
#pragma once

#include "http/router.h"
#include "service/service.h"

namespace beian {

void add_product_desk_routes(Routes& routes, service::Service& service);
void add_connection_routes(Routes& routes, service::Service& service);
void add_audit_routes(Routes& routes, service::Service& service);

}  // namespace beian
