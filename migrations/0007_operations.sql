-- The audit trail, staff's second factors, and roles that two must agree on.

-- Append-only. `mac` is a keyed hash over this entry and the mac of the one before it: whoever can
-- write to the database but has not the key file cannot change, remove or reorder an entry unseen.
CREATE TABLE audit_entries (
  seq BIGINT PRIMARY KEY,         -- 1, 2, 3 … without gaps
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,            -- applicant, staff, bureau, worker, clock, operator, nobody
  actor_id BIGINT,
  act TEXT NOT NULL,              -- filing.submit, look.case, account.logged_in, …
  subject TEXT NOT NULL,          -- filing/123, account/5; empty for none
  detail TEXT NOT NULL,           -- JSON of codes, ids and counts: never personal data
  mac BLOB NOT NULL
);
CREATE INDEX audit_by_actor ON audit_entries(actor_id, seq);
CREATE INDEX audit_by_subject ON audit_entries(subject, seq);
CREATE INDEX audit_by_act ON audit_entries(act, seq);
CREATE INDEX audit_by_time ON audit_entries(at, seq);

-- One row: where the chain ends. `proof` is a keyed hash over both, so that the last entries cannot
-- be taken away and the head set back.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY,
  seq BIGINT NOT NULL,
  mac BLOB NOT NULL,
  proof BLOB NOT NULL
);

CREATE TABLE second_factors (
  account_id BIGINT PRIMARY KEY REFERENCES accounts(id),
  kind TEXT NOT NULL,             -- totp
  secret_sealed BLOB NOT NULL,
  made_at BIGINT NOT NULL,
  confirmed_at BIGINT,            -- the first right code was given; asked for from then on
  last_step BIGINT NOT NULL       -- of the last code taken: each is good once
);

CREATE TABLE recovery_codes (
  code_hash BLOB PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  used_at BIGINT
);
CREATE INDEX recovery_codes_by_account ON recovery_codes(account_id);

-- A change of somebody's role: asked for by one administrator, decided by another.
CREATE TABLE role_grants (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  role TEXT NOT NULL,
  asked_by BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  state TEXT NOT NULL,            -- open, granted, refused
  decided_by BIGINT,
  decided_at BIGINT
);
CREATE INDEX role_grants_by_state ON role_grants(state, id);

-- What was agreed to, in which version, and taken back.
CREATE TABLE consents (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  purpose TEXT NOT NULL,          -- privacy_notice
  version TEXT NOT NULL,
  given_at BIGINT NOT NULL
);
CREATE INDEX consents_by_account ON consents(account_id, given_at);

-- When the personal data of a filing was erased; the row stays for counts and the audit trail.
ALTER TABLE filings ADD COLUMN erased_at BIGINT;
CREATE INDEX filings_to_erase ON filings(state, state_since) WHERE erased_at IS NULL;
