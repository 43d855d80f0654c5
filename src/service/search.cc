#include "service/search.h"

#include <algorithm>
#include <set>

#include "base/narrow.h"
#include "base/text.h"
#include "filing/content.h"
#include "service/content_access.h"
#include "service/review.h"
#include "store/search.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)
constexpr int k_indexed_at_once = 100;
constexpr int k_candidates = 200;
constexpr std::size_t k_longest = 60;  // characters of what is typed

using Letters = std::vector<char32_t>;

// Letters and digits alone, small: brackets and blanks differ from one writing to another.
Letters letters_of(std::string_view text) {
  Letters out;
  for (char32_t c : to_code_points(clean_line(text))) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    const bool kept = c > 0x7F ? c > 0xBF && !(c >= 0x2000 && c <= 0x303F) && !(c >= 0xFF00)
                               : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    if (kept) out.push_back(c);
  }
  return out;
}

std::string text_of(const Letters& letters) { return from_code_points(letters); }

// Every run of `size` letters that follow each other.
void add_parts(store::SearchWords& words, std::string_view mark, const Letters& letters,
               std::size_t size) {
  for (std::size_t i = 0; i + size <= letters.size(); ++i)
    words.push_back(std::string(mark) +
                    text_of(Letters(letters.begin() + std::ptrdiff_t(i),
                                    letters.begin() + std::ptrdiff_t(i + size))));
}

std::size_t part_size(const Letters& label) {
  return std::ranges::all_of(label, [](char32_t c) { return c < 0x80; }) ? 3 : 2;
}

// What stands before the suffix, as people write it.
Letters label_of(const std::string& domain) {
  return to_code_points(to_lower_ascii(domain.substr(0, domain.find('.'))));
}

void add_label(store::SearchWords& words, const Letters& label) {
  if (label.empty()) return;
  words.push_back("d=" + text_of(label));
  add_parts(words, "d:", label, part_size(label));
}

// 浙ICP备2026000001号-1 and 2026000001 are found by the same digits.
std::string longest_digits(std::string_view text) {
  std::string best, run;
  for (char c : text) {
    if (c >= '0' && c <= '9')
      run += c;
    else
      run.clear();
    if (run.size() > best.size()) best = run;
  }
  return best;
}

