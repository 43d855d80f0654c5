#include "seed.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <vector>

#include "base/text.h"
#include "documents/image.h"
#include "filing/content.h"
#include "filing/lifecycle.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "store/accounts.h"
#include "store/cases.h"
#include "store/filings.h"
#include "store/materials.h"
#include "store/registry.h"

namespace beian::bench {
namespace {

constexpr int k_in_one_commit = 2000;
constexpr Millis k_day = 24LL * 3600 * 1000;

struct Login {
  Id account = 0;
  std::string cookie, csrf;
};

Login add_login(service::Service& s, Tx& tx, const std::string& email, Role role) {
  store::Account account;
  account.id = new_id();
  account.email = email;
  account.password_hash = "none";  // nobody logs in with a password here
  account.role = role;
  account.display_name = role == Role::applicant ? email : "初审员";
  account.state = "active";
  account.locale = "zh-CN";
  account.consent = "bench";
  account.created_at = s.now();
  store::insert_account(tx, s.keys, account);
  Login login{account.id, random_token(), random_token()};
  store::insert_session(tx, login.cookie,
                        {new_id(), account.id, login.csrf, s.now(), s.now(), s.now() + 30 * k_day,
                         "bench", "127.0.0.1"});
  return login;
}

// A whole content of the usual size; domain, organiser and person differ from filing to filing.
std::string content_of(const std::string& pattern, int n) {
  std::string out = pattern;
  const auto put = [&](std::string_view hole, const std::string& value) {
    for (auto at = out.find(hole); at != std::string::npos; at = out.find(hole, at + value.size()))
      out.replace(at, hole.size(), value);
  };
  put("@n@", fmt::format("{:06}", n));
  return out;
}

std::string pattern_content(service::Service& s) {
  json::object content = new_content(s.reference.form);
  const std::vector<std::pair<std::string, json::value>> answers = {
      {"organiser.nature", 4},
      {"organiser.certificate_type", 1},
      {"organiser.certificate_number", "91330199MA0000019P"},
      {"organiser.province", "330000"},
      {"organiser.city", "330100"},
      {"organiser.county", "330106"},
      {"organiser.name", "示例科技@n@有限公司"},
      {"organiser.investor", "示例投资人@n@"},
      {"organiser.certificate_address", "浙江省杭州市西湖区示例路1号示例大厦2幢@n@室"},
      {"organiser.address", "示例路1号示例大厦2幢@n@室"},
      {"principal.name", "测试乙"},
      {"principal.certificate_type", 2},
      {"principal.certificate_number", "119901199003075008"},
      {"principal.certificate_from", "2020-01-01"},
      {"principal.certificate_until", "2040-01-01"},
      {"principal.mobile", "19900001234"},
      {"principal.office_phone", "0571-88880000"},
      {"principal.email", "someone@organiser.example"},
      {"sites.s1.name", "示例产品介绍"},
      {"sites.s1.domain", "bench-@n@.cn"},
      {"sites.s1.home_url", "www.bench-@n@.cn"},
      {"sites.s1.services", json::array{8}},
      {"sites.s1.languages", json::array{1}},
      {"sites.s1.access.locations", json::array{34}},
      {"sites.s1.access.ips", json::array{"198.18.1.1"}}};
  for (const auto& [path, value] : answers) {
    // Values with a hole are no valid ones yet: they are put in as they are.
    json::value* at = nullptr;
    json::object* object = &content;
    const auto steps = split(path, '.');
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      json::value& next = (*object)[steps[i]];
      if (steps[i] == "sites") {
        object = &next.as_array().at(0).as_object();
        ++i;
        continue;
      }
      if (!next.is_object()) next = json::object();
      object = &next.as_object();
    }
    at = &(*object)[steps.back()];
    *at = value;
  }
  std::string remark;
  while (remark.size() < 1200) remark += "本网站介绍公司产品，不涉及经营性内容。";
  content["sites"].as_array().at(0).as_object()["remark"] = remark;
  return json::serialize(content);
}

// How the states of a store of some years are spread; claimed ones come on top.
State state_of(int n) {
  const int share = n % 100;
  if (share < 70) return State::approved;
  if (share < 80) return State::draft;
  if (share < 86) return State::initial_review;
  if (share < 88) return State::initial_returned;
  if (share < 92) return State::verification;
  if (share < 93) return State::photo_review;
  if (share < 98) return State::bureau_review;
  return State::withdrawn;
}

std::vector<std::pair<const char*, State>> history_of(State state) {
  const std::vector<std::pair<const char*, State>> all = {
      {"submit", State::initial_review},     {"pass_initial", State::verification},
      {"submit_photo", State::photo_review}, {"pass_photo", State::ready},
      {"start_sending", State::sending},     {"bureau_received", State::bureau_review},
      {"bureau_approved", State::approved}};
  std::vector<std::pair<const char*, State>> out;
  if (state == State::draft || state == State::withdrawn) return out;
  for (const auto& step : all) {
    out.push_back(step);
    if (step.second == state || state == State::initial_returned) break;
  }
  return out;
}

struct Maker {
  service::Service& s;
  std::string pattern;
  Id staff;

