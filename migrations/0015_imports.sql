-- Whether an account has an open filing of an organiser is asked for each row of an import and at
-- the beginning of each filing; the query says the same words (store/filings.cc).
CREATE INDEX filings_open_of_organiser ON filings(account_id, organiser_lookup)
  WHERE state NOT IN ('approved', 'withdrawn', 'expired');
