#include "sandbox/ip_filing.h"

#include <algorithm>

#include "bureau/codec_v30.h"
#include "sandbox/contact.h"

namespace beian::sandbox {
namespace {

using bureau::IpAllocation;
using bureau::IpBroadcast;
using bureau::IpRecords;
using bureau::IpResult;
using bureau::IpSource;
using bureau::IpState;
using bureau::OwnIps;
using bureau::RecordChange;

// What the four kinds of record differ in: their place in a message and in an answer, and the unit
// each names.
template <typename T>
struct Kind;
template <>
struct Kind<IpSource> {
  static constexpr const char* name = "source";
  static constexpr auto records = &IpRecords::sources;
  static constexpr auto results = &bureau::IpDownload::sources;
  static constexpr auto deletions = &bureau::IpDeletions::sources;
  static Id unit(const IpSource& one) { return one.source_unit; }
  static std::int64_t manner(const IpSource&) { return 0; }
  static std::string user(const IpSource&) { return ""; }
};
template <>
struct Kind<IpAllocation> {
  static constexpr const char* name = "allocation";
  static constexpr auto records = &IpRecords::allocations;
  static constexpr auto results = &bureau::IpDownload::allocations;
  static constexpr auto deletions = &bureau::IpDeletions::allocations;
  static Id unit(const IpAllocation& one) { return one.allotted_to; }
  static std::int64_t manner(const IpAllocation& one) { return one.state; }
  static std::string user(const IpAllocation& one) { return one.use.unit_name; }
};
template <>
struct Kind<IpBroadcast> {
  static constexpr const char* name = "broadcast";
  static constexpr auto records = &IpRecords::broadcasts;
  static constexpr auto results = &bureau::IpDownload::broadcasts;
  static constexpr auto deletions = &bureau::IpDeletions::broadcasts;
  static Id unit(const IpBroadcast& one) { return one.applicant; }
  static std::int64_t manner(const IpBroadcast&) { return 0; }
  static std::string user(const IpBroadcast&) { return ""; }
};
template <>
struct Kind<OwnIps> {
  static constexpr const char* name = "own";
  static constexpr auto records = &IpRecords::own;
  static constexpr auto results = &bureau::IpDownload::own;
  static constexpr auto deletions = &bureau::IpDeletions::own;
  static Id unit(const OwnIps& one) { return one.source_unit; }
  static std::int64_t manner(const OwnIps&) { return 0; }
  static std::string user(const OwnIps& one) { return one.use.unit_name; }
};

class Filing {
 public:
  Filing(Tx& tx, const Setup& setup, const Situation& s, bureau::IpDownload& answer)
      : tx_(tx), setup_(setup), s_(s), answer_(answer) {}

  template <typename T>
  void add(const std::vector<T>& records) {
    for (const auto& one : records) {
      IpResult result;
      result.record_change = static_cast<std::int64_t>(RecordChange::add);
      result.isp_id = one.ids.isp_id;
      codes_.clear();
      if (is_known(Kind<T>::name, one.ids.isp_id)) fail(2049);
      check(one, 0);
      if (codes_.empty()) {
        result.bureau_id = next_number(tx_, "IpId", k_first_record);
        write(one, result.bureau_id);
      }
      finish<T>(std::move(result));
    }
  }

  template <typename T>
  void change(const std::vector<T>& records) {
    for (const auto& one : records) {
      codes_.clear();
      if (require_own(Kind<T>::name, one.ids.bureau_id)) check(one, one.ids.bureau_id);
      if (codes_.empty()) rewrite(one);
      finish<T>(result_of(RecordChange::change, one.ids.bureau_id));
    }
  }

  template <typename T>
  void remove(const bureau::IpDeletions& deletions) {
    for (const auto id : deletions.*Kind<T>::deletions) {
      codes_.clear();
      if (require_own(Kind<T>::name, id)) {
        tx_.execute("DELETE FROM ip_records WHERE id = $1", {id});
      }
      finish<T>(result_of(RecordChange::remove, id));
    }
  }

 private:
  static IpResult result_of(RecordChange change, Id id) {
    IpResult result;
    result.record_change = static_cast<std::int64_t>(change);
    result.bureau_id = id;
    return result;
  }

  void fail(std::int64_t code, std::vector<bureau::IpRelated> related = {}) {
    auto text = result_code(s_.dictionaries, code).text;
    codes_.push_back({code, std::move(text), std::move(related)});
  }

  template <typename T>
  void finish(IpResult result) {
    if (codes_.empty()) fail(2998);
    result.codes = std::move(codes_);
    codes_.clear();
    (answer_.*Kind<T>::results).push_back(std::move(result));
  }