  store::Filing make(Tx& tx, int n, Id account, State state, bool claimed) const {
    store::Filing f;
    f.id = new_id();
    f.account_id = account;
    f.state = state;
    f.version = state == State::draft ? 3 : 4;
    f.revision = 9;
    f.province = "330000";
    f.nature = 4;
    f.turn = turn_of(state);
    f.form_version = s.reference.form.version;
    f.content = content_of(pattern, n);
    f.title = fmt::format("示例科技{:06}有限公司", n);
    f.organiser_lookup = store::certificate_lookup(s.keys, 1, fmt::format("BENCH{:06}", n));
    f.round = state == State::draft ? 0 : 1;
    f.created_at = s.now() - (n % 700) * k_day / 24;
    if (state != State::draft) f.due_at = f.created_at + 60 * k_day;
    store::insert_filing(tx, s.keys, f);
    add_around(tx, f, n);
    if (claimed) store::assign_filing(tx, f.id, std::nullopt, staff, s.now());
    return f;
  }

  void add_around(Tx& tx, const store::Filing& f, int n) const {
    store::FilingSite site;
    site.key = "s1";
    site.domain = fmt::format("bench-{:06}.cn", n);
    site.isp_site_id = new_id();
    site.isp_domain_id = new_id();
    site.isp_access_id = new_id();
    site.isp_ip_base = new_id();
    store::put_site(tx, f.id, site);
    add_event(tx, f, "created", std::nullopt);
    for (const auto& [action, to] : history_of(f.state)) add_event(tx, f, action, to);
    if (f.round == 0) return;
    if (turn_of(f.state) != Turn::nobody) store::activate_sites(tx, f.id, true);
    store::put_snapshot(tx, s.keys, f.id, f.round, f.content, f.created_at);
    for (const char* purpose : {"organiser_certificate", "principal_certificate_front",
                                "principal_certificate_back", "verification_photo"})
      add_material(tx, f, purpose);
    if (f.state == State::approved) register_it(tx, f, site, n);
  }

  void add_event(Tx& tx, const store::Filing& f, const char* action,
                 std::optional<State> to) const {
    store::Event event;
    event.filing_id = f.id;
    event.at = f.created_at;
    event.actor = "applicant";
    event.actor_id = f.account_id;
    event.action = action;
    if (to) event.to_state = std::string(to_string(*to));
    store::insert_event(tx, s.keys, event);
  }

  void add_material(Tx& tx, const store::Filing& f, const char* purpose) const {
    store::Material m;
    m.id = new_id();
    m.filing_id = f.id;
    m.purpose = purpose;
    m.full_key = m.fitted_key = m.thumbnail_key = std::string(32, '0');
    m.bytes = 300'000;
    m.fitted_bytes = 90'000;
    m.width = 1600;
    m.height = 1200;
    m.created_at = f.created_at;
    store::insert_material(tx, m);
  }

