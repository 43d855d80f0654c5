-- What the outside world says of a domain, each time it was asked: evidence that stays.
CREATE TABLE domain_checks (
  id BIGINT PRIMARY KEY,
  domain TEXT NOT NULL,           -- registrable, A-label form
  what TEXT NOT NULL,             -- registration (RDAP, WHOIS), website (DNS and home page)
  state TEXT NOT NULL,            -- waiting, done, failed
  result_sealed BLOB,             -- JSON; a registration may name a person
  asked_at BIGINT NOT NULL,
  done_at BIGINT
);
CREATE INDEX domain_checks_by_domain ON domain_checks(domain, what, id);

-- Keyed hashes of the mobiles and certificates of responsible persons, to find one that serves
-- another organiser.
CREATE TABLE person_marks (
  lookup BLOB NOT NULL,
  organiser_id BIGINT NOT NULL REFERENCES registered_organisers(id) ON DELETE CASCADE,
  place TEXT NOT NULL,            -- principal, or the website's id
  PRIMARY KEY (lookup, organiser_id, place)
);
CREATE INDEX person_marks_by_organiser ON person_marks(organiser_id, place);