std::string capital_number(std::string_view text) {
  std::string out;
  for (char c : narrow_line(text))
    if (c != ' ') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

void add_person(store::SearchWords& words, const json::object& content, const std::string& path) {
  if (const auto mobile = text_at(content, path + ".mobile"); !mobile.empty())
    words.push_back("m:" + longest_digits(mobile));
}

void add_content(store::SearchWords& words, const json::object& content) {
  if (const auto n = text_at(content, "organiser.certificate_number"); !n.empty())
    words.push_back("c:" + capital_number(n));
  add_person(words, content, "principal");
  for (const std::string& key : site_keys(content))
    add_person(words, content, "sites." + key + ".manager");
}

bool contains(const Letters& whole, const Letters& part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

// What was typed in its different readings, each asked for on its own.
class Search {
 public:
  Search(Service& s, Reader& reader, const std::string& typed, const store::StaffScope& scope)
      : s_(s),
        reader_(reader),
        scope_(scope),
        typed_(clean_line(typed)),
        letters_(letters_of(typed)) {}

  // Candidates, best first. `certain`: how many of them need no second look.
  std::vector<Id> candidates() {
    if (const auto id = id_from_string(typed_)) add({*id});
    add(store::find_by_domain(reader_, search_key(typed_), k_candidates));
    add_numbers();
    certain_ = ids_.size();
    if (letters_.size() >= 2) {
      store::SearchWords words;
      add_parts(words, "n:", letters_, 2);
      add(find(words));
    }
    add_labels();
    return ids_;
  }
  std::size_t certain() const { return certain_; }

  bool fits(const store::QueueRow& row) const {
    if (row.nature != k_nature_individual && letters_.size() >= 2 &&
        contains(letters_of(row.title), letters_))
      return true;
    const Letters typed = to_code_points(to_lower_ascii(typed_));
    return std::ranges::any_of(row.domains, [&](const std::string& domain) {
      return contains(to_code_points(unicode_domain(domain)), typed);
    });
  }

 private:
  std::vector<Id> find(const store::SearchWords& words) {
    return store::find_by_words(reader_, s_.keys, words, k_candidates, scope_);
  }
  void add(const std::vector<Id>& ids) {
    for (Id id : ids)
      if (known_.insert(id).second) ids_.push_back(id);
  }
  void add_numbers() {
    if (letters_.size() < 2) return;
    add(find({"p:" + text_of(letters_)}));
    const std::string digits = longest_digits(typed_), number = capital_number(typed_);
    if (digits.size() >= 6) add(find({"b:" + digits}));
    if (digits.size() >= 7 && digits.size() == number.size()) add(find({"m:" + digits}));
    if (number.size() >= 6) add(find({"c:" + number}));
  }
  void add_labels() {
    const Letters label = label_of(typed_);
    if (label.empty()) return;
    store::SearchWords words;
    if (label.size() < part_size(label))
      words.push_back("d=" + text_of(label));
    else
      add_parts(words, "d:", label, part_size(label));
    add(find(words));
  }

  Service& s_;
  Reader& reader_;
  const store::StaffScope& scope_;
  std::string typed_;
  Letters letters_;
  std::vector<Id> ids_;
  std::set<Id> known_;
  std::size_t certain_ = 0;
};

}  // namespace

std::vector<std::string> search_words(const store::Filing& f,
                                      const std::vector<std::string>& domains) {
  store::SearchWords words;
  const Letters name = letters_of(f.title);
  if (f.nature == k_nature_individual)
    words.push_back("p:" + text_of(name));
  else
    add_parts(words, "n:", name, 2);
  for (const std::string& domain : domains) add_label(words, label_of(unicode_domain(domain)));
  if (f.organiser_number) words.push_back("b:" + longest_digits(*f.organiser_number));
  const json::object content = parse_content(f.content);
  add_content(words, content);
  if (const json::object* record = record_of(content)) add_content(words, *record);
  return words;
}

void index_filing(Service& s, Tx& tx, const store::Filing& filing) {
  std::vector<std::string> domains;
  for (const store::FilingSite& site : store::list_sites(tx, filing.id))
    if (!site.domain.empty()) domains.push_back(site.domain);
  store::put_search_terms(tx, s.keys, filing.id, search_words(filing, domains));
}

bool index_some(Service& s) {
  const auto ids =
      s.db.read([&](Reader& reader) { return store::filings_to_index(reader, k_indexed_at_once); });
  s.db.write([&](Tx& tx) {
    for (Id id : ids) {
      const auto filing = store::find_filing(tx, s.keys, id);
      if (filing && filing->state != State::draft && filing->state != State::expired)
        index_filing(s, tx, *filing);
    }
    store::note_indexed(tx, ids);
  });
  return !ids.empty();
}

std::vector<store::QueueRow> search_filings(Service& s, Reader& reader, const std::string& typed,
                                            const store::StaffScope& scope, int limit) {
  if (!is_utf8(typed) || count_characters(typed) > k_longest) return {};
  Search search(s, reader, typed, scope);
  const auto ids = search.candidates();
  const std::set<Id> certain(ids.begin(), ids.begin() + std::ptrdiff_t(search.certain()));
  std::vector<store::QueueRow> out;
  // Names are opened a page at a time, and no further than the answer needs.
  for (std::size_t at = 0; at < ids.size() && out.size() < std::size_t(limit); at += 50) {
    const std::vector<Id> some(ids.begin() + std::ptrdiff_t(at),
                               ids.begin() + std::ptrdiff_t(std::min(at + 50, ids.size())));
    for (store::QueueRow& row : store::find_queue_rows(reader, s.keys, some)) {
      if (!certain.contains(row.id) && !search.fits(row)) continue;
      if (!scope.covers(row.province, row.account_id)) continue;
      if (out.size() < std::size_t(limit)) out.push_back(std::move(row));
    }
  }
  return out;
}

}  // namespace beian::service
