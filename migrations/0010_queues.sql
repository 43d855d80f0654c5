-- Queues over a million filings: counts kept by what staff filter by, pages that read one range of
-- one index in each order, search by keyed hashes, clocks that stop, presence.

-- Filings by list ("state/initial_review", "unassigned/photo_review", "assigned/<account>",
-- "overdue"), kept in the transaction that moves them (store/counters.h).
CREATE TABLE queue_counters (
  list TEXT NOT NULL,
  province TEXT NOT NULL,
  kind TEXT NOT NULL,
  nature INTEGER NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (list, province, kind, nature)
);
INSERT INTO queue_counters (list, province, kind, nature, n)
  SELECT 'state/' || state, province, kind, nature, COUNT(*) FROM filings
  GROUP BY state, province, kind, nature;
INSERT INTO queue_counters (list, province, kind, nature, n)
  SELECT 'unassigned/' || state, province, kind, nature, COUNT(*) FROM filings
  WHERE assignee_id IS NULL AND state IN ('initial_review', 'photo_review')
  GROUP BY state, province, kind, nature;
INSERT INTO queue_counters (list, province, kind, nature, n)
  SELECT 'assigned/' || assignee_id, province, kind, nature, COUNT(*) FROM filings
  WHERE assignee_id IS NOT NULL AND state IN ('initial_review', 'photo_review')
  GROUP BY assignee_id, province, kind, nature;
DROP TABLE counters;

ALTER TABLE filings ADD COLUMN overdue_since BIGINT;                -- NULL: in time
ALTER TABLE filings ADD COLUMN days_used BIGINT NOT NULL DEFAULT 0; -- of the staff's days, this round
ALTER TABLE filings ADD COLUMN findings INTEGER NOT NULL DEFAULT 0; -- 0 none, 1 advice, 2 to look at

-- Each order reads one range of one index, and what is filtered by stands in it. A filing without a
-- time limit comes behind all that have one.
DROP INDEX filings_by_state;
DROP INDEX filings_by_age;
DROP INDEX filings_unassigned;
DROP INDEX filings_by_assignee;
DROP INDEX filings_due;
CREATE INDEX filings_by_state ON filings(state, state_since, id, province, kind, nature, findings);
CREATE INDEX filings_by_due ON filings(state, COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings);
CREATE INDEX filings_free ON filings(state, state_since, id, province, kind, nature, findings)
  WHERE assignee_id IS NULL AND state IN ('initial_review', 'photo_review');
CREATE INDEX filings_free_due ON filings(state, COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings)
  WHERE assignee_id IS NULL AND state IN ('initial_review', 'photo_review');
CREATE INDEX filings_by_assignee ON filings(assignee_id, COALESCE(due_at, 9007199254740991),
  state_since, id, province, kind, nature, findings) WHERE assignee_id IS NOT NULL;
CREATE INDEX filings_overdue ON filings(COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings) WHERE overdue_since IS NOT NULL;
-- Whose time may run out next.
CREATE INDEX filings_running ON filings(turn, due_at, id)
  WHERE overdue_since IS NULL AND due_at IS NOT NULL;
-- The one list that grows for ever is narrowed by whatever is rarest.
CREATE INDEX filings_approved_province ON filings(state, province, state_since, id, kind, nature)
  WHERE state = 'approved';
CREATE INDEX filings_approved_kind ON filings(state, kind, state_since, id, province, nature)
  WHERE state = 'approved';
CREATE INDEX filings_approved_nature ON filings(state, nature, state_since, id, province, kind)
  WHERE state = 'approved';

CREATE INDEX bureau_tasks_open ON bureau_tasks(state, kind)
  WHERE state IN ('open', 'refused');

-- What a filing is found by: the first 8 bytes of a keyed hash of each pair of letters of a name and
-- of whole numbers (docs/decisions/0007-search.md). A filing's own terms stand once more in one row.
CREATE TABLE search_terms (
  term BIGINT NOT NULL,
  filing_id BIGINT NOT NULL,
  PRIMARY KEY (term, filing_id)
) WITHOUT ROWID;
CREATE TABLE search_filings (
  filing_id BIGINT PRIMARY KEY,
  terms BLOB NOT NULL             -- 8 bytes each
);
-- Filings written before there was a search are taken up from the newest down to the oldest.
CREATE TABLE search_progress (
  id INTEGER PRIMARY KEY,
  next_before BIGINT NOT NULL     -- filings with a smaller id are still to be done; 0: none
);
INSERT INTO search_progress (id, next_before) VALUES (1, 9223372036854775807);

-- Who looks at a case now; a row counts until its lease ends.
CREATE TABLE case_presence (
  filing_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (filing_id, account_id)
);
CREATE INDEX case_presence_until ON case_presence(until);
