// The six methods, as a provider calls them: who he is, whether it may be done now, and the answer.
#include <algorithm>
#include <chrono>
#include <thread>

#include "base/crypto.h"
#include "base/text.h"
#include "bureau/auth.h"
#include "bureau/gbk.h"
#include "bureau/soap.h"
#include "bureau/wire_limits.h"
#include "bureau/xml.h"
#include "sandbox/china_time.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

using bureau::Method;
using bureau::Return;

constexpr int k_other_error = 999;
constexpr Millis k_day = 24 * 60 * 60 * 1000;

Response xml_response(std::string body, int status = 200) {
  Response response{status, {}, std::move(body)};
  response.with("Content-Type", "text/xml; charset=utf-8");
  return response;
}

// One call with its parameters, the account it claims, and the settings of the moment.
struct CallContext {
  Db& db;
  const Dictionaries& dictionaries;
  const Province& province;
  const bureau::soap::Call& call;
  const Settings settings;
  const Millis now;
  Account account;

  // An answer with this code, in the ministry's words.
  template <typename R>
  R returned(int code, const std::string& more = "") const {
    const auto found = dictionaries.messages.find(code);
    R value;
    value.msg_code = code;
    value.msg = (found == dictionaries.messages.end() ? "" : found->second) + more;
    return value;
  }

  std::string text(std::string_view name) const {
    const auto* value = call.find(name);
    return value == nullptr ? std::string() : *value;
  }
  std::int64_t number(std::string_view name) const {
    return bureau::to_integer(text(name)).value_or(-1);
  }
  int small(std::string_view name) const {
    return static_cast<int>(std::clamp<std::int64_t>(number(name), -1, 1 << 20));
  }
};

// 0, or the code the caller is turned away with.
int authenticate(CallContext& context) {
  if (context.text("randVal").size() < bureau::k_random_characters) return 16;
  const Id isp_id = context.number("ispId");
  const auto account = context.db.read(
      [&](Reader& reader) { return find_account(reader, context.province.path, isp_id); });
  if (!account) {
    const bool elsewhere = context.db.read([&](Reader& reader) {
      return has_account_elsewhere(reader, context.province.path, isp_id);
    });
    return elsewhere ? 13 : 12;
  }
  if (context.text("userName") != account->user_name) return 4;
  const auto random = context.text("randVal");
  if (!bureau::to_gbk(random) ||
      !equal_in_constant_time(context.text("pwdHash"),
                              bureau::password_hash(account->password, random))) {
    return 5;
  }
  if (context.small("hashAlgorithm") != bureau::k_hash_md5) return 10;
  context.account = *account;
  return 0;
}

int minute_of(std::string_view clock) {
  return (clock[0] - '0') * 600 + (clock[1] - '0') * 60 + (clock[3] - '0') * 10 + (clock[4] - '0');
}

bool within_hours(const std::string& hours, Millis now) {
  if (hours.empty()) return true;
  const int from = minute_of(std::string_view(hours).substr(0, 5));
  const int until = minute_of(std::string_view(hours).substr(6));
  const int minute = china_minute_of_day(now);
  return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
}

std::vector<std::int64_t> numbers_between(std::int64_t first, std::int64_t beyond) {
  constexpr std::int64_t k_most_listed = 100;
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = first; n < std::min(beyond, first + k_most_listed); ++n) {
    numbers.push_back(n);
  }
  return numbers;
}

std::int64_t count_unprocessed(Reader& reader, const Account& account) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM uploads "
          "WHERE processed_at IS NULL AND province = $1 AND isp_id = $2",
          {account.province, account.isp_id})
      .value()
      .integer(0);
}