  bool is_known(const char* kind, Id own_id) {
    return tx_
        .query_one("SELECT 1 FROM ip_records WHERE isp_id = $1 AND kind = $2 AND own_id = $3",
                   {s_.isp_id, kind, own_id})
        .has_value();
  }

  bool require_own(const char* kind, Id id) {
    const auto row =
        tx_.query_one("SELECT isp_id FROM ip_records WHERE id = $1 AND kind = $2", {id, kind});
    if (!row) fail(2055);
    if (row && row->integer(0) != s_.isp_id) fail(2054);
    return codes_.empty();
  }

  bool knows_unit(Id id) {
    return std::any_of(setup_.units.begin(), setup_.units.end(),
                       [&](const auto& unit) { return unit.id == id; }) ||
           tx_.query_one("SELECT 1 FROM providers WHERE isp_id = $1 LIMIT 1", {id}).has_value();
  }
  bool is_carrier(Id id) const {
    return std::any_of(setup_.units.begin(), setup_.units.end(),
                       [&](const auto& unit) { return unit.carrier && unit.id == id; });
  }

  // False when there is no sense in looking further.
  bool range(std::uint32_t first, std::uint32_t last) {
    if (first == 0) fail(2006);
    if (last == 0) fail(2007);
    if (first > last) fail(2002);
    return first != 0 && first <= last;
  }

  // Records of the kind that overlap these addresses; of this provider, or of the others.
  std::vector<bureau::IpRelated> overlapping(const char* kind, std::uint32_t first,
                                             std::uint32_t last, Id but, bool own) {
    std::vector<bureau::IpRelated> related;
    for (const auto& row : tx_.query(
             "SELECT id, own_id, first, last FROM ip_records WHERE kind = $1 AND first <= $3 "
             "AND last >= $2 AND id <> $4 AND (isp_id = $5) = ($6 = 1) ORDER BY first LIMIT 20",
             {kind, static_cast<std::int64_t>(first), static_cast<std::int64_t>(last), but,
              s_.isp_id, std::int64_t{own ? 1 : 0}})) {
      // Another provider's own id is nobody's business.
      related.push_back({row.integer(0), own ? row.integer(1) : 0,
                         static_cast<std::uint32_t>(row.integer(2)),
                         static_cast<std::uint32_t>(row.integer(3)), ""});
    }
    return related;
  }

  // Whether this provider's sources cover all of it, each perhaps a part.
  bool has_source(std::uint32_t first, std::uint32_t last) {
    std::int64_t next = first;
    for (const auto& row : tx_.query(
             "SELECT first, last FROM ip_records WHERE isp_id = $1 AND kind = 'source' "
             "AND first <= $3 AND last >= $2 ORDER BY first",
             {s_.isp_id, static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)})) {
      if (row.integer(0) > next) return false;
      next = std::max(next, row.integer(1) + 1);
    }
    return next > last;
  }

  void source_unit(Id unit) {
    if (unit == s_.isp_id) return fail(2052);
    if (!knows_unit(unit)) fail(2029);
  }

  void use(const bureau::IpUse& use, bool by_customer) {
    if (!use.method) fail(2032);
    if (use.method && (*use.method < 1 || *use.method > 3)) fail(2021);
    if (!is_date(use.since)) fail(2030);
    if (!by_customer) return;
    if (use.unit_name.empty()) fail(2031);
    if (!use.nature) fail(2034);
    if (use.nature && s_.dictionaries.natures.count(*use.nature) == 0) fail(2019);
    if (use.address.province == 0) fail(2037);
    if (!use.address.city) fail(2038);
    if (use.address.city && *use.address.city / 10000 != use.address.province / 10000) fail(2011);
    if (use.address.detail.empty()) fail(2036);
    if (use.contact_name.empty()) fail(2040);
    if (use.contact_phone.empty()) fail(2039);
    if (!use.contact_phone.empty() && !is_phone(use.contact_phone)) fail(2012);
    if (use.contact_email.empty()) fail(2042);
    if (!use.contact_email.empty() && !is_email_list(use.contact_email)) fail(2013);
  }

  void check(const IpSource& one, Id self) {
    if (!range(one.first, one.last)) return;
    source_unit(one.source_unit);
    taken(Kind<IpSource>::name, one.first, one.last, self, 2003);
  }

  void check(const IpAllocation& one, Id self) {
    if (!range(one.first, one.last)) return;
    if (!has_source(one.first, one.last)) fail(2005);
    auto own = overlapping(Kind<IpAllocation>::name, one.first, one.last, self, true);
    if (!own.empty()) fail(2003, std::move(own));
    switch (static_cast<IpState>(one.state)) {
      case IpState::allotted_and_used:
        return use(one.use, true);
      case IpState::allotted_on:
        if (one.allotted_to == 0) return fail(2047);
        if (one.allotted_to == s_.isp_id) return fail(2050);
        if (!knows_unit(one.allotted_to)) fail(2048);
        return;
      case IpState::own_use:
        return use(one.use, false);
      case IpState::reserved:
        return;
    }
    fail(2041);
  }

