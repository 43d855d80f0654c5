-- What is registered passes from account to account: claims of an older organiser, which staff
-- decide, hand-overs that both sides agree to, and messages passed on to whoever holds a name.

CREATE TABLE claims (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id),
  organiser_id BIGINT NOT NULL,   -- registered_organisers
  version BIGINT NOT NULL,
  state TEXT NOT NULL,            -- open, granted, refused, withdrawn
  certificate_key TEXT NOT NULL,  -- names in the blob store; empty once erased
  proof_key TEXT NOT NULL,
  note_sealed BLOB,               -- the claimant's words
  answer_sealed BLOB,             -- staff's words to the claimant
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT
);
CREATE UNIQUE INDEX claims_open_once ON claims(account_id, organiser_id) WHERE state = 'open';
CREATE INDEX claims_by_state ON claims(state, id);
CREATE INDEX claims_by_account ON claims(account_id, id);
CREATE INDEX claims_by_organiser ON claims(organiser_id, id);
CREATE INDEX claims_by_picture ON claims(certificate_key);
CREATE INDEX claims_by_proof ON claims(proof_key);

-- Claims that named no organiser of ours with this certificate, counted by account and by number,
-- whether such a number exists or not.
CREATE TABLE claim_tries (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  number_lookup BLOB NOT NULL,
  tried_at BIGINT NOT NULL
);
CREATE INDEX claim_tries_by_account ON claim_tries(account_id, tried_at);
CREATE INDEX claim_tries_by_number ON claim_tries(number_lookup, tried_at);

CREATE TABLE transfers (
  id BIGINT PRIMARY KEY,
  what TEXT NOT NULL,             -- organiser, filing
  subject_id BIGINT NOT NULL,     -- registered_organisers.id or filings.id
  from_account BIGINT NOT NULL REFERENCES accounts(id),
  to_lookup BLOB NOT NULL,        -- of the e-mail it is offered to: perhaps nobody's account
  to_sealed BLOB NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  state TEXT NOT NULL,            -- offered, accepted, declined, withdrawn, expired
  offered_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  to_account BIGINT               -- who accepted
);
CREATE UNIQUE INDEX transfers_open_once ON transfers(what, subject_id) WHERE state = 'offered';
CREATE INDEX transfers_by_giver ON transfers(from_account, id);
CREATE INDEX transfers_by_receiver ON transfers(to_lookup, id);
CREATE INDEX transfers_by_end ON transfers(state, expires_at);

-- Only that somebody asked for something to be passed on, to count by; the words are in messages.
CREATE TABLE holder_messages (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  subject_lookup BLOB NOT NULL,   -- of the domain and certificate asked about
  sent_at BIGINT NOT NULL
);
CREATE INDEX holder_messages_by_account ON holder_messages(account_id, sent_at);
CREATE INDEX holder_messages_by_subject ON holder_messages(subject_lookup, sent_at);
