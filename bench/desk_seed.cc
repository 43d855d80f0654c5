#include "desk_seed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

#include "base/text.h"
#include "filing/content.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/search.h"
#include "store/accounts.h"
#include "store/bureau_tasks.h"
#include "store/cases.h"
#include "store/counters.h"
#include "store/filings.h"
#include "store/registry.h"
#include "store/related.h"
#include "store/scopes.h"
#include "store/sealed.h"
#include "store/search.h"

namespace beian::bench {
namespace {

constexpr int k_in_one_commit = 5000;
constexpr Millis k_day = 24LL * 3600 * 1000;
constexpr int k_reviewers = 50;

// Syllables in the order of the alphabet: a counter written in them grows as text does, so that the
// indexes over domains are filled from one end.
const std::array<const char*, 40> k_syllables = {
    "ai",  "bai",  "ban", "chu", "da",  "de",   "fang", "fu",  "gao", "guo",
    "hai", "hua",  "jia", "jin", "kai", "ke",   "lan",  "li",  "mei", "ming",
    "nan", "ning", "pin", "pu",  "qi",  "qing", "ren",  "rui", "shi", "shu",
    "tai", "tong", "wan", "wei", "xin", "xu",   "yi",   "yun", "zhi", "zhong"};
const std::array<const char*, 40> k_letters = {
    "安", "博", "创", "达", "德", "鼎", "飞", "丰", "富", "光", "广", "海", "汉", "恒",
    "宏", "华", "汇", "嘉", "建", "金", "锦", "凯", "科", "蓝", "力", "联", "明", "诺",
    "鹏", "启", "瑞", "盛", "顺", "泰", "腾", "万", "鑫", "亚", "远", "卓"};
const std::array<const char*, 16> k_trades = {
    "网络科技", "信息技术", "电子商务", "文化传媒", "贸易",     "机械制造", "建筑工程", "生物科技",
    "教育咨询", "旅游服务", "食品",     "物流",     "医疗器械", "环保科技", "广告",     "软件"};

struct Login {
  Id account = 0;
  std::string cookie, csrf;
};

Login add_login(service::Service& s, Tx& tx, const std::string& email, Role role,
                const std::string& name) {
  store::Account account;
  account.id = new_id();
  account.email = email;
  account.password_hash = "none";  // nobody logs in with a password here
  account.role = role;
  account.display_name = name;
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

std::string domain_of(int n) {
  std::string out;
  for (int power : {40 * 40 * 40 * 40, 40 * 40 * 40, 40 * 40, 40, 1})
    out += k_syllables[static_cast<std::size_t>(n / power % 40)];
  return out + ".cn";
}

// One in seven is a person.
bool is_person(int n) { return n % 7 == 3; }

std::string name_of(int n) {
  const auto letter = [&](int i) { return k_letters[static_cast<std::size_t>(i % 40)]; };
  if (is_person(n)) return fmt::format("测{}{}{}", letter(n), letter(n / 40), letter(n / 1600));
  return fmt::format("示例{}{}{}{}有限公司", letter(n), letter(n / 40), letter(n / 1600),
                     k_trades[static_cast<std::size_t>(n / 7 % 16)]);
}

std::string address_of(int n) {
  return fmt::format("示例路{}号示例大厦{}幢", n % 90'000 + 1, n % 7 + 1);
}

// What each filing holds: some 4 KB, the same but for names and numbers.
std::string content_of(int n, const std::string& province) {
  json::array sites;
  for (int i = 0; i < 1 + n % 2; ++i) {
    std::string remark;
    while (remark.size() < 900) remark += "本网站介绍公司产品，不涉及经营性内容。";
    sites.push_back(json::object{{"key", fmt::format("s{}", i + 1)},
                                 {"name", "示例产品介绍"},
                                 {"domain", domain_of(2 * n + i)},
                                 {"home_url", "www." + domain_of(2 * n + i)},
                                 {"services", json::array{8}},
                                 {"languages", json::array{1}},
                                 {"remark", remark}});
  }
  return json::serialize(json::object{
      {"organiser", json::object{{"name", name_of(n)},
                                 {"nature", is_person(n) ? 5 : 4},
                                 {"certificate_type", is_person(n) ? 2 : 1},
                                 {"certificate_number", fmt::format("BENCH{:013}", n)},
                                 {"province", province},
                                 {"county", "330106"},
                                 {"address", address_of(n)}}},
      {"principal", json::object{{"name", "测试乙"},
                                 {"certificate_type", 2},
                                 {"certificate_number", fmt::format("BENCH{:013}P", n)},
                                 {"mobile", fmt::format("199{:08}", n)},
                                 {"email", "someone@organiser.example"}}},
      {"sites", std::move(sites)}});
}

State state_of(std::mt19937& random) {
  static const std::vector<std::pair<State, int>> k_shares = {
      {State::draft, 10},          {State::initial_review, 25}, {State::initial_returned, 10},
      {State::verification, 18},   {State::photo_review, 8},    {State::ready, 1},
      {State::sending, 1},         {State::sms_pending, 1},     {State::bureau_review, 17},
      {State::bureau_returned, 4}, {State::withdrawn, 5}};
  int at = static_cast<int>(random() % 100);
  for (const auto& [state, share] : k_shares)
    if ((at -= share) < 0) return state;
  return State::withdrawn;
}

// Every index that is no constraint goes, and comes back once all rows are there.
class WithoutIndexes {
 public:
  explicit WithoutIndexes(Db& db) : db_(db) {
    db_.write([&](Tx& tx) {
      for (const Row& row :
           tx.query("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                    "AND tbl_name IN ('filings', 'filing_sites', 'filing_marks', "
                    "'registered_organisers', 'registered_sites', 'registered_domains') AND sql "
                    "LIKE 'CREATE INDEX%'")) {
        tx.execute("DROP INDEX " + row.text(0));
        sql_.push_back(row.text(1));
      }
    });
  }
  void build() {
    for (const std::string& sql : sql_) db_.write([&](Tx& tx) { tx.execute(sql); });
  }

 private:
  Db& db_;
  std::vector<std::string> sql_;
};

class Maker {
 public:
  Maker(service::Service& s, const DeskSize& size, const std::string& folder)
      : s_(s), size_(size), cases_(folder + "/cases"), words_(folder + "/words") {
    for (const auto& [code, weight] : provinces())
      for (int i = 0; i < weight; ++i) provinces_.push_back(code);
  }

  void logins(const std::string& folder) {
    std::ofstream out(folder + "/reviewers");
    s_.db.write([&](Tx& tx) {
      for (int i = 0; i < 2000; ++i)
        owners_.push_back(
            add_login(s_, tx, fmt::format("owner{}@bench.example", i), Role::applicant, "")
                .account);
      for (int i = 0; i <= k_reviewers; ++i) {
        const bool senior = i == k_reviewers;
        const Login login = add_login(s_, tx, fmt::format("reviewer{}@bench.example", i),
                                      senior ? Role::senior : Role::first_reviewer,
                                      senior ? "组长" : fmt::format("初审员{}", i + 1));
        if (!senior) reviewers_.push_back(login.account);
        out << login.cookie << ' ' << login.csrf << '\n';
      }
      std::ofstream scoped(folder + "/scoped");
      const std::vector<store::StaffScope> scopes = {
          {{provinces_.front()}, {}},
          {{provinces_.back(), provinces_[40], provinces_[99]}, {}},
          {{}, {owners_[7]}},
          {{}, {owners_[7], owners_[70], owners_[700]}},
          {{provinces_.front()}, {owners_[7], owners_[70], owners_[700]}}};
      for (std::size_t i = 0; i < scopes.size(); ++i) {
        const Login login = add_login(s_, tx, fmt::format("scoped{}@bench.example", i),
                                      Role::first_reviewer, fmt::format("分管{}", i + 1));
        store::put_scope(tx, login.account, scopes[i]);
        scoped << login.cookie << ' ' << login.csrf << '\n';
      }
    });
  }

  void registered(Tx& tx, int n) {
    const std::string& province = province_of(n);
    const Millis at = s_.now() - 30 * k_day - static_cast<Millis>(random_() % 2000) * k_day;
    const Id filing = put(tx, n, State::approved, Kind::first_filing, province, at);
    const std::string number = fmt::format("示ICP备{}号", 2'020'000'000LL + n);
    const Id organiser = new_id();
    tx.execute(
        "INSERT INTO registered_organisers (id, certificate_lookup, number, bureau_id, province, "
        "account_id, name_sealed, state, approved_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, 'filed', $8, $8)",
        {organiser, Blob{lookup_of(n)}, number, new_id(), province, owner_of(n),
         store::seal(s_.keys, name_of(n), "registered_organisers.name", organiser), at});
    for (int i = 0; i < 1 + n % 2; ++i) {
      const Id site = new_id();
      const std::string domain = domain_of(2 * n + i);
      tx.execute(
          "INSERT INTO registered_sites (id, organiser_id, domain, number, bureau_id, filing_id, "
          "site_key, state, approved_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'served', "
          "$8, $8)",
          {site, organiser, domain, fmt::format("{}-{}", number, i + 1), new_id(), filing,
           fmt::format("s{}", i + 1), at});
      tx.execute(
          "INSERT INTO registered_domains (domain, site_id, organiser_id, bureau_id, state, "
          "changed_at) VALUES ($1, $2, $3, $4, 'served', $5)",
          {domain, site, organiser, new_id(), at});
    }
    if (random_() % 5000 == 0) note_words(n, number);
  }

  // What an organiser that is filed does next.
  void later(Tx& tx, int i) {
    const int n = static_cast<int>((static_cast<std::int64_t>(i) * 7) % size_.organisers);
    static const std::array<Kind, 8> k_kinds = {
        Kind::change,     Kind::change,     Kind::change,         Kind::new_website,
        Kind::new_access, Kind::new_access, Kind::cancel_website, Kind::change};
    put(tx, n, State::approved, k_kinds[random_() % 8], province_of(n),
        s_.now() - static_cast<Millis>(random_() % 1500) * k_day - k_day);
  }

  // Of an organiser that is registered, or of a new one once those are used up.
  void under_way(Tx& tx, int i) {
    const int n = size_.racing ? i : size_.organisers + i;
    const State state = size_.racing ? State::initial_review : state_of(random_);
    static const std::array<Kind, 7> k_kinds = {
        Kind::new_website, Kind::first_filing, Kind::first_filing,  Kind::change,
        Kind::new_access,  Kind::first_filing, Kind::cancel_website};
    const Kind kind = size_.racing ? Kind::first_filing : k_kinds[random_() % 7];
    const Millis at = s_.now() - static_cast<Millis>(random_() % 9000) * 60'000;
    const Id id = put(tx, n, state, kind, province_of(n), at);
    if (state != State::draft && random_() % 100 == 0) {
      cases_ << id << '\n';
      history(tx, id, at);
    }
  }

  void history(Tx& tx, Id filing, Millis at) {
    int step = 0;
    for (const char* action : {"created", "submit", "return_initial", "submit", "claimed"}) {
      store::Event event;
      event.filing_id = filing;
      event.at = at - (5 - step++) * 600'000;
      event.actor = step % 2 ? "applicant" : "staff";
      event.action = action;
      store::insert_event(tx, s_.keys, event);
    }
  }

  // In the order of the terms: the table is one index, which then grows at its end.
  void terms() {
    std::sort(terms_.begin(), terms_.end());
    terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
    std::printf("%zu search terms\n", terms_.size());
    for (std::size_t at = 0; at < terms_.size();) {
      const std::size_t end = std::min(at + 200'000, terms_.size());
      s_.db.write([&](Tx& tx) {
        for (; at < end; ++at)
          tx.execute("INSERT INTO search_terms (term, filing_id) VALUES ($1, $2)",
                     {terms_[at].first, terms_[at].second});
      });
    }
    terms_ = {};
  }

  void counters() {
    s_.db.write([&](Tx& tx) {
      store::recount(tx);
      tx.execute("UPDATE search_progress SET next_before = 0");
    });
  }

  void around() {
    s_.db.write([&](Tx& tx) {
      for (int i = 0; i < 3000; ++i) {
        store::BureauTask task;
        task.id = new_id();
        task.key = fmt::format("bench/{}", i);
        task.province = provinces_[static_cast<std::size_t>(i) % provinces_.size()];
        task.kind = i % 3 ? "verification" : "unfiled_site";
        task.subject = domain_of(i);
        task.content = "{}";
        task.received_at = s_.now() - i * 60'000;
        store::put_task(tx, s_.keys, task);
      }
      for (const Row& row :
           tx.query("SELECT id FROM filings WHERE state = 'verification' LIMIT 2000")) {
        store::Backdrop order;
        order.id = new_id();
        order.filing_id = row.integer(0);
        order.address = R"({"recipient":"测试甲","phone":"19900001403","address":"示例路1号"})";
        order.requested_at = s_.now();
        store::insert_backdrop(tx, s_.keys, order);
      }
    });
  }

 private:
  std::vector<std::pair<std::string, int>> provinces() const {
    std::vector<std::pair<std::string, int>> out;
    int weight = 31;
    for (const auto& bureau : s_.reference.bureaus.all())
      out.emplace_back(bureau.province, std::max(1, weight--));
    return out;
  }
  const std::string& province_of(int n) const {
    return provinces_[static_cast<std::size_t>(n) * 7919 % provinces_.size()];
  }
  Id owner_of(int n) const { return owners_[static_cast<std::size_t>(n) % owners_.size()]; }
  std::string lookup_of(int n) const {
    return store::certificate_lookup(s_.keys, 1, fmt::format("BENCH{:013}", n));
  }

  Id put(Tx& tx, int n, State state, Kind kind, const std::string& province, Millis at) {
    store::Filing f;
    f.id = new_id();
    f.account_id = owner_of(n);
    f.kind = kind;
    f.state = state;
    f.province = province;
    f.nature = is_person(n) ? 5 : 4;
    f.title = name_of(n);
    f.content = content_of(n, province);
    f.round = state == State::draft ? 0 : 1;
    const bool ours = turn_of(state) == Turn::staff;
    const bool held = ours && !size_.racing && random_() % 4 == 0;
    const auto due = service::due_of(s_, state, at);
    const bool late = ours && due && *due < s_.now();
    const bool over = turn_of(state) == Turn::nobody;
    if (state == State::approved)
      f.organiser_number = fmt::format("示ICP备{}号", 2'020'000'000LL + n);
    const auto assignee =
        held ? Value(reviewers_[random_() % reviewers_.size()]) : Value(std::monostate{});
    tx.execute(
        "INSERT INTO filings (id, account_id, kind, state, version, revision, province, nature, "
        "turn, form_version, content_sealed, title_sealed, organiser_lookup, round, assignee_id, "
        "assigned_at, created_at, updated_at, state_since, due_at, organiser_number, approved_at, "
        "overdue_since, findings) VALUES ($1, $2, $3, $4, 4, 9, $5, $6, $7, $8, $9, $10, $11, $12, "
        "$13, $14, $15, $15, $15, $16, $17, $18, $19, $20)",
        {f.id,
         f.account_id,
         std::string(to_string(kind)),
         std::string(to_string(state)),
         province,
         f.nature,
         std::string(to_string(turn_of(state))),
         s_.reference.form_of(kind).version,
         store::seal(s_.keys, f.content, "filings.content", f.id),
         store::seal(s_.keys, f.title, "filings.title", f.id),
         Blob{lookup_of(n)},
         f.round,
         assignee,
         held ? Value(at) : Value(std::monostate{}),
         at,
         store::or_null(due),
         store::or_null(f.organiser_number),
         over ? Value(at) : Value(std::monostate{}),
         late ? Value(*due) : Value(std::monostate{}),
         over ? std::int64_t{0}
              : static_cast<std::int64_t>(random_() % 20 == 0 ? 2 : random_() % 3 == 0)});
    for (int i = 0; i < 1 + n % 2; ++i) {
      const Id base = new_id();
      tx.execute(
          "INSERT INTO filing_sites (filing_id, site_key, ord, domain, active, isp_site_id, "
          "isp_domain_id, isp_access_id, isp_ip_base, number) VALUES ($1, $2, $3, $4, $5, $6, $6, "
          "$6, $6, $7)",
          {f.id, fmt::format("s{}", i + 1), std::int64_t{i + 1}, domain_of(2 * n + i),
           std::int64_t{over || state == State::draft ? 0 : 1}, base,
           f.organiser_number ? Value(fmt::format("{}-{}", *f.organiser_number, i + 1))
                              : Value(std::monostate{})});
    }
    if (state != State::draft) {
      index(tx, f, n);
      mark(tx, f, n);
    }
    return f.id;
  }

  // As service::mark_filing writes them.
  void mark(Tx& tx, const store::Filing& f, int n) {
    const std::string certificate = fmt::format("BENCH{:013}", n);
    store::put_marks(tx, s_.keys, f.id,
                     {{"organiser", (is_person(n) ? "2/" : "1/") + certificate},
                      {"name", f.title},
                      {"address", "330106/" + address_of(n)},
                      {"person", certificate + "P"},
                      {"phone", fmt::format("199{:08}", n)},
                      {"mail", "someone@organiser.example"}});
  }

  // As service::index_filing writes them, but kept back until all can be written in order.
  void index(Tx& tx, const store::Filing& f, int n) {
    std::vector<std::string> domains;
    for (int i = 0; i < 1 + n % 2; ++i) domains.push_back(domain_of(2 * n + i));
    std::string bytes;
    for (std::int64_t term : store::terms_of(s_.keys, service::search_words(f, domains))) {
      terms_.emplace_back(term, f.id);
      bytes.append(reinterpret_cast<const char*>(&term), sizeof term);
    }
    tx.execute("INSERT INTO search_filings (filing_id, terms) VALUES ($1, $2)",
               {f.id, Blob{bytes}});
  }

  void note_words(int n, const std::string& number) {
    const std::string name = name_of(n);
    const auto letters = to_code_points(name);
    words_ << "name " << name << '\n';
    if (!is_person(n))
      for (std::size_t from = 0; from < 5; ++from)
        words_ << "part "
               << from_code_points({letters.begin() + std::ptrdiff_t(from),
                                    letters.begin() + std::ptrdiff_t(from + 2 + from % 4)})
               << '\n';
    const std::string domain = domain_of(2 * n);
    words_ << "domain " << domain << "\npart " << domain.substr(1, 7) << "\npart "
           << domain.substr(0, 4) << "\nnumber " << number << "\nnumber "
           << fmt::format("199{:08}", n) << "\nnumber " << fmt::format("BENCH{:013}", n)
           << "\nnothing 没有这家" << n << '\n';
  }

  service::Service& s_;
  DeskSize size_;
  std::mt19937 random_{20261128};
  std::vector<std::string> provinces_;
  std::vector<Id> owners_, reviewers_;
  std::vector<std::pair<std::int64_t, Id>> terms_;
  std::ofstream cases_, words_;
};

void in_commits(service::Service& s, const char* what, int count,
                const std::function<void(Tx&, int)>& one) {
  for (int n = 0; n < count;) {
    const int end = std::min(n + k_in_one_commit, count);
    s.db.write([&](Tx& tx) {
      for (; n < end; ++n) one(tx, n);
    });
    if (n % 100'000 == 0 || n == count) {
      std::printf("%d %s\n", n, what);
      std::fflush(stdout);
    }
  }
}

}  // namespace

void seed_desk(service::Service& s, const DeskSize& size, const std::string& folder) {
  Maker maker(s, size, folder);
  maker.logins(folder);
  WithoutIndexes indexes(s.db);
  if (!size.racing) {
    in_commits(s, "organisers", size.organisers, [&](Tx& tx, int n) { maker.registered(tx, n); });
    in_commits(s, "approved later", size.later, [&](Tx& tx, int n) { maker.later(tx, n); });
  }
  in_commits(s, "filings under way", size.racing ? size.racing : size.under_way,
             [&](Tx& tx, int n) { maker.under_way(tx, n); });
  maker.terms();
  indexes.build();
  maker.around();
  maker.counters();
  if (!s.db.read([](Reader& reader) { return store::counters_agree(reader); }))
    throw std::runtime_error("counters do not agree with the rows");
}

}  // namespace beian::bench
