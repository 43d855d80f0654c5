#include "sandbox/domain_filing.h"

#include "bureau/codec_v30.h"
#include "sandbox/china_time.h"
#include "sandbox/contact.h"

namespace beian::sandbox {
namespace {

using bureau::DomainParty;
using bureau::DomainRecord;
using bureau::RecordChange;

class Filing {
 public:
  Filing(Tx& tx, const Situation& s, bool is_domain_unit, std::vector<bureau::DomainResult>& answer)
      : tx_(tx), s_(s), is_domain_unit_(is_domain_unit), answer_(answer) {}

  void add(const DomainRecord& one) {
    if (begin()) check(one, 0);
    Id id = 0;
    if (codes_.empty()) {
      id = next_number(tx_, "Ymbaid", k_first_record);
      write(one, id);
    }
    finish(RecordChange::add, id, one.isp_id);
  }

  void change(DomainRecord one) {
    if (begin() && require_own(one.bureau_id)) check(one, one.bureau_id);
    if (codes_.empty()) {
      one.isp_id = own_id(one.bureau_id);
      tx_.execute("DELETE FROM ym_records WHERE id = $1", {one.bureau_id});
      write(one, one.bureau_id);
    }
    finish(RecordChange::change, one.bureau_id, 0);
  }

  void remove(const bureau::DomainDeletion& one) {
    Id id = one.bureau_id;
    if (begin()) {
      if (id == 0) {
        const auto row =
            tx_.query_one("SELECT id FROM ym_records WHERE name = $1", {domain_claim(one.name)});
        id = row ? row->integer(0) : 0;
      }
      if (require_own(id)) tx_.execute("DELETE FROM ym_records WHERE id = $1", {id});
    }
    finish(RecordChange::remove, id, 0);
  }

 private:
  bool begin() {
    codes_.clear();
    if (!is_domain_unit_) fail(3036);
    return is_domain_unit_;
  }

  void fail(std::int64_t code, const std::string& about = "") {
    codes_.push_back(result_code(s_.dictionaries, code, about));
  }

  void finish(RecordChange change, Id bureau_id, Id isp_id) {
    if (codes_.empty()) fail(3998);
    bureau::DomainResult result;
    result.codes = std::move(codes_);
    result.record_change = static_cast<std::int64_t>(change);
    result.bureau_id = bureau_id;
    result.isp_id = isp_id;
    answer_.push_back(std::move(result));
  }

  bool require_own(Id id) {
    const auto row = tx_.query_one("SELECT isp_id FROM ym_records WHERE id = $1", {id});
    if (!row) fail(3999, "没有这个域名的备案");
    if (row && row->integer(0) != s_.isp_id) fail(3037);
    return codes_.empty();
  }

  Id own_id(Id id) {
    return tx_.query_one("SELECT own_id FROM ym_records WHERE id = $1", {id})->integer(0);
  }

  void party(const DomainParty& party, std::int64_t region, std::int64_t email,
             std::int64_t phone) {
    const auto province = party.province.value_or(0);
    if (province != 0 && party.city.value_or(0) / 10000 != province / 10000) fail(region);
    if (!party.email.empty() && !is_email_list(party.email)) fail(email);
    if (!party.phone.empty() && !is_phone(party.phone)) fail(phone);
  }

  void check(const DomainRecord& one, Id self) {
    if (!is_domain(one.name)) fail(3999, "域名格式错误");
    if (tx_.query_one("SELECT 1 FROM ym_records WHERE name = $1 AND id <> $2",
                      {domain_claim(one.name), self})) {
      fail(3999, "该域名已经报备");
    }
    if (s_.dictionaries.domain_kinds.count(one.kind) == 0) fail(3001);
    const std::string today = china_date(s_.now);
    if (!is_date(one.registered)) {
      fail(3031);
    } else if (one.registered > today) {
      fail(3035);
    }
    if (!is_date(one.expires)) {
      fail(3032);
    } else if (one.expires < today) {
      fail(3004);
    }
    party(one.registrant, 3028, 3013, 3015);
    party(one.administrator, 3029, 3022, 3024);
    party(one.payer, 3030, 3034, 3033);
  }

  void write(const DomainRecord& one, Id id) {
    bureau::Upload alone;
    alone.domains.added = {one};
    alone.unit = s_.isp_id;
    tx_.execute(
        "INSERT INTO ym_records (id, isp_id, own_id, name, registrant, expires, xml, filed_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {id, s_.isp_id, one.isp_id, domain_claim(one.name), one.registrant.name, one.expires,
         Blob{bureau::v30::encode(alone).xml}, s_.now});
  }

  Tx& tx_;
  const Situation& s_;
  const bool is_domain_unit_;
  std::vector<bureau::DomainResult>& answer_;
  std::vector<bureau::ResultCode> codes_;  // of the record in hand
};

}  // namespace

void file_domains(Tx& tx, const Situation& situation, bool is_domain_unit,
                  const bureau::DomainUpload& upload, std::vector<bureau::DomainResult>& answer) {
  Filing filing(tx, situation, is_domain_unit, answer);
  for (const auto& one : upload.deleted) filing.remove(one);
  for (const auto& one : upload.changed) filing.change(one);
  for (const auto& one : upload.added) filing.add(one);
}

std::vector<DomainRecord> filed_domains(Reader& reader, Id isp_id) {
  std::vector<DomainRecord> all;
  for (const auto& row :
       reader.query("SELECT id, xml FROM ym_records WHERE isp_id = $1 ORDER BY id", {isp_id})) {
    for (auto& one : bureau::v30::decode_upload(row.blob(1)).value.domains.added) {
      one.bureau_id = row.integer(0);
      all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace beian::sandbox
