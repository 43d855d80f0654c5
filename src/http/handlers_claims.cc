// What passes from account to account: claims, hand-overs, messages to whoever holds a name.
#include <algorithm>

#include "base/json.h"
#include "http/handlers.h"
#include "http/multipart.h"
#include "http/security.h"
#include "service/claims.h"
#include "service/holders.h"
#include "service/transfers.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

constexpr std::size_t k_claim_bytes = 22u << 20;  // two pictures of 10 MiB and their form
constexpr int k_page = 50;

store::Account me(Service& s, const Context& c) {
  const auto found = s.db.read(
      [&](Reader& reader) { return store::find_account(reader, s.keys, c.me().account); });
  if (!found) throw Refusal(RefusalCode::unauthenticated, "login_required");
  return *found;
}

Access deciders() {
  return Access::staff({Role::first_reviewer, Role::senior, Role::administrator});
}
Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

std::string text_of(const std::vector<Part>& parts, std::string_view name, std::size_t max) {
  const Part* part = opt_part(parts, name);
  if (!part) return {};
  if (part->bytes.size() > max)
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{std::string(name), "member_too_long", {}, "", "", true}});
  return std::string(part->bytes);
}
std::string file_of(const std::vector<Part>& parts, std::string_view name) {
  const Part* part = opt_part(parts, name);
  return part ? std::string(part->bytes) : std::string();
}

service::ClaimInput read_claim(const Request& request) {
  const std::vector<Part> parts = parse_multipart(request);
  service::ClaimInput in;
  in.number = text_of(parts, "number", 120);
  in.certificate_type = id_from_string(text_of(parts, "certificate_type", 10)).value_or(0);
  in.certificate_number = text_of(parts, "certificate_number", 255);
  in.note = text_of(parts, "note", 4000);
  in.certificate = file_of(parts, "certificate");
  in.proof = file_of(parts, "proof");
  return in;
}

void add_claim_routes_of_applicant(Routes& routes, Service& s) {
  routes.get("/api/v1/claims", Access::account(), [&s](Context& c) {
    json::array out;
    s.db.read([&](Reader& reader) {
      for (const store::Claim& claim : store::claims_of(reader, s.keys, c.me().account, k_page))
        out.push_back(service::show_claim(s, reader, claim));
    });
    return json_response(json::serialize(json::object{{"claims", std::move(out)}}));
  });
  routes.post(
      "/api/v1/claims", Access::account(), Body::multipart(k_claim_bytes),
      [&s](Context& c) {
        const store::Claim claim = service::make_claim(s, me(s, c), read_claim(c.request));
        return json_response(json::serialize(s.db.read([&](Reader& reader) {
                               return service::show_claim(s, reader, claim);
                             })),
                             201);
      },
      Pace::costly);
  routes.del("/api/v1/claims/{id}", Access::account(), [&s](Context& c) {
    service::withdraw_claim(s, c.me().account, c.id("id"));
    return Response{204, {}, ""};
  });
}

void add_claim_routes_of_staff(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/claims", deciders(), [&s](Context& c) {
    const std::string state = c.request.query_or("state", "open");
    const Id after = id_from_string(c.request.query_or("after", "0")).value_or(0);
    json::object out;
    s.db.read([&](Reader& reader) {
      json::array rows;
      const store::StaffScope scope = store::scope_of(reader, c.me().account);
      const auto claims = store::list_claims(reader, s.keys, scope, state, after, k_page);
      for (const store::Claim& claim : claims)
        rows.push_back(service::show_claim_row(s, reader, claim));
      out["claims"] = std::move(rows);
      out["open"] = store::count_claims(reader, scope, "open");
      out["next"] = nullptr;
      if (static_cast<int>(claims.size()) == k_page) out["next"] = id_to_string(claims.back().id);
    });
    return json_response(json::serialize(out));
  });
  routes.get("/api/v1/desk/claims/{id}", deciders(), [&s](Context& c) {
    return json_response(json::serialize(service::show_claim_at_desk(s, staff_of(c), c.id("id"))));
  });
  routes.get("/api/v1/desk/claims/{id}/pictures/{which}", deciders(), [&s](Context& c) {
    return untrusted_content(
        service::read_claim_picture(s, staff_of(c), c.id("id"), c.param("which")), "image/jpeg");
  });
  routes.post("/api/v1/desk/claims/{id}/decision", deciders(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::decide_claim(s, staff_of(c), c.id("id"),
                          {get_string(in, "seen", 100), opt_bool(in, "grant").value_or(false),
                           opt_string(in, "answer", 4000).value_or("")});
    return Response{204, {}, ""};
  });
}

std::string token_in(const Request& request) {
  const json::value body = parse_json(request.body);
  return get_string(as_object(body), "token", 100);
}

void add_transfer_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/transfers", Access::account(), [&s](Context& c) {
    return json_response(json::serialize(service::show_transfers(s, c.me().account)));
  });
  routes.post(
      "/api/v1/transfers", Access::account(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        const store::Transfer made = service::offer_transfer(
            s, me(s, c),
            {get_string(in, "what", 20), opt_id(in, "subject_id").value_or(0),
             get_string(in, "email", 1000), opt_string(in, "password", 1024).value_or(""),
             opt_string(in, "code", 40).value_or("")});
        return json_response(json::serialize(s.db.read([&](Reader& reader) {
                               return service::show_transfer(s, reader, made);
                             })),
                             201);
      },
      Pace::secret);
  routes.del("/api/v1/transfers/{id}", Access::account(), [&s](Context& c) {
    service::withdraw_transfer(s, c.me().account, c.id("id"));
    return Response{204, {}, ""};
  });
  routes.post(
      "/api/v1/transfers/open", Access::account(), Body::json(),
      [&s](Context& c) {
        return json_response(
            json::serialize(service::show_offer(s, me(s, c), token_in(c.request), c.locale)));
      },
      Pace::secret);
  routes.post(
      "/api/v1/transfers/accept", Access::account(), Body::json(),
      [&s](Context& c) {
        const store::Transfer t = service::accept_transfer(s, me(s, c), token_in(c.request));
        return json_response(json::serialize(
            json::object{{"what", t.what}, {"subject_id", id_to_string(t.subject_id)}}));
      },
      Pace::secret);
  routes.post(
      "/api/v1/transfers/decline", Access::account(), Body::json(),
      [&s](Context& c) {
        service::decline_transfer(s, me(s, c), token_in(c.request));
        return Response{204, {}, ""};
      },
      Pace::secret);
  routes.post(
      "/api/v1/holder_messages", Access::account(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::tell_holder(s, me(s, c), service::read_determination(in),
                             get_string(in, "message", 4000));
        return Response{202, {}, ""};
      },
      Pace::secret);
}

}  // namespace

void add_claim_routes(Routes& routes, Service& s) {
  add_claim_routes_of_applicant(routes, s);
  add_claim_routes_of_staff(routes, s);
  add_transfer_routes(routes, s);
}

}  // namespace beian