// Stores the file under its number, all in one transaction: what was answered 0 stays accepted.
bureau::UploadReturn accept(Tx& tx, const CallContext& context, std::int64_t sequence,
                            const bureau::Package& package, const std::string& file_name) {
  const auto account = find_account(tx, context.province.path, context.account.isp_id).value();
  const std::int64_t expected = account.last_sequence + 1;
  if (sequence > expected) {
    auto value = context.returned<bureau::UploadReturn>(14);
    value.missing = numbers_between(expected, sequence);
    return value;
  }
  if (sequence < expected && context.settings.repeated_sequence == "refuse") {
    return context.returned<bureau::UploadReturn>(k_other_error, "：数据序号已受理");
  }
  if (count_unprocessed(tx, account) >= context.settings.queue_limit) {
    return context.returned<bureau::UploadReturn>(15);
  }
  tx.execute(
      "INSERT INTO uploads (id, province, isp_id, sequence, file_name, encrypt_algorithm, info, "
      "hash, received_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')",
      {next_number(tx, "upload"), account.province, account.isp_id, sequence, file_name,
       std::int64_t{package.encrypt_algorithm}, package.info, package.hash, context.now});
  tx.execute(
      "UPDATE providers SET last_sequence = $3 "
      "WHERE province = $1 AND isp_id = $2 AND last_sequence < $3",
      {account.province, account.isp_id, sequence});
  return context.returned<bureau::UploadReturn>(0);
}

bureau::UploadReturn upload(const CallContext& context) {
  using R = bureau::UploadReturn;
  if (context.settings.upload_maintenance) return context.returned<R>(901);
  if (context.settings.uploads_closed) return context.returned<R>(19);
  if (!within_hours(context.settings.upload_hours, context.now)) {
    return context.returned<R>(20, context.settings.upload_hours);
  }
  const std::int64_t sequence = context.number("dataSequence");
  if (sequence < 1 || sequence > bureau::k_max_sequence) {
    return context.returned<R>(k_other_error, "：数据序号无效");
  }
  const bureau::Package package{context.small("encryptAlgorithm"), context.small("hashAlgorithm"),
                                context.small("compressionFormat"), context.text("beianInfo"),
                                context.text("beianInfoHash")};
  const auto unpacked = bureau::unpack(package, context.account.cipher);
  if (unpacked.fault != bureau::PackageFault::none) {
    return context.returned<R>(static_cast<int>(unpacked.fault));
  }
  return context.db.write(
      [&](Tx& tx) { return accept(tx, context, sequence, package, unpacked.file_name); });
}

std::string wrapped(const std::string& base64) {
  constexpr std::size_t k_columns = 76;
  std::string text;
  for (std::size_t i = 0; i < base64.size(); i += k_columns) {
    text += base64.substr(i, k_columns) + "\n";
  }
  return text;
}

struct WaitingFile {
  std::string name, xml;
  bool last = false;
};

std::optional<WaitingFile> oldest_file(Tx& tx, const Account& account) {
  const auto rows = tx.query(
      "SELECT id, name, xml FROM files WHERE acked_at IS NULL AND province = $1 AND isp_id = $2 "
      "ORDER BY id LIMIT 2",
      {account.province, account.isp_id});
  if (rows.empty()) return std::nullopt;
  tx.execute("UPDATE files SET served = served + 1 WHERE id = $1", {rows[0].integer(0)});
  return WaitingFile{rows[0].text(1), rows[0].blob(2), rows.size() == 1};
}

bureau::FileReturn download(const CallContext& context) {
  using R = bureau::FileReturn;
  if (context.settings.download_maintenance) return context.returned<R>(902);
  struct Found {
    std::optional<WaitingFile> file;
    bool spoilt = false;
  };
  const auto found = context.db.write([&](Tx& tx) {
    Found result{oldest_file(tx, context.account), false};
    if (result.file) result.spoilt = strike(tx, &Settings::wrong_hash);
    return result;
  });
  if (!found.file) return context.returned<R>(2);
  auto value = context.returned<R>(found.file->last ? 1 : context.settings.answers_zero ? 0 : 3);
  value.has_file = true;
  value.file_name = found.file->name;
  value.package = bureau::pack(
      found.file->xml, found.file->name,
      context.settings.encrypts_downloads ? std::optional(context.account.cipher) : std::nullopt);
  if (found.spoilt) value.package.hash = to_base64(bureau::md5("another content"));
  if (context.settings.wraps_base64) value.package.info = wrapped(value.package.info);
  return value;
}

