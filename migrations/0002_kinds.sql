-- The registry: what is filed, as the bureau published it, in the words of our forms. One row for
-- each record of the bureau; a cancelled one stays and says since when. registered_domains is the
-- one place that tells whether a domain is filed and served through us (src/gate reads it).

CREATE TABLE organisers_now (
  id BIGINT PRIMARY KEY,
  certificate_lookup BLOB NOT NULL,
  number TEXT NOT NULL,
  bureau_id BIGINT NOT NULL,      -- Ztid
  province TEXT NOT NULL,
  account_id BIGINT NOT NULL,     -- 0: of nobody here yet
  name_sealed BLOB NOT NULL,
  record_sealed BLOB,             -- {organiser, principal}
  state TEXT NOT NULL,            -- filed, cancelled
  approved_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
INSERT INTO organisers_now (id, certificate_lookup, number, bureau_id, province, account_id,
    name_sealed, record_sealed, state, approved_at, changed_at)
  SELECT id, certificate_lookup, number, bureau_id, province, account_id, name_sealed, NULL,
    'filed', approved_at, approved_at FROM registered_organisers;

CREATE TABLE sites_now (
  id BIGINT PRIMARY KEY,
  organiser_id BIGINT NOT NULL,
  domain TEXT NOT NULL,           -- the first one; all are in registered_domains
  number TEXT NOT NULL,
  bureau_id BIGINT NOT NULL,      -- Wzid
  filing_id BIGINT NOT NULL,      -- the filing that holds the product's slot; 0: none of ours
  site_key TEXT NOT NULL,
  record_sealed BLOB,             -- one website of a form's content
  state TEXT NOT NULL,            -- served, filed (not through us any more), cancelled
  approved_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
INSERT INTO sites_now (id, organiser_id, domain, number, bureau_id, filing_id, site_key,
    record_sealed, state, approved_at, changed_at)
  SELECT id, organiser_id, domain, number, bureau_id, filing_id, site_key, NULL, 'served',
    approved_at, approved_at FROM registered_sites;

CREATE TABLE registered_domains (
  domain TEXT PRIMARY KEY,        -- registrable, A-label form
  site_id BIGINT NOT NULL,
  organiser_id BIGINT NOT NULL,
  bureau_id BIGINT NOT NULL,      -- Ymid
  state TEXT NOT NULL,            -- as the website's
  changed_at BIGINT NOT NULL
);
CREATE INDEX registered_domains_by_change ON registered_domains(changed_at, domain);
CREATE INDEX registered_domains_by_site ON registered_domains(site_id);
INSERT INTO registered_domains (domain, site_id, organiser_id, bureau_id, state, changed_at)
  SELECT domain, id, organiser_id, bureau_domain_id, 'served', approved_at FROM registered_sites;

CREATE TABLE registered_accesses (
  id BIGINT PRIMARY KEY,
  site_id BIGINT NOT NULL,
  bureau_id BIGINT NOT NULL,      -- Jrid; 0: not known yet
  isp_id BIGINT NOT NULL,         -- IspJrid; 0: given by another provider
  ours INTEGER NOT NULL,
  ips TEXT NOT NULL,              -- JSON [[IspIpid, Ipid, first, last], …], IPv4 as numbers
  state TEXT NOT NULL,            -- active, cancelled
  changed_at BIGINT NOT NULL
);
CREATE INDEX registered_accesses_by_site ON registered_accesses(site_id);
CREATE INDEX registered_accesses_by_bureau ON registered_accesses(bureau_id);
INSERT INTO registered_accesses (id, site_id, bureau_id, isp_id, ours, ips, state, changed_at)
  SELECT s.id, s.id, s.bureau_access_id, COALESCE(f.isp_access_id, 0), 1, '[]', 'active',
    s.approved_at
  FROM registered_sites s
  LEFT JOIN filing_sites f ON f.filing_id = s.filing_id AND f.site_key = s.site_key;

DROP TABLE registered_sites;
DROP TABLE registered_organisers;
ALTER TABLE organisers_now RENAME TO registered_organisers;
ALTER TABLE sites_now RENAME TO registered_sites;
CREATE INDEX registered_organisers_by_certificate ON registered_organisers(certificate_lookup);
CREATE INDEX registered_organisers_by_number ON registered_organisers(number);
CREATE INDEX registered_organisers_by_bureau ON registered_organisers(bureau_id);
CREATE INDEX registered_organisers_by_account ON registered_organisers(account_id);
CREATE INDEX registered_sites_by_organiser ON registered_sites(organiser_id);
CREATE INDEX registered_sites_by_number ON registered_sites(number);
CREATE INDEX registered_sites_by_bureau ON registered_sites(bureau_id);

-- A filing that begins from what is registered names it; each of its websites may be decided on its
-- own.
ALTER TABLE filings ADD COLUMN organiser_id BIGINT;
ALTER TABLE filing_sites ADD COLUMN registered_site_id BIGINT;
ALTER TABLE filing_sites ADD COLUMN outcome TEXT;   -- passed, refused; NULL: not decided
CREATE INDEX filings_by_organiser ON filings(organiser_id) WHERE organiser_id IS NOT NULL;
CREATE INDEX filing_sites_by_registered ON filing_sites(registered_site_id)
  WHERE registered_site_id IS NOT NULL;

-- Filing passwords tried at a bureau: its limit is counted here, so that it is never reached there.
CREATE TABLE password_tries (
  id BIGINT PRIMARY KEY,
  number_lookup BLOB NOT NULL,
  tried_at BIGINT NOT NULL
);
CREATE INDEX password_tries_by_number ON password_tries(number_lookup, tried_at);
