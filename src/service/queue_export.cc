#include "service/queue_export.h"

#include <fmt/format.h>

#include "base/text.h"
#include "filing/date.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/views.h"

namespace beian::service {
namespace {

constexpr int k_page = 500;

// "2026-11-28 14:05" in China's time; nothing for no time.
documents::TableCell moment(const std::optional<Millis>& at) {
  if (!at) return {};
  const Day day = shanghai_day(*at);
  const Millis minute = (*at - shanghai_midnight(day)) / 60'000;
  return day_to_string(day) + fmt::format(" {:02}:{:02}", minute / 60, minute % 60);
}

std::vector<std::string> header(Service& s, std::string_view locale) {
  std::vector<std::string> out;
  for (const char* column :
       {"id", "kind", "title", "nature", "domains", "province", "state", "assignee", "state_since",
        "due_at", "overdue", "findings", "round", "number"})
    out.push_back(s.texts.render(locale, "queues", std::string("export.column.") + column));
  return out;
}

std::string dictionary_word(Service& s, const char* dictionary, std::int64_t code,
                            std::string_view locale) {
  const DictionaryEntry* entry = s.reference.catalogue.dictionaries.find(dictionary, code);
  return entry ? label_in(entry->label, locale) : std::to_string(code);
}

std::vector<documents::TableCell> cells(Service& s, const store::QueueRow& row,
                                        std::string_view locale) {
  const json::object shown = show_queue_row(s, row, locale);
  std::vector<std::string> domains;
  for (const std::string& domain : row.domains) domains.push_back(unicode_domain(domain));
  const auto word = [&](const std::string& key) { return s.texts.render(locale, "queues", key); };
  return {id_to_string(row.id),  // as text: a spreadsheet's number keeps 15 digits
          word("export.kind." + std::string(to_string(row.kind))),
          std::string(shown.at("title").as_string()),
          dictionary_word(s, "natures", row.nature, locale),
          join(domains, " "),
          s.reference.catalogue.divisions.full_name(row.province, "", ""),
          std::string(shown.at("state_name").as_string()),
          row.assignee_name,
          moment(row.state_since),
          moment(row.due_at),
          row.overdue_since ? word("export.yes") : std::string(),
          row.findings,
          row.round,
          row.organiser_number};
}

}  // namespace

std::string export_queue(Service& s, const Staff& staff, store::QueueQuery query,
                         documents::TableFormat format, std::string_view locale) {
  documents::TableWriter table(format, "queue", header(s, locale));
  query.after.reset();
  query.limit = k_page;
  std::int64_t n = 0;
  for (bool more = true; more && n < k_export_at_most;) {
    const auto rows =
        s.db.read([&](Reader& reader) { return store::list_queue(reader, s.keys, query); });
    for (const store::QueueRow& row : rows) {
      if (n == k_export_at_most) break;
      table.add(cells(s, row, locale));
      ++n;
    }
    more = static_cast<int>(rows.size()) == k_page;
    if (more) query.after = store::place_of(rows.back());
  }
  s.db.write([&](Tx& tx) {
    record(s, tx, {"staff", staff.id}, "queue.exported", "",
           {{"queue", to_string(query.queue)},
            {"rows", n},
            {"format", format == documents::TableFormat::csv ? "csv" : "xlsx"}});
  });
  return table.finish();
}

}  // namespace beian::service
