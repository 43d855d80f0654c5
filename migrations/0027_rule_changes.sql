-- Changes to rules that stop filings: one editor writes, another agrees before they hold.

CREATE TABLE rule_changes (
  id BIGINT PRIMARY KEY,
  province TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  edit TEXT NOT NULL,             -- JSON as of rule_edits.edit: what the editor changed
  note TEXT NOT NULL,
  base_id BIGINT NOT NULL,        -- the rule's last edit that the editor saw; 0: none
  state TEXT NOT NULL,            -- open, published, refused
  asked_by BIGINT NOT NULL REFERENCES accounts(id),
  asked_at BIGINT NOT NULL,
  decided_by BIGINT REFERENCES accounts(id),
  decided_at BIGINT
);
CREATE INDEX rule_changes_by_state ON rule_changes(state, id);
-- At most one waits for each rule.
CREATE UNIQUE INDEX rule_changes_open ON rule_changes(province, rule_id) WHERE state = 'open';

-- Who agreed to an edit that two had to see.
ALTER TABLE rule_edits ADD COLUMN agreed_by BIGINT REFERENCES accounts(id);
