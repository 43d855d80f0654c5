-- The desk over a million organisers: totals that a counter reads in a few rows, also for staff who
-- see some provinces or customers only; pages of a province or a customer that read one range.

-- Filings by list, as before; the rows lie in their key.
CREATE TABLE queue_counts (
  list TEXT NOT NULL,
  province TEXT NOT NULL,
  kind TEXT NOT NULL,
  nature INTEGER NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (list, province, kind, nature)
) WITHOUT ROWID;
INSERT INTO queue_counts (list, province, kind, nature, n)
  SELECT list, province, kind, nature, n FROM queue_counters WHERE n <> 0;
DROP TABLE queue_counters;

-- A backdrop was ordered and is not on its way (store/counters.h, refresh_to_post).
ALTER TABLE filings ADD COLUMN to_post INTEGER NOT NULL DEFAULT 0;
UPDATE filings SET to_post = 1 WHERE id IN
  (SELECT filing_id FROM backdrops WHERE state = 'requested');
INSERT INTO queue_counts (list, province, kind, nature, n)
  SELECT 'to_post', province, kind, nature, COUNT(*) FROM filings WHERE to_post = 1
  GROUP BY province, kind, nature;

-- The same by province alone, for the counters beside the queues.
CREATE TABLE queue_totals (
  list TEXT NOT NULL,
  province TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (list, province)
) WITHOUT ROWID;
INSERT INTO queue_totals (list, province, n)
  SELECT list, province, CAST(SUM(n) AS BIGINT) FROM queue_counts GROUP BY list, province;

-- And of each customer (account), but for the lists of assignees.
CREATE TABLE customer_totals (
  account_id BIGINT NOT NULL,
  list TEXT NOT NULL,
  province TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (account_id, list, province)
) WITHOUT ROWID;
INSERT INTO customer_totals (account_id, list, province, n)
  SELECT account_id, 'state/' || state, province, COUNT(*) FROM filings
  GROUP BY account_id, state, province;
INSERT INTO customer_totals (account_id, list, province, n)
  SELECT account_id, 'unassigned/' || state, province, COUNT(*) FROM filings
  WHERE assignee_id IS NULL AND state IN ('initial_review', 'photo_review')
  GROUP BY account_id, state, province;
INSERT INTO customer_totals (account_id, list, province, n)
  SELECT account_id, 'overdue', province, COUNT(*) FROM filings WHERE overdue_since IS NOT NULL
  GROUP BY account_id, province;
INSERT INTO customer_totals (account_id, list, province, n)
  SELECT account_id, 'to_post', province, COUNT(*) FROM filings WHERE to_post = 1
  GROUP BY account_id, province;

-- A page of one province, of approved ones too, holds all that it is narrowed by.
DROP INDEX filings_approved_province;
DROP INDEX filings_by_province_state;
CREATE INDEX filings_by_province_state ON filings(province, state, state_since, id, kind, nature,
  findings);
-- A page of some customers sorts what they have.
CREATE INDEX filings_by_customer ON filings(account_id, state, state_since, id, province, kind,
  nature, findings, due_at, assignee_id, round);
-- What is ordered by urgency holds the column itself beside what it is ordered by, so that nothing
-- is read behind the content of a row; lists that go across states hold the customer too.
DROP INDEX filings_by_due;
CREATE INDEX filings_by_due ON filings(state, COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings, due_at);
DROP INDEX filings_free_due;
CREATE INDEX filings_free_due ON filings(state, COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings, due_at)
  WHERE assignee_id IS NULL AND state IN ('initial_review', 'photo_review');
DROP INDEX filings_by_assignee;
CREATE INDEX filings_by_assignee ON filings(assignee_id, COALESCE(due_at, 9007199254740991),
  state_since, id, province, kind, nature, findings, account_id, due_at)
  WHERE assignee_id IS NOT NULL;
DROP INDEX filings_overdue;
CREATE INDEX filings_overdue ON filings(COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings, account_id, due_at, overdue_since)
  WHERE overdue_since IS NOT NULL;
CREATE INDEX filings_to_post ON filings(COALESCE(due_at, 9007199254740991), state_since, id,
  province, kind, nature, findings, account_id, due_at, to_post) WHERE to_post = 1;
-- What is handed out next to whoever works for one province.
CREATE INDEX filings_free_province ON filings(province, state,
  COALESCE(due_at, 9007199254740991), state_since, id)
  WHERE assignee_id IS NULL AND state IN ('initial_review', 'photo_review');

DROP INDEX bureau_tasks_open;
CREATE INDEX bureau_tasks_open ON bureau_tasks(state, kind, province)
  WHERE state IN ('open', 'refused');
