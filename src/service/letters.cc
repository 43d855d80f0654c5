#include "service/letters.h"

#include "base/text.h"
#include "filing/content.h"
#include "service/account.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/outbox.h"

namespace beian::service {
namespace {

// Marks that are not seen, or turn what follows around.
bool is_invisible(char32_t c) {
  return (c < 0x20 && c != U'\n') || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

std::string checked(const std::string& typed) {
  if (!is_utf8(typed)) throw Refusal(RefusalCode::bad_request, "request_invalid");
  std::string text = clean_words(typed);
  const std::size_t length = count_characters(text);
  if (length == 0 || length > k_most_letter)
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"text",
                    length == 0 ? "letter_empty" : "letter_long",
                    {{"max", std::to_string(k_most_letter)}},
                    "",
                    "",
                    true}});
  return text;
}

notify::NoticeData data_of(const store::Filing& filing, const std::string& locale) {
  const json::object content = parse_content(filing.content);
  std::vector<std::string> domains;
  for (const std::string& key : site_keys(content))
    domains.push_back(text_at(content, "sites." + key + ".domain"));
  return {{{"filing", id_to_string(filing.id)},
           {"domains", join(domains, locale == k_locale_zh ? "、" : ", ")}},
          {}};
}

void tell_other_side(Service& s, Tx& tx, const store::Filing& filing, const store::Letter& letter) {
  const std::string key = "letter/" + id_to_string(letter.id);
  if (letter.by_staff) {
    if (const auto account = store::find_account(tx, s.keys, filing.account_id))
      queue_notice(s, tx, *account, "", filing.id, "letter_to_applicant", key,
                   data_of(filing, account->locale));
    return;
  }
  // Whoever has the case; else all who could.
  const auto assignee = store::find_account(tx, s.keys, filing.assignee_id.value_or(0));
  if (assignee && assignee->state == "active")
    queue_notice(s, tx, *assignee, "", filing.id, "letter_to_staff", key,
                 data_of(filing, assignee->locale));
  else
    queue_staff_notice(s, tx, filing.id, "letter_to_staff", key,
                       data_of(filing, std::string(k_locale_zh)));
}

store::Letter write(Service& s, Tx& tx, const store::Filing& filing, bool by_staff, Id author,
                    const std::string& text) {
  if (filing.state == State::draft) throw Refusal(RefusalCode::conflict, "letter_draft");
  if (store::count_letters(tx, filing.id, by_staff, s.now() - k_hour) >= k_most_letters_an_hour)
    throw Refusal(RefusalCode::too_many, "letters_too_many");
  store::Letter letter;
  letter.id = new_id();
  letter.filing_id = filing.id;
  letter.by_staff = by_staff;
  letter.author_id = author;
  letter.text = text;
  letter.at = s.now();
  store::insert_letter(tx, s.keys, letter);
  note_event(s, tx, filing.id, by_staff ? Actor::staff : Actor::applicant, author, "letter");
  tell_other_side(s, tx, filing, letter);
  return letter;
}

void see(Service& s, Id filing, bool written_by_staff, const std::vector<store::Letter>& letters) {
  for (const store::Letter& letter : letters)
    if (letter.by_staff == written_by_staff && !letter.seen_at) {
      s.db.write([&](Tx& tx) { store::see_letters(tx, filing, written_by_staff, s.now()); });
      return;
    }
}

store::Filing own_filing(Service& s, Reader& reader, Id account, Id filing) {
  auto found = store::find_own_filing(reader, s.keys, filing, account);
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  return *found;
}

}  // namespace

std::string clean_words(const std::string& typed) {
  std::vector<char32_t> out;
  for (char32_t c : to_code_points(typed)) {
    if (c == U'\t') c = U' ';
    if (is_invisible(c)) continue;
    const std::size_t n = out.size();
    const bool at_start = n == 0 || out.back() == U'\n';
    if (c == U' ' && (at_start || out.back() == U' ')) continue;
    if (c == U'\n') {
      while (!out.empty() && out.back() == U' ') out.pop_back();
      if (out.empty() || (out.size() > 1 && out.back() == U'\n' && out[out.size() - 2] == U'\n'))
        continue;
    }
    out.push_back(c);
  }
  while (!out.empty() && (out.back() == U'\n' || out.back() == U' ')) out.pop_back();
  return from_code_points(out);
}

std::vector<store::Letter> letters_of(Service& s, Id account, Id filing, bool seen) {
  auto letters = s.db.read([&](Reader& reader) {
    own_filing(s, reader, account, filing);
    return store::list_letters(reader, s.keys, filing);
  });
  if (seen) see(s, filing, true, letters);
  return letters;
}

std::vector<store::Letter> letters_at_desk(Service& s, const Staff& staff, Id filing, bool seen) {
  auto letters = s.db.read([&](Reader& reader) {
    case_of(s, reader, staff, filing);
    return store::list_letters(reader, s.keys, filing);
  });
  if (seen) see(s, filing, false, letters);
  return letters;
}

store::Letter write_letter(Service& s, const By& by, Id filing, const std::string& text) {
  const auto letter = s.db.write([&](Tx& tx) {
    const store::Filing own = own_filing(s, tx, by.account, filing);
    return write(s, tx, own, false, by.person, checked(text));
  });
  s.wake_workers();
  return letter;
}

store::Letter write_letter_as_staff(Service& s, const Staff& staff, Id filing,
                                    const std::string& text) {
  const auto letter = s.db.write([&](Tx& tx) {
    const store::Filing at = case_of(s, tx, staff, filing);
    return write(s, tx, at, true, staff.id, checked(text));
  });
  s.wake_workers();
  return letter;
}

}  // namespace beian::service
