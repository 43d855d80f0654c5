-- The nation's rules that a filing began with, beside its bureau's (filing_rules): the operator may
-- change those too. A filing from before this keeps none and goes by those in force.
CREATE TABLE filing_national_rules (
  filing_id BIGINT PRIMARY KEY REFERENCES filings(id),
  version_id BIGINT NOT NULL REFERENCES rule_versions(id)
);
CREATE INDEX filings_submitted ON filings(id) WHERE round > 0;
