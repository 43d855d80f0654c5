-- One text for SQLite and PostgreSQL (BLOB is read as BYTEA there). Times are milliseconds; ids are
-- made by the program. Columns named *_sealed hold AES-256-GCM ciphertext whose context is
-- "<table>.<column>/<id>"; columns named *_lookup hold a keyed hash of the normalised value.

CREATE TABLE accounts (
  id BIGINT PRIMARY KEY,
  email_lookup BLOB NOT NULL UNIQUE,
  email_sealed BLOB NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  display_name TEXT NOT NULL,
  state TEXT NOT NULL,            -- pending, active, disabled
  locale TEXT NOT NULL,
  consent TEXT NOT NULL,          -- version of the privacy notice agreed to
  created_at BIGINT NOT NULL
);

-- Wrong passwords by keyed hash of address, or of address and network: kept for addresses without an
-- account too, so that a lock tells nothing.
CREATE TABLE login_failures (
  lookup BLOB PRIMARY KEY,
  failed INTEGER NOT NULL,
  first_at BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);

CREATE TABLE account_tokens (
  token_hash BLOB PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  purpose TEXT NOT NULL,          -- activate, reset
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE sessions (
  id_hash BLOB PRIMARY KEY,
  id BIGINT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  csrf TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  device TEXT NOT NULL,
  ip TEXT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions(account_id);

CREATE TABLE products (
  id BIGINT PRIMARY KEY,
  instance TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,             -- server, virtual_host
  region TEXT NOT NULL,
  host_name TEXT,
  term_from TEXT NOT NULL,        -- YYYY-MM-DD
  term_until TEXT NOT NULL,
  slots INTEGER NOT NULL,
  slots_used INTEGER NOT NULL,
  owner_lookup BLOB NOT NULL,     -- of the owner's e-mail, who may not have an account yet
  CHECK (slots_used >= 0 AND slots_used <= slots)
);
CREATE INDEX products_by_owner ON products(owner_lookup);
CREATE UNIQUE INDEX products_by_host ON products(host_name);

CREATE TABLE product_ips (
  ip TEXT NOT NULL,
  product_id BIGINT NOT NULL REFERENCES products(id),
  PRIMARY KEY (ip, product_id)
);
CREATE INDEX product_ips_by_product ON product_ips(product_id);

CREATE TABLE service_codes (
  id BIGINT PRIMARY KEY,
  code_hash BLOB NOT NULL UNIQUE,
  masked TEXT NOT NULL,
  product_id BIGINT NOT NULL REFERENCES products(id),
  for_lookup BLOB NOT NULL,       -- of the e-mail of the account it is meant for
  issued_by BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  spent_filing BIGINT,
  spent_site TEXT
);
CREATE INDEX service_codes_by_product ON service_codes(product_id);

CREATE TABLE filings (
  id BIGINT PRIMARY KEY,          -- also IspZtid towards the bureau
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,        -- content or state changed
  revision BIGINT NOT NULL,       -- anything that a page shows changed
  province TEXT NOT NULL,
  nature INTEGER NOT NULL,
  turn TEXT NOT NULL,
  form_version TEXT NOT NULL,
  content_sealed BLOB NOT NULL,
  title_sealed BLOB NOT NULL,
  organiser_lookup BLOB NOT NULL, -- certificate type and number
  round INTEGER NOT NULL,         -- how often it was submitted
  assignee_id BIGINT,
  assigned_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  state_since BIGINT NOT NULL,
  due_at BIGINT,
  organiser_number TEXT,
  password_sealed BLOB,
  approved_at BIGINT
);
CREATE INDEX filings_by_account ON filings(account_id, updated_at);
CREATE INDEX filings_by_state ON filings(state, state_since, id);
CREATE INDEX filings_by_age ON filings(state_since, id);
CREATE INDEX filings_unassigned ON filings(state, state_since, id) WHERE assignee_id IS NULL;
CREATE INDEX filings_by_assignee ON filings(assignee_id, state_since, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX filings_due ON filings(turn, due_at, id) WHERE due_at IS NOT NULL;
-- The one running order of an organiser; the query says the same words (store/filings.cc).
CREATE INDEX filings_under_way ON filings(organiser_lookup)
  WHERE state NOT IN ('draft', 'approved', 'withdrawn', 'expired');

CREATE TABLE filing_sites (
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  site_key TEXT NOT NULL,
  ord INTEGER NOT NULL,
  domain TEXT NOT NULL,           -- registrable, A-label form; empty until typed
  active INTEGER NOT NULL,        -- 1 from submit until the filing ends
  isp_site_id BIGINT NOT NULL UNIQUE,
  isp_domain_id BIGINT NOT NULL UNIQUE,
  isp_access_id BIGINT NOT NULL UNIQUE,
  isp_ip_base BIGINT NOT NULL UNIQUE,
  number TEXT,
  PRIMARY KEY (filing_id, site_key)
);
CREATE INDEX filing_sites_by_domain ON filing_sites(domain);
CREATE UNIQUE INDEX filing_sites_active_domain ON filing_sites(domain) WHERE active = 1;

CREATE TABLE slots (
  filing_id BIGINT NOT NULL,
  site_key TEXT NOT NULL,
  product_id BIGINT NOT NULL REFERENCES products(id),
  code_id BIGINT,
  taken_at BIGINT NOT NULL,
  PRIMARY KEY (filing_id, site_key)
);

CREATE TABLE snapshots (
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  round INTEGER NOT NULL,
  content_sealed BLOB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (filing_id, round)
);

CREATE TABLE events (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  actor_id BIGINT,
  action TEXT NOT NULL,           -- of the life cycle, or claim, upload, call, …
  from_state TEXT,
  to_state TEXT,
  detail_sealed BLOB
);
CREATE INDEX events_by_filing ON events(filing_id, id);

CREATE TABLE corrections (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  field TEXT NOT NULL,
  reason_code TEXT,
  text_sealed BLOB,
  by_actor TEXT NOT NULL,         -- staff, bureau
  author_id BIGINT,
  state TEXT NOT NULL,            -- draft, open, closed
  at BIGINT NOT NULL
);
CREATE INDEX corrections_by_filing ON corrections(filing_id, state);

CREATE TABLE calls (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  person TEXT NOT NULL,
  result TEXT NOT NULL,
  note_sealed BLOB
);
CREATE INDEX calls_by_filing ON calls(filing_id, id);

CREATE TABLE looks (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  filing_id BIGINT NOT NULL,
  what TEXT NOT NULL
);
CREATE INDEX looks_by_filing ON looks(filing_id, id);

CREATE TABLE materials (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  site_key TEXT NOT NULL,         -- empty: of the organiser
  purpose TEXT NOT NULL,
  full_key TEXT NOT NULL,
  fitted_key TEXT NOT NULL,
  thumbnail_key TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  fitted_bytes BIGINT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  by_phone INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  removed_at BIGINT
);
CREATE INDEX materials_by_filing ON materials(filing_id);

CREATE TABLE tickets (
  token_hash BLOB PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  account_id BIGINT NOT NULL,
  site_key TEXT NOT NULL,
  purpose TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE backdrops (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  state TEXT NOT NULL,            -- requested, posted, delivered
  address_sealed BLOB NOT NULL,
  carrier TEXT,
  tracking_number TEXT,
  requested_at BIGINT NOT NULL,
  posted_at BIGINT
);
CREATE INDEX backdrops_by_state ON backdrops(state, requested_at);
CREATE INDEX backdrops_by_filing ON backdrops(filing_id, id);

CREATE TABLE enquiries (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  body_sealed BLOB NOT NULL,
  done_at BIGINT,
  done_by BIGINT
);

CREATE TABLE registered_organisers (
  id BIGINT PRIMARY KEY,
  certificate_lookup BLOB NOT NULL UNIQUE,
  number TEXT NOT NULL UNIQUE,
  bureau_id BIGINT NOT NULL,
  province TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  name_sealed BLOB NOT NULL,
  approved_at BIGINT NOT NULL
);

CREATE TABLE registered_sites (
  id BIGINT PRIMARY KEY,
  organiser_id BIGINT NOT NULL REFERENCES registered_organisers(id),
  domain TEXT NOT NULL UNIQUE,
  number TEXT NOT NULL UNIQUE,
  bureau_id BIGINT NOT NULL,
  bureau_domain_id BIGINT NOT NULL,
  bureau_access_id BIGINT NOT NULL,
  filing_id BIGINT NOT NULL,
  site_key TEXT NOT NULL,
  approved_at BIGINT NOT NULL
);

CREATE TABLE jobs (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  job_key TEXT NOT NULL UNIQUE,   -- one job for one thing to be done
  filing_id BIGINT,
  payload TEXT NOT NULL,          -- ids only
  run_at BIGINT NOT NULL,
  lease_owner TEXT,
  lease_until BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT NOT NULL
);
CREATE INDEX jobs_by_time ON jobs(run_at, id);

CREATE TABLE messages (
  id BIGINT PRIMARY KEY,
  message_key TEXT NOT NULL UNIQUE,
  account_id BIGINT,
  filing_id BIGINT,
  channel TEXT NOT NULL,          -- mail, sms
  notice TEXT NOT NULL,
  body_sealed BLOB NOT NULL,      -- {to, subject, text, html}
  state TEXT NOT NULL,            -- queued, sent, refused
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  error TEXT NOT NULL
);
CREATE INDEX messages_by_filing ON messages(filing_id);

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  n BIGINT NOT NULL
);

CREATE TABLE bureau_lines (
  province TEXT PRIMARY KEY,
  last_sequence BIGINT NOT NULL,
  last_contact_at BIGINT,
  last_error TEXT
);

CREATE TABLE bureau_uploads (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  filing_id BIGINT NOT NULL,
  round INTEGER NOT NULL,
  package_hash TEXT NOT NULL,
  xml_sealed BLOB NOT NULL,       -- the data file; packed anew for each try
  state TEXT NOT NULL,            -- prepared, accepted
  tries INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  accepted_at BIGINT,
  UNIQUE (province, sequence),
  UNIQUE (filing_id, round)
);

CREATE TABLE bureau_downloads (
  province TEXT NOT NULL,
  file_name TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  xml_sealed BLOB NOT NULL,
  note TEXT NOT NULL,             -- what was done with it, or why not
  PRIMARY KEY (province, file_name)
);