  void check(const OwnIps& one, Id self) {
    if (!range(one.first, one.last)) return;
    if (one.source_unit != 0) {
      source_unit(one.source_unit);
    } else if (one.source_name.empty()) {
      fail(2045);
    }
    use(one.use, true);
    taken(Kind<OwnIps>::name, one.first, one.last, self, 2003);
  }

  void check(const IpBroadcast& one, Id self) {
    if (!range(one.first, one.last)) return;
    if (!is_carrier(s_.isp_id)) fail(2051);
    if (!is_carrier(one.broadcaster)) fail(2017);
    if (!knows_unit(one.applicant)) fail(2018);
    if (one.broadcaster == one.applicant) fail(2053);
    auto known = overlapping(Kind<IpBroadcast>::name, one.first, one.last, self, true);
    if (!known.empty()) fail(2004, std::move(known));
  }

  // Overlaps with what this provider has filed itself, then with the others.
  void taken(const char* kind, std::uint32_t first, std::uint32_t last, Id self,
             std::int64_t code) {
    auto own = overlapping(kind, first, last, self, true);
    if (!own.empty()) fail(code, std::move(own));
    auto others = overlapping(kind, first, last, self, false);
    if (!others.empty()) fail(2056, std::move(others));
  }

  template <typename T>
  std::string document(const T& one) {
    bureau::Upload alone;
    (alone.ip.added.*Kind<T>::records).push_back(one);
    alone.unit = s_.isp_id;
    return bureau::v30::encode(alone).xml;
  }

  template <typename T>
  void write(const T& one, Id id) {
    tx_.execute(
        "INSERT INTO ip_records (id, province, isp_id, kind, own_id, first, last, manner, unit, "
        "user_name, xml, filed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        {id, s_.province.path, s_.isp_id, Kind<T>::name, one.ids.isp_id,
         static_cast<std::int64_t>(one.first), static_cast<std::int64_t>(one.last),
         Kind<T>::manner(one), Kind<T>::unit(one), Kind<T>::user(one), Blob{document(one)},
         s_.now});
  }

  // Keeps the id the provider gave it when it was new.
  template <typename T>
  void rewrite(T one) {
    const auto row =
        tx_.query_one("SELECT own_id FROM ip_records WHERE id = $1", {one.ids.bureau_id});
    one.ids.isp_id = row->integer(0);
    tx_.execute("DELETE FROM ip_records WHERE id = $1", {one.ids.bureau_id});
    write(one, one.ids.bureau_id);
  }

  Tx& tx_;
  const Setup& setup_;
  const Situation& s_;
  bureau::IpDownload& answer_;
  std::vector<bureau::IpResultCode> codes_;  // of the record in hand
};

template <typename T>
void collect(IpRecords& into, const IpRecords& from, Id id, Id reporter) {
  for (auto one : from.*Kind<T>::records) {
    one.ids.bureau_id = id;
    one.ids.reporter = reporter;
    (into.*Kind<T>::records).push_back(std::move(one));
  }
}

}  // namespace

void file_ips(Tx& tx, const Setup& setup, const Situation& situation,
              const bureau::IpUpload& upload, bureau::IpDownload& answer) {
  Filing filing(tx, setup, situation, answer);
  filing.remove<IpAllocation>(upload.deleted);
  filing.remove<OwnIps>(upload.deleted);
  filing.remove<IpBroadcast>(upload.deleted);
  filing.remove<IpSource>(upload.deleted);
  filing.change(upload.changed.sources);
  filing.change(upload.changed.allocations);
  filing.change(upload.changed.own);
  filing.change(upload.changed.broadcasts);
  // Sources first: what is allotted from them may come in the same file.
  filing.add(upload.added.sources);
  filing.add(upload.added.allocations);
  filing.add(upload.added.own);
  filing.add(upload.added.broadcasts);
}

IpRecords filed_ips(Reader& reader, Id isp_id) {
  IpRecords all;
  for (const auto& row :
       reader.query("SELECT id, xml FROM ip_records WHERE isp_id = $1 ORDER BY id", {isp_id})) {
    const auto added = bureau::v30::decode_upload(row.blob(1)).value.ip.added;
    collect<IpSource>(all, added, row.integer(0), isp_id);
    collect<IpAllocation>(all, added, row.integer(0), isp_id);
    collect<IpBroadcast>(all, added, row.integer(0), isp_id);
    collect<OwnIps>(all, added, row.integer(0), isp_id);
  }
  return all;
}

}  // namespace beian::sandbox
