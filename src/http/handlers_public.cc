#include "base/json.h"
#include "base/text.h"
#include "http/handlers.h"
#include "service/account.h"
#include "service/determine.h"
#include "service/review.h"
#include "service/waiting.h"
#include "store/jobs.h"

namespace beian {
namespace {

using service::Service;

json::object show_answer(const service::DomainAnswer& a) {
  json::object out{{"domain", a.domain}, {"registrable", a.registrable},
                   {"filed", nullptr},   {"here", a.here},
                   {"number", nullptr},  {"bureau_asked", a.bureau_asked}};
  if (a.filed) out["filed"] = *a.filed;
  if (a.number) out["number"] = *a.number;
  return out;
}

// A document of data/: the same for everybody until the next start.
RouteHandler document(const std::string& text) {
  const std::string etag = "\"" + to_hex(sha256(text)).substr(0, 32) + "\"";
  return [&text, etag](Context& c) {
    if (c.request.header("if-none-match") == etag) return Response{304, {{"etag", etag}}, ""};
    Response out = json_response(text);
    out.with("etag", etag).with("cache-control", "public, max-age=300");
    return out;
  };
}

// Links in a mail, for the demo's inbox page.
json::array links_of(const std::string& text) {
  json::array out;
  std::size_t at = 0;
  while ((at = text.find("http", at)) != std::string::npos && out.size() < 10) {
    const std::size_t end = text.find_first_of(" \r\n\t<>\"", at);
    out.push_back(json::value(text.substr(at, end == std::string::npos ? end : end - at)));
    at = end == std::string::npos ? text.size() : end;
  }
  return out;
}

}  // namespace

void add_public_routes(Routes& routes, Service& s, std::string_view version,
                       std::string_view console_url) {
  const json::object meta{
      {"demo", s.config.demo},
      {"version", version},
      {"privacy_notice", service::k_privacy_notice},
      {"form_version", s.reference.form.version},
      {"console_url", console_url.empty() ? json::value(nullptr) : json::value(console_url)}};
  routes.get("/api/v1/meta", Access::anyone(), [&s, meta](Context&) {
    const auto live = s.settings.now();
    json::object out = meta;
    out["provider_name"] = live->text("provider.name");
    out["contact"] = json::object{{"phone", live->text("provider.phone")},
                                  {"email", live->text("provider.email")},
                                  {"hours", live->text("provider.hours")}};
    out["registration_open"] = live->flag("registration.open");
    out["enquiries_open"] = live->flag("enquiries.open");
    return json_response(json::serialize(out));
  });
  routes.get("/api/v1/dictionaries", Access::anyone(), document(s.reference.dictionaries_json));
  routes.get("/api/v1/divisions", Access::anyone(), document(s.reference.divisions_json));
  routes.get("/api/v1/bureaus", Access::anyone(), [&s](Context& c) {
    const auto live = s.settings.now();  // an administrator may change their policies
    if (c.request.header("if-none-match") == live->bureaus_etag)
      return Response{304, {{"etag", live->bureaus_etag}}, ""};
    Response out = json_response(live->bureaus_json);
    out.with("etag", live->bureaus_etag).with("cache-control", "public, max-age=60");
    return out;
  });
  std::map<std::string, RouteHandler> forms{{"current", document(s.reference.form_json)}};
  for (const auto& [name, text] : s.reference.form_documents) forms.emplace(name, document(text));
  routes.get("/api/v1/forms/{version}", Access::anyone(), [forms](Context& c) {
    const auto form = forms.find(c.param("version"));
    if (form == forms.end()) throw Refusal(RefusalCode::not_found, "not_found");
    return form->second(c);
  });
  routes.get(
      "/api/v1/domains/{domain}", Access::anyone(),
      [&s](Context& c) {
        return json_response(
            json::serialize(show_answer(service::check_domain_filed(s, c.param("domain")))));
      },
      Pace::costly);
  routes.get("/api/v1/waiting_times", Access::anyone(), [&s](Context& c) {
    Response out = json_response(
        json::serialize(service::waiting_times(s, c.request.query_or("province", ""))));
    if (!s.config.demo) out.with("cache-control", "public, max-age=300");
    return out;
  });
  routes.post(
      "/api/v1/enquiries", Access::anyone(), Body::json(),
      [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        const json::object& in = as_object(body);
        service::send_enquiry(s, opt_string(in, "name", 400).value_or(""),
                              get_string(in, "contact", 800), get_string(in, "message", 16000));
        return Response{204, {}, ""};
      },
      Pace::secret);
  routes.get("/api/v1/demo/inbox", Access::demo(), [&s](Context&) {
    json::array messages;
    for (const store::Message& m :
         s.db.read([&](Reader& reader) { return store::latest_messages(reader, s.keys, 200); }))
      messages.push_back(json::object{{"id", id_to_string(m.id)},
                                      {"channel", m.channel},
                                      {"to", m.to},
                                      {"subject", m.subject},
                                      {"body", m.text},
                                      {"links", links_of(m.text)},
                                      {"at", m.created_at}});
    return json_response(json::serialize(json::object{{"messages", std::move(messages)}}));
  });
}

}  // namespace beian
