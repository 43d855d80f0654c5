-- Administration: what each of the staff is for, settings changed while the platform runs,
-- announcements. One text for both engines (see 0001_main_path.sql).

-- Which filings somebody works on. No row of a kind: all. A filing is within when both kinds allow it.
CREATE TABLE staff_scopes (
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  kind TEXT NOT NULL,             -- province, customer
  value TEXT NOT NULL,            -- GB/T 2260 of the province; id of the customer's account
  PRIMARY KEY (account_id, kind, value)
);
-- What was asked for with the role: {"provinces": [...], "customers": [ids]}; empty: everything.
ALTER TABLE role_grants ADD COLUMN scope TEXT NOT NULL DEFAULT '';
CREATE INDEX filings_by_province_state ON filings(province, state, state_since, id);

-- Every change of a setting, oldest first; the latest of each name is in force. Never changed, never
-- removed: to undo is one more change.
CREATE TABLE setting_changes (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,             -- of data/settings.json; deadline.<name>, bureau.<province>,
                                  -- calendar.<year>, notice.<locale>.<name>
  value TEXT,                     -- JSON; NULL: as configured or shipped again
  note TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES accounts(id),
  at BIGINT NOT NULL
);
CREATE INDEX setting_changes_by_name ON setting_changes(name, id);

CREATE TABLE announcements (
  id BIGINT PRIMARY KEY,
  audience TEXT NOT NULL,         -- applicants, staff, everybody
  tone TEXT NOT NULL,             -- note, warning
  text_zh TEXT NOT NULL,
  text_en TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES accounts(id),
  at BIGINT NOT NULL,
  ended_at BIGINT                 -- before its time
);
CREATE INDEX announcements_by_time ON announcements(until_at, from_at);

CREATE INDEX jobs_by_kind ON jobs(kind, id);

-- What the rules of retention let go, by rule; each round is also an audit entry.
CREATE TABLE retention_totals (
  rule TEXT PRIMARY KEY,
  erased BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  last_count BIGINT NOT NULL
);
CREATE INDEX looks_by_time ON looks(at);
ALTER TABLE accounts ADD COLUMN erased_at BIGINT;