Return acknowledge(const CallContext& context) {
  if (context.settings.download_maintenance) return context.returned<Return>(902);
  const auto name = context.text("fileName");
  if (name.empty()) return context.returned<Return>(21);
  return context.db.write([&](Tx& tx) {
    const auto row =
        tx.query_one("SELECT id FROM files WHERE province = $1 AND isp_id = $2 AND name = $3",
                     {context.account.province, context.account.isp_id, name});
    if (!row) return context.returned<Return>(k_other_error, "：没有这个文件");
    if (strike(tx, &Settings::forgets_ack)) return context.returned<Return>(0);
    tx.execute("UPDATE files SET acked_at = $2 WHERE id = $1 AND acked_at IS NULL",
               {row->integer(0), context.now});
    return context.returned<Return>(0);
  });
}

bureau::FileReturn previous_upload(const CallContext& context) {
  auto value = context.returned<bureau::FileReturn>(0);
  value.sequence = context.account.last_sequence;
  const auto row = context.db.read([&](Reader& reader) {
    return reader.query_one(
        "SELECT file_name, encrypt_algorithm, info, hash, sequence FROM uploads "
        "WHERE province = $1 AND isp_id = $2 ORDER BY id DESC LIMIT 1",
        {context.account.province, context.account.isp_id});
  });
  if (!row) return value;
  value.has_file = true;
  value.file_name = row->text(0);
  value.package.encrypt_algorithm = static_cast<int>(row->integer(1));
  value.package.info = row->text(2);
  value.package.hash = row->text(3);
  value.sequence = row->integer(4);
  return value;
}

bureau::StatusReturn query_status(const CallContext& context) {
  auto value = context.returned<bureau::StatusReturn>(0);
  value.condition_type = context.small("queryConditionType");
  value.condition = context.text("queryCondition");
  if (value.condition_type < 0 || value.condition_type > 98 || value.condition.size() < 4 ||
      count_characters(value.condition) > 255) {
    return context.returned<bureau::StatusReturn>(k_other_error, "：查询条件无效");
  }
  value.has_status = true;
  context.db.read([&](Reader& reader) {
    if (value.condition_type == 0) {
      const auto row = reader.query_one(
          "SELECT subjects.number, sites.number, sites.name FROM domains "
          "JOIN sites ON sites.id = domains.site_id "
          "JOIN subjects ON subjects.id = sites.subject_id WHERE domains.name = $1",
          {domain_claim(value.condition)});
      if (!row) return;
      value.filed = true;
      value.organiser_number = row->text(0);
      value.site_number = row->text(1);
      value.site_name = row->text(2);
      return;
    }
    const auto row = reader.query_one(
        "SELECT subjects.number FROM claims JOIN subjects ON subjects.id = claims.subject_id "
        "WHERE claims.kind = 'certificate' AND claims.value = $1",
        {certificate_claim(value.condition_type, value.condition)});
    if (!row) return;
    value.filed = true;
    value.organiser_number = row->text(0);
  });
  return value;
}

// The password may come plain or as the hex of its MD5: V3.0 does not say which.
bool password_fits(const std::string& given, const std::string& right) {
  return equal_in_constant_time(given, right) ||
         equal_in_constant_time(to_lower_ascii(given), bureau::filing_password_hash(right));
}

bureau::PasswordReturn verify_password(const CallContext& context) {
  const auto number = context.text("baxh");
  const auto organiser = number.substr(0, number.rfind('-'));
  return context.db.write([&](Tx& tx) {
    const auto tries =
        tx.query_one("SELECT COUNT(*) FROM password_tries WHERE number = $1 AND tried_at > $2",
                     {organiser, context.now - k_day});
    if (tries->integer(0) >= context.settings.password_tries) {
      auto value = context.returned<bureau::PasswordReturn>(22);
      const auto hole = value.msg.find('X');  // the ministry's text leaves the number open
      if (hole != std::string::npos) {
        value.msg.replace(hole, 1, std::to_string(context.settings.password_tries));
      }
      return value;
    }
    const auto row = tx.query_one(
        "SELECT password FROM subjects WHERE number = $1 AND cancelled_at IS NULL", {organiser});
    auto value = context.returned<bureau::PasswordReturn>(0);
    value.correct = row && !row->is_null(0) && password_fits(context.text("bamm"), row->text(0));
    if (!*value.correct) {
      tx.execute("INSERT INTO password_tries (id, number, tried_at) VALUES ($1, $2, $3)",
                 {next_number(tx, "try"), organiser, context.now});
    }
    return value;
  });
}

