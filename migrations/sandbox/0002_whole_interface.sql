-- Orders of every kind, the registry's life after the first publication, the SMS check, what the
-- officers give out, IP and domain filing.

-- operation: Czlx (1 new filing … 7 cancel website, 35 material). mark: Bs of its result. subject_id,
-- site_id and access_id: what it is about, when that is in the registry. before_xml: the filing as it
-- was when the order came. waiting_since: when an officer could first see it (after the SMS check).
-- state is also sms_pending. site_results: JSON, when websites of one order were decided apart.
ALTER TABLE orders ADD COLUMN operation BIGINT NOT NULL DEFAULT 1;
ALTER TABLE orders ADD COLUMN mark TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN site_id BIGINT;
ALTER TABLE orders ADD COLUMN access_id BIGINT;
ALTER TABLE orders ADD COLUMN before_xml BLOB;
ALTER TABLE orders ADD COLUMN waiting_since BIGINT;
ALTER TABLE orders ADD COLUMN site_results TEXT NOT NULL DEFAULT '';
UPDATE orders SET mark = CAST(isp_record AS TEXT), waiting_since = received_at;
CREATE INDEX orders_by_subject ON orders (subject_id, state);

-- A cancelled filing keeps its row, so that it is answered "cancelled" and not "unknown"; its
-- domains, accesses and claims go. last_site: the running number of its websites.
ALTER TABLE subjects ADD COLUMN last_site BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subjects ADD COLUMN changed_at BIGINT;
ALTER TABLE subjects ADD COLUMN cancelled_at BIGINT;
ALTER TABLE sites ADD COLUMN cancelled_at BIGINT;
UPDATE subjects SET
  last_site = (SELECT COUNT(*) FROM sites WHERE sites.subject_id = subjects.id),
  changed_at = published_at;

CREATE TABLE accesses (
  id BIGINT PRIMARY KEY,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  isp_id BIGINT NOT NULL
);
CREATE INDEX accesses_by_site ON accesses (site_id);
CREATE INDEX accesses_by_provider ON accesses (isp_id, site_id);
ALTER TABLE access_ips ADD COLUMN access_id BIGINT;
CREATE INDEX access_ips_by_access ON access_ips (access_id);

-- How each provider calls a record of the registry (IspZtid, IspWzid, IspYmid, IspJrid, IspIpid).
CREATE TABLE provider_ids (
  isp_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  bureau_id BIGINT NOT NULL,
  own_id BIGINT NOT NULL,
  subject_id BIGINT NOT NULL REFERENCES subjects (id),
  PRIMARY KEY (isp_id, kind, bureau_id)
);
CREATE INDEX provider_ids_by_own ON provider_ids (isp_id, kind, own_id);
CREATE INDEX provider_ids_by_subject ON provider_ids (subject_id, isp_id);
CREATE INDEX claims_by_subject ON claims (subject_id);

-- role: access (接入商) or domain (域名报备单位).
ALTER TABLE providers ADD COLUMN role TEXT NOT NULL DEFAULT 'access';

-- One code sent to one person for one order. last_six: of the certificate.
CREATE TABLE sms_checks (
  id BIGINT PRIMARY KEY,
  order_id BIGINT NOT NULL REFERENCES orders (id),
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  mobile TEXT NOT NULL,
  last_six TEXT NOT NULL,
  code TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  verified_at BIGINT
);
CREATE INDEX sms_checks_by_order ON sms_checks (order_id);
CREATE INDEX sms_checks_open ON sms_checks (mobile) WHERE verified_at IS NULL;

-- What officers give out and may want an answer to. kind: verification (HSRW), unfiled (WBAWZLB),
-- illegal_access (FFJRHMD), finding (HCJG), notice (XGTZ), blacklist (HMDLB), dictionary (JCDM),
-- synchronisation (SJTB). detail and answer: JSON for the console. key: what an answer names.
CREATE TABLE tasks (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  subject_id BIGINT,
  key TEXT NOT NULL,
  detail TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  answered_at BIGINT,
  answer TEXT NOT NULL
);
CREATE INDEX tasks_by_key ON tasks (kind, isp_id, key);

-- Entries of code tables the officers have added, renamed or withdrawn (valid 0). parent: of a
-- certificate type the nature that may show it.
CREATE TABLE dictionary_changes (
  list TEXT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  valid BIGINT NOT NULL,
  parent BIGINT NOT NULL,
  PRIMARY KEY (list, id)
);

-- IP filing. kind: source, allocation, broadcast, own. manner: Fpfs of an allocation. unit: source,
-- recipient or broadcasting unit. xml: the record alone, as an upload.
CREATE TABLE ip_records (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  own_id BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  manner BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  user_name TEXT NOT NULL,
  xml BLOB NOT NULL,
  filed_at BIGINT NOT NULL
);
CREATE INDEX ip_records_by_range ON ip_records (kind, first, last);
CREATE INDEX ip_records_by_provider ON ip_records (isp_id, kind);

-- Domain filing (YM).
CREATE TABLE ym_records (
  id BIGINT PRIMARY KEY,
  isp_id BIGINT NOT NULL,
  own_id BIGINT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  registrant TEXT NOT NULL,
  expires TEXT NOT NULL,
  xml BLOB NOT NULL,
  filed_at BIGINT NOT NULL
);
