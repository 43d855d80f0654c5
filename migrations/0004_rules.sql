-- The bureaus' rules as this operator has them: what was changed, what a filing was made with, and
-- what a reviewer decided about a finding.

-- Every change to one rule, oldest first; the latest of each rule is in force, over the file's.
CREATE TABLE rule_edits (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  edit TEXT NOT NULL,             -- JSON: the members that differ from the file
  note TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES accounts(id),
  at BIGINT NOT NULL
);
CREATE INDEX rule_edits_by_province ON rule_edits(province, id);

-- A bureau's rules as they were at some time, each text once.
CREATE TABLE rule_versions (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  digest TEXT NOT NULL,
  document TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (province, digest)
);

-- The version a filing began with.
CREATE TABLE filing_rules (
  filing_id BIGINT PRIMARY KEY REFERENCES filings(id),
  province TEXT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES rule_versions(id)
);

-- What a reviewer decided about a finding that does not block.
CREATE TABLE rule_decisions (
  id BIGINT PRIMARY KEY,
  filing_id BIGINT NOT NULL REFERENCES filings(id),
  rule_id TEXT NOT NULL,
  field TEXT NOT NULL,
  decision TEXT NOT NULL,         -- confirmed, waived
  reason_sealed BLOB NOT NULL,
  by_id BIGINT NOT NULL REFERENCES accounts(id),
  at BIGINT NOT NULL,
  UNIQUE (filing_id, rule_id, field)
);

CREATE INDEX rules_sites_by_organiser ON registered_sites(organiser_id);
CREATE INDEX rules_filings_by_province ON filings(province, id);
