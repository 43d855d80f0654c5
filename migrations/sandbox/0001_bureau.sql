-- The reference bureau's own registry: one database for all its provinces. It holds invented data
-- only and keeps it in clear, secrets of the connection included.

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Last number given, per kind: record ids, filing numbers of a province and year, files.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE providers (
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  user_name TEXT NOT NULL,
  password TEXT NOT NULL,
  cipher_key TEXT NOT NULL,
  cipher_iv TEXT NOT NULL,
  last_sequence BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (province, isp_id)
);

-- Every file accepted by isp_upload, as it was sent.
CREATE TABLE uploads (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  encrypt_algorithm INTEGER NOT NULL,
  info TEXT NOT NULL,
  hash TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  processed_at BIGINT,
  outcome TEXT NOT NULL
);
CREATE INDEX uploads_by_sequence ON uploads (province, isp_id, sequence);
CREATE INDEX uploads_waiting ON uploads (id) WHERE processed_at IS NULL;

-- One record of an upload. state: pending, returned (by the machine), passed, refused (by an officer).
CREATE TABLE orders (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  upload_id BIGINT NOT NULL,
  isp_record BIGINT NOT NULL,
  state TEXT NOT NULL,
  organiser_name TEXT NOT NULL,
  domains TEXT NOT NULL,
  xml BLOB NOT NULL,
  received_at BIGINT NOT NULL,
  decided_at BIGINT,
  codes TEXT NOT NULL,
  opinion TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  subject_id BIGINT
);
CREATE INDEX orders_by_state ON orders (state, id);
CREATE INDEX orders_by_record ON orders (isp_id, isp_record);

-- What a filing, or an order in flight, occupies: nobody else may file the same.
CREATE TABLE claims (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  subject_id BIGINT
);
CREATE INDEX claims_by_value ON claims (kind, value);
CREATE INDEX claims_by_order ON claims (order_id);

CREATE TABLE subjects (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  nature BIGINT,
  password TEXT,
  xml BLOB NOT NULL,
  published_at BIGINT NOT NULL
);
CREATE INDEX subjects_by_name ON subjects (name);

CREATE TABLE sites (
  id BIGINT PRIMARY KEY,
  subject_id BIGINT NOT NULL REFERENCES subjects (id),
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  home_url TEXT NOT NULL
);
CREATE INDEX sites_by_subject ON sites (subject_id);

CREATE TABLE domains (
  id BIGINT PRIMARY KEY,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  name TEXT NOT NULL UNIQUE
);
CREATE INDEX domains_by_site ON domains (site_id);

CREATE TABLE access_ips (
  id BIGINT PRIMARY KEY,
  isp_id BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL
);
CREATE INDEX access_ips_by_range ON access_ips (first, last);

-- Files waiting to be downloaded, or downloaded and acknowledged.
CREATE TABLE files (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  isp_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  xml BLOB NOT NULL,
  created_at BIGINT NOT NULL,
  served BIGINT NOT NULL,
  acked_at BIGINT
);
CREATE UNIQUE INDEX files_by_name ON files (province, isp_id, name);
CREATE INDEX files_waiting ON files (province, isp_id, id) WHERE acked_at IS NULL;

CREATE TABLE blacklist (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, value)
);

CREATE TABLE ip_library (
  isp_id BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (isp_id, first, last)
);

CREATE TABLE password_tries (
  id BIGINT PRIMARY KEY,
  number TEXT NOT NULL,
  tried_at BIGINT NOT NULL
);
CREATE INDEX password_tries_by_number ON password_tries (number, tried_at);
