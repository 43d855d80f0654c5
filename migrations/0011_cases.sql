-- What a reviewer's screen gathers around a case: filings that share something with it, appointments
-- on the telephone, reasons by how often they are used, notes among colleagues, second opinions.

-- What a submitted filing has in common with others: a keyed hash of each certificate, name,
-- telephone number, address and e-mail address in it.
CREATE TABLE filing_marks (
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  kind TEXT NOT NULL,             -- organiser, name, person, phone, mail, address
  value_lookup BLOB NOT NULL,
  PRIMARY KEY (filing_id, kind, value_lookup)
);
CREATE INDEX filing_marks_by_value ON filing_marks(value_lookup, filing_id);
-- Submitted before there were marks: the platform makes theirs, a few at a time, and forgets the row.
CREATE TABLE filing_marks_wanted (
  filing_id BIGINT PRIMARY KEY
);
INSERT INTO filing_marks_wanted (filing_id)
  SELECT id FROM filings WHERE round > 0 AND erased_at IS NULL;

-- Agreed on the telephone: when to ring again. One open at a time for a filing.
CREATE TABLE appointments (
  call_id BIGINT PRIMARY KEY REFERENCES calls(id),
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  person TEXT NOT NULL,
  open INTEGER NOT NULL
);
CREATE INDEX appointments_by_filing ON appointments(filing_id);
CREATE INDEX appointments_open ON appointments(at) WHERE open = 1;

-- How often a ready-made reason was sent for a field. Fields of websites are named sites.*.<field>.
CREATE TABLE reason_uses (
  field TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  province TEXT NOT NULL,
  n BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (field, reason_code, kind, province)
);

-- What a reviewer wrote in his own words, to be offered to him again at the same field.
CREATE TABLE own_wordings (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  field TEXT NOT NULL,
  text_lookup BLOB NOT NULL,
  text_sealed BLOB NOT NULL,
  n BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  UNIQUE (account_id, field, text_lookup)
);

-- Notes among colleagues, and who is called by name in them.
CREATE TABLE case_notes (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  author_id BIGINT NOT NULL,
  kind TEXT NOT NULL,             -- note, handed (given to a colleague), second (for a second opinion)
  text_sealed BLOB,
  at BIGINT NOT NULL
);
CREATE INDEX case_notes_by_filing ON case_notes(filing_id, id);
CREATE TABLE mentions (
  note_id BIGINT NOT NULL REFERENCES case_notes(id),
  account_id BIGINT NOT NULL,
  filing_id BIGINT NOT NULL,
  seen_at BIGINT,
  PRIMARY KEY (note_id, account_id)
);
CREATE INDEX mentions_by_account ON mentions(account_id, note_id);
CREATE INDEX mentions_unseen ON mentions(account_id) WHERE seen_at IS NULL;

-- The first of two who pass a filing that needs two (data/second_review.json).
CREATE TABLE second_opinions (
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  round INTEGER NOT NULL,
  state TEXT NOT NULL,
  first_by BIGINT NOT NULL,
  note_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (filing_id, round, state)
);
