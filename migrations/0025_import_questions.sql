-- Rows of an import whose filing begins only once the bureau has been asked: their organiser is
-- filed already. Gone with the answer, and the filing password with it.
CREATE TABLE import_questions (
  import_id BIGINT NOT NULL REFERENCES imports(id),
  row_number BIGINT NOT NULL,     -- the first row of its organiser
  question_sealed BLOB NOT NULL,  -- JSON, see service/import_asking.cc
  created_at BIGINT NOT NULL,
  PRIMARY KEY (import_id, row_number)
);
-- Of a row that was left out: where it may be begun by hand.
ALTER TABLE import_rows ADD COLUMN domain TEXT NOT NULL DEFAULT '';
ALTER TABLE import_rows ADD COLUMN client_id BIGINT;