  void register_it(Tx& tx, const store::Filing& f, const store::FilingSite& site, int n) const {
    const std::string number = fmt::format("浙ICP备{}号", 2020000000 + n);
    store::set_result(tx, s.keys, f.id, number, "", f.created_at);
    store::set_site_number(tx, f.id, "s1", number + "-1");
    store::Organiser organiser;
    organiser.id = new_id();
    organiser.certificate_lookup = f.organiser_lookup;
    organiser.number = number;
    organiser.bureau_id = new_id();
    organiser.province = f.province;
    organiser.account_id = f.account_id;
    organiser.name = f.title;
    organiser.approved_at = organiser.changed_at = f.created_at;
    store::RegisteredSite row;
    row.id = new_id();
    row.organiser_id = store::put_organiser(tx, s.keys, organiser);
    row.domain = site.domain;
    row.number = number + "-1";
    row.bureau_id = new_id();
    row.filing_id = f.id;
    row.site_key = "s1";
    row.approved_at = row.changed_at = f.created_at;
    store::put_registered_site(tx, s.keys, row);
    store::put_registered_domain(tx, {site.domain, row.id, row.organiser_id, new_id(),
                                      store::Standing::served, f.created_at});
  }
};

class Lines {
 public:
  explicit Lines(const std::string& path) : out_(path) {}
  template <typename... T>
  void add(const T&... words) {
    ((out_ << words << ' '), ...) << '\n';
  }

 private:
  std::ofstream out_;
};

// 2000 x 1500 pixels of gradients under grain, which is what makes a photograph large.
void write_picture(const std::string& path) {
  documents::Image image;
  image.width = 2000;
  image.height = 1500;
  const std::string grain = random_bytes(1 << 20);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const auto i = static_cast<std::size_t>(y * image.width + x);
      const int noise = static_cast<unsigned char>(grain[i % grain.size()]) % 11;
      for (int tone : {40 + x / 12, 60 + y / 10, 90 + (x + y) / 30})
        image.rgb.push_back(static_cast<std::uint8_t>(std::min(255, tone + noise)));
    }
  std::string best;
  for (int quality = 30; quality < 95 && best.size() < 300u << 10; ++quality)
    best = documents::encode_jpeg(image, {quality, false});
  std::ofstream(path, std::ios::binary) << best;
}

}  // namespace

void seed(service::Service& s, const SeedSize& size, const std::string& folder) {
  std::vector<Login> owners;
  Login staff;
  s.db.write([&](Tx& tx) {
    staff = add_login(s, tx, "reviewer@bench.example", Role::first_reviewer);
    for (int i = 0; i < size.accounts; ++i)
      owners.push_back(add_login(s, tx, fmt::format("owner-{}@bench.example", i), Role::applicant));
  });
  Lines(folder + "/staff").add(staff.cookie, staff.csrf);
  write_picture(folder + "/picture.jpg");
  Lines read(folder + "/owners"), claimed(folder + "/claimed"), uploads(folder + "/uploads");
  const Maker maker{s, pattern_content(s), staff.account};
  std::printf("content of %zu bytes\n", maker.pattern.size());
  for (int n = 0; n < size.filings;) {
    const int end = std::min(n + k_in_one_commit, size.filings);
    s.db.write([&](Tx& tx) {
      for (; n < end; ++n) {
        const Login& owner = owners[static_cast<std::size_t>(n % size.accounts)];
        const bool claim = n < size.claimed;
        const auto f =
            maker.make(tx, n, owner.account, claim ? State::initial_review : state_of(n), claim);
        if (claim) claimed.add(id_to_string(f.id), f.version);
        if (n >= size.claimed && n % 7 == 0) read.add(owner.cookie, owner.csrf, id_to_string(f.id));
        if (f.state == State::draft) uploads.add(owner.cookie, owner.csrf, id_to_string(f.id));
      }
    });
    std::printf("\r%d filings", n);
    std::fflush(stdout);
  }
  std::printf("\n");
}

}  // namespace beian::bench
