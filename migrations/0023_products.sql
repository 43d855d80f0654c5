-- Products as administrators keep them: whose they are, when they ended, who changed what.

ALTER TABLE products ADD COLUMN owner_sealed BLOB;      -- e-mail; NULL: known by its account only
ALTER TABLE products ADD COLUMN ended_at BIGINT;        -- sold no more; its slots stay with their filings
ALTER TABLE products ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- A host name may be sold again when the product that had it has ended.
DROP INDEX products_by_host;
CREATE UNIQUE INDEX products_by_host ON products(host_name) WHERE ended_at IS NULL;
CREATE INDEX slots_by_product ON slots(product_id);

-- Never changed, never removed.
CREATE TABLE product_changes (
  id BIGINT PRIMARY KEY,
  product_id BIGINT NOT NULL REFERENCES products(id),
  act TEXT NOT NULL,              -- added, changed, ended, opened
  changes TEXT NOT NULL,          -- {"field": [before, after]}; e-mails masked
  note TEXT NOT NULL,
  by_id BIGINT,                   -- NULL: the operator, by a table on the command line
  at BIGINT NOT NULL
);
CREATE INDEX product_changes_by_product ON product_changes(product_id, id);
