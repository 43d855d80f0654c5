-- The whole exchange with the bureaus: files that carry many records, what a bureau wants done, its
-- black list and code lists, and the provider's own IP addresses.

ALTER TABLE bureau_uploads RENAME TO bureau_uploads_of_one;

CREATE TABLE bureau_uploads (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  subject TEXT NOT NULL,          -- what its records are: a kind of filing, unfiled_site, verification, ip
  records INTEGER NOT NULL,
  bytes BIGINT NOT NULL,          -- of the data file
  package_hash TEXT NOT NULL,
  xml_sealed BLOB,                -- the data file; packed anew for each try; NULL once its time is over
  state TEXT NOT NULL,            -- prepared, accepted, again (to be sent once more), split
  tries INTEGER NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  accepted_at BIGINT,
  UNIQUE (province, sequence)
);
CREATE INDEX bureau_uploads_by_state ON bureau_uploads(province, state, sequence);

CREATE TABLE bureau_upload_records (
  upload_id BIGINT NOT NULL REFERENCES bureau_uploads(id),
  record_id BIGINT NOT NULL,      -- of a filing, a task or an IP range
  round BIGINT NOT NULL,
  PRIMARY KEY (record_id, round)  -- one round is uploaded once
);
CREATE INDEX bureau_upload_records_by_upload ON bureau_upload_records(upload_id);

INSERT INTO bureau_uploads (id, province, sequence, subject, records, bytes, package_hash,
  xml_sealed, state, tries, note, created_at, accepted_at)
  SELECT id, province, sequence, 'first_filing', 1, 0, package_hash, xml_sealed, state, tries, '',
    created_at, accepted_at FROM bureau_uploads_of_one;
INSERT INTO bureau_upload_records (upload_id, record_id, round)
  SELECT id, filing_id, round FROM bureau_uploads_of_one;
DROP TABLE bureau_uploads_of_one;

-- Filings of a file that was refused as a whole, to be sent again in smaller files.
CREATE TABLE bureau_requeue (
  filing_id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  at_most INTEGER NOT NULL,       -- records in its next file
  since BIGINT NOT NULL
);
CREATE INDEX bureau_requeue_by_province ON bureau_requeue(province, since, filing_id);

ALTER TABLE bureau_lines ADD COLUMN upload_after BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bureau_lines ADD COLUMN upload_hold TEXT NOT NULL DEFAULT '';
ALTER TABLE bureau_lines ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bureau_lines ADD COLUMN troubles BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bureau_lines ADD COLUMN pruned_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE bureau_downloads ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE bureau_downloads ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bureau_downloads ADD COLUMN contents TEXT NOT NULL DEFAULT '';
ALTER TABLE bureau_downloads ADD COLUMN attention INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bureau_downloads ADD COLUMN replay INTEGER NOT NULL DEFAULT 0;
CREATE INDEX bureau_downloads_by_time ON bureau_downloads(province, received_at);
CREATE INDEX bureau_downloads_to_replay ON bureau_downloads(province) WHERE replay = 1;

-- Work that a bureau (or the line to it) gives the staff.
CREATE TABLE bureau_tasks (
  id BIGINT PRIMARY KEY,
  task_key TEXT NOT NULL UNIQUE,  -- one record of a bureau's is one task, however often it comes
  province TEXT NOT NULL,
  kind TEXT NOT NULL,             -- verification, unfiled_site, blacklisted_site, finding, notice, …
  state TEXT NOT NULL,            -- open, answered (to be sent), sent, refused, done
  subject TEXT NOT NULL,          -- a domain, a number, a file's name: never personal data
  content_sealed BLOB NOT NULL,   -- JSON
  answer_sealed BLOB,             -- JSON
  filing_id BIGINT,
  account_id BIGINT,
  file_name TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT,
  sent_times BIGINT NOT NULL,
  decided_by BIGINT,
  decided_at BIGINT,
  result TEXT NOT NULL            -- the bureau's codes for the answer
);
CREATE INDEX bureau_tasks_by_state ON bureau_tasks(state, received_at, id);
CREATE INDEX bureau_tasks_by_filing ON bureau_tasks(filing_id) WHERE filing_id IS NOT NULL;
CREATE INDEX bureau_tasks_to_send ON bureau_tasks(province, kind) WHERE state = 'answered';

CREATE TABLE blacklist (
  kind TEXT NOT NULL,             -- certificate, domain
  value_lookup BLOB NOT NULL,
  province TEXT NOT NULL,
  label_sealed BLOB NOT NULL,     -- JSON: what it says, for staff
  listed_at BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  PRIMARY KEY (kind, value_lookup, province)
);

-- A bureau's code lists as last received, and what of them an administrator took over.
CREATE TABLE received_codes (
  province TEXT NOT NULL,
  dictionary TEXT NOT NULL,
  code BIGINT NOT NULL,
  name TEXT NOT NULL,
  active INTEGER NOT NULL,
  parent BIGINT,
  note TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (province, dictionary, code)
);
CREATE TABLE accepted_codes (
  dictionary TEXT NOT NULL,
  code BIGINT NOT NULL,
  name TEXT NOT NULL,
  active INTEGER NOT NULL,
  parent BIGINT,
  accepted_by BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (dictionary, code)
);

-- The provider's addresses: where they come from and who uses them (the interface's IP branch).
CREATE TABLE ip_ranges (
  id BIGINT PRIMARY KEY,          -- also IspId towards the bureau
  province TEXT NOT NULL,
  kind TEXT NOT NULL,             -- source, allocation, own
  first_ip BIGINT NOT NULL,
  last_ip BIGINT NOT NULL,
  content_sealed BLOB NOT NULL,   -- JSON: the other elements of the record
  wanted TEXT NOT NULL,           -- nothing, add, change, remove: what the bureau still has to be told
  state TEXT NOT NULL,            -- recorded, sent, reported, refused, removed
  bureau_id BIGINT NOT NULL,      -- 0 until the bureau gave one
  codes TEXT NOT NULL,            -- of the last result
  sent_times BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CHECK (first_ip > 0 AND last_ip >= first_ip)
);
CREATE INDEX ip_ranges_by_address ON ip_ranges(province, first_ip);
CREATE INDEX ip_ranges_wanted ON ip_ranges(province, wanted) WHERE wanted <> 'nothing';
