-- Agencies: accounts that file for many client organisers. Their filings are the account's own
-- (filings.account_id); members act for it, each filing lies in the folder of one client.

CREATE TABLE agencies (
  id BIGINT PRIMARY KEY REFERENCES accounts(id),
  name TEXT NOT NULL,             -- as its clients and members see it
  note_sealed BLOB,               -- what the applicant wrote to the administrators
  state TEXT NOT NULL,            -- asked, active, refused, ended
  asked_at BIGINT NOT NULL,
  decided_by BIGINT,
  decided_at BIGINT,
  reason TEXT NOT NULL            -- why refused or ended, in the administrator's words
);
CREATE INDEX agencies_by_state ON agencies(state, asked_at);

CREATE TABLE agency_members (
  agency_id BIGINT NOT NULL REFERENCES agencies(id),
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  role TEXT NOT NULL,             -- owner, editor, viewer
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (agency_id, account_id)
);
CREATE INDEX agency_members_by_account ON agency_members(account_id);

CREATE TABLE agency_invitations (
  id BIGINT PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  agency_id BIGINT NOT NULL REFERENCES agencies(id),
  email_lookup BLOB NOT NULL,
  email_sealed BLOB NOT NULL,
  role TEXT NOT NULL,
  invited_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT                 -- accepted or taken back
);
CREATE INDEX agency_invitations_by_agency ON agency_invitations(agency_id, ended_at);

CREATE TABLE clients (
  id BIGINT PRIMARY KEY,
  agency_id BIGINT NOT NULL REFERENCES agencies(id),
  name_lookup BLOB NOT NULL,
  name_sealed BLOB NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (agency_id, name_lookup)
);

ALTER TABLE filings ADD COLUMN client_id BIGINT;
CREATE INDEX filings_by_client ON filings(client_id, updated_at, id) WHERE client_id IS NOT NULL;

-- With one of these an agency's client gives the identity parts of one filing, without an account.
CREATE TABLE client_links (
  id BIGINT PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  account_id BIGINT NOT NULL,     -- whose filing it was when the link was made
  made_by BIGINT NOT NULL,
  stage TEXT NOT NULL,            -- submit, verification: which pictures it is for
  sent_to_sealed BLOB,            -- the address or number it went to; none: copied by hand
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  opened_at BIGINT,
  consent TEXT NOT NULL,          -- version of the words agreed to; empty: not yet
  consented_at BIGINT,
  completed_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX client_links_by_filing ON client_links(filing_id, id);

-- A table of organisers and websites on its way to become drafts. The same file is one import.
CREATE TABLE imports (
  id BIGINT PRIMARY KEY,
  agency_id BIGINT NOT NULL REFERENCES agencies(id),
  file_hash BLOB NOT NULL,        -- keyed: the same bytes are the same import
  name_sealed BLOB NOT NULL,      -- of the file
  file_sealed BLOB,               -- gone when it is done
  report_sealed BLOB NOT NULL,    -- JSON: what is wrong, by cell
  state TEXT NOT NULL,            -- checked, running, done, dropped
  rows_total BIGINT NOT NULL,
  rows_good BIGINT NOT NULL,
  rows_done BIGINT NOT NULL,      -- looked at, in the order of the file
  drafts BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  made_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  finished_at BIGINT,
  UNIQUE (agency_id, file_hash)
);

CREATE TABLE import_rows (
  import_id BIGINT NOT NULL REFERENCES imports(id),
  row_number BIGINT NOT NULL,     -- as the spreadsheet counts
  filing_id BIGINT,               -- none: left out, `code` says why
  code TEXT NOT NULL,
  PRIMARY KEY (import_id, row_number)
);