std::string run(Method method, CallContext& context) {
  if (const int code = authenticate(context); code != 0) {
    return bureau::to_xml(context.returned<Return>(code));
  }
  switch (method) {
    case Method::upload:
      return bureau::to_xml(upload(context));
    case Method::download:
      return bureau::to_xml(download(context));
    case Method::download_ack:
      return bureau::to_xml(acknowledge(context));
    case Method::previous_upload:
      return bureau::to_xml(previous_upload(context));
    case Method::query_status:
      return bureau::to_xml(query_status(context));
    case Method::verify_password:
      break;
  }
  return bureau::to_xml(verify_password(context));
}

// The address this service was asked at, for the WSDL; an odd Host is not repeated.
std::string location(const Request& request) {
  const auto host = request.header("host").value_or("");
  const bool plain =
      !host.empty() && host.size() < 256 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
      });
  return "http://" + (plain ? host : std::string("localhost")) + request.path;
}

Response wsdl(bureau::ServicePath which, const Settings& settings, const Request& request) {
  const std::string_view path = bureau::path(which);
  bureau::soap::Service service{std::string(path.substr(path.find('/') + 1)),
                                std::string(bureau::soap::k_namespace),
                                location(request),
                                {}};
  for (const auto& method : bureau::methods()) {
    if (method.service != which) continue;
    bureau::soap::Operation operation;
    operation.parts = method.parts;
    if (settings.publishes_upper_id && method.method != Method::previous_upload) {
      operation.parts[0].first = "ispID";
    }
    service.operations[std::string(method.name)] = std::move(operation);
  }
  return xml_response(bureau::soap::build_wsdl(service));
}

bool asks_for_wsdl(const Request& request) {
  return std::any_of(request.query.begin(), request.query.end(),
                     [](const auto& entry) { return to_lower_ascii(entry.first) == "wsdl"; });
}

}  // namespace

Response Sandbox::Inside::service(const Province& of, bureau::ServicePath which,
                                  const Request& request) {
  const Settings settings = db.read([](Reader& reader) { return read_settings(reader); });
  if (request.method == "GET" && asks_for_wsdl(request)) return wsdl(which, settings, request);
  if (request.method != "POST") {
    return xml_response(bureau::soap::build_fault("POST a call, or GET ?wsdl"), 405);
  }
  if (settings.slow_ms > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(settings.slow_ms));
  }
  const auto struck = [&](std::int64_t Settings::*fault) {
    return settings.*fault != 0 && db.write([&](Tx& tx) { return strike(tx, fault); });
  };
  if (struck(&Settings::drop_before)) return Response{k_drop_connection, {}, ""};
  const auto call = bureau::soap::parse_call(request.body);
  const auto method = call ? bureau::method_from_name(call->method) : std::nullopt;
  if (!method || bureau::info(*method).service != which) {
    return xml_response(bureau::soap::build_fault("no such method"), 500);
  }
  const Millis now = clock.now() + settings.clock_offset_minutes * 60'000;
  CallContext context{db, setup.dictionaries, of, *call, settings, now, {}};
  const std::string answer = run(*method, context);
  if (*method == Method::upload && struck(&Settings::drop_after_store)) {
    return Response{k_drop_connection, {}, ""};
  }
  if (struck(&Settings::garbage)) {
    Response page{200, {}, "<html><body>系统繁忙</body></html>"};
    page.with("Content-Type", "text/html; charset=utf-8");
    return page;
  }
  return xml_response(bureau::soap::build_answer(bureau::soap::k_namespace, call->method, answer));
}

}  // namespace beian::sandbox
