-- The gate, tokens and webhooks for other programs, messages between people, notices as each wants
-- them. One text for both engines (see 0001_main_path.sql).

-- The names that are filed here, as the gate reads them: kept beside the registry by whoever changes
-- that, in the same transaction. Positions grow in the order of commits: the one row of
-- gate_position is written first in every such transaction.
CREATE TABLE gate_names (
  domain TEXT PRIMARY KEY,        -- registrable, A-label form
  filed INTEGER NOT NULL,         -- 0: not any more
  served_from TEXT NOT NULL,      -- addresses, separated by blanks; empty: any
  position BIGINT NOT NULL        -- when it last changed
);
CREATE INDEX gate_names_filed ON gate_names(domain, served_from) WHERE filed = 1;
CREATE INDEX gate_names_by_position ON gate_names(position);
CREATE TABLE gate_position (
  id INTEGER PRIMARY KEY,
  n BIGINT NOT NULL
);
INSERT INTO gate_names (domain, filed, served_from, position)
  SELECT domain, 1, '', 0 FROM registered_sites;

-- Keys by which programs act for an account. Only the hash of one is kept.
CREATE TABLE api_tokens (
  id BIGINT PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,           -- separated by blanks
  shown TEXT NOT NULL,            -- its last four characters, to tell it from others
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX api_tokens_by_account ON api_tokens(account_id, id);

-- What a call with an Idempotency-Key was answered. A row without an answer belongs to a call that is
-- under way, or was cut off.
CREATE TABLE idempotency (
  account_id BIGINT NOT NULL,
  key_hash BLOB NOT NULL,
  fingerprint BLOB NOT NULL,      -- of method, path and body
  status INTEGER,
  content_type TEXT,
  answer_sealed BLOB,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, key_hash)
);
CREATE INDEX idempotency_by_age ON idempotency(created_at);

CREATE TABLE webhooks (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  url TEXT NOT NULL,
  secret_sealed BLOB NOT NULL,
  created_at BIGINT NOT NULL,
  paused_at BIGINT,               -- by its owner, or after days without success
  pause_reason TEXT NOT NULL,     -- owner, failing, or empty
  failing_since BIGINT,
  removed_at BIGINT
);
CREATE INDEX webhooks_by_account ON webhooks(account_id, id);

CREATE TABLE webhook_deliveries (
  id BIGINT PRIMARY KEY,
  webhook_id BIGINT NOT NULL REFERENCES webhooks(id),
  event_key TEXT NOT NULL,        -- one delivery for one event
  event TEXT NOT NULL,
  filing_id BIGINT,
  body TEXT NOT NULL,             -- ids and states, nothing about a person
  state TEXT NOT NULL,            -- waiting, delivered, failed
  attempts INTEGER NOT NULL,
  last_status INTEGER,
  last_error TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  next_at BIGINT,
  delivered_at BIGINT,
  UNIQUE (webhook_id, event_key)
);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries(created_at);

-- What applicant and staff write to each other on a filing.
CREATE TABLE letters (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  by_staff INTEGER NOT NULL,
  author_id BIGINT NOT NULL,
  body_sealed BLOB NOT NULL,
  at BIGINT NOT NULL,
  seen_at BIGINT                  -- by the other side
);
CREATE INDEX letters_by_filing ON letters(filing_id, id);

-- Where somebody wants the notices of a group; without a row everywhere.
CREATE TABLE notice_settings (
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  notice_group TEXT NOT NULL,
  mail INTEGER NOT NULL,
  sms INTEGER NOT NULL,
  app INTEGER NOT NULL,
  PRIMARY KEY (account_id, notice_group)
);
ALTER TABLE messages ADD COLUMN seen_at BIGINT;
ALTER TABLE messages ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_by_account ON messages(account_id, id);
