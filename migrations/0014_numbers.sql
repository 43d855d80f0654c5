-- The numbers people look at, rolled up by day from what happened, and the posting of backdrops.

-- How often something happened on a day in China. Whoever asks for a period adds up days; nothing
-- is counted from the events when a page is opened.
CREATE TABLE daily_counts (
  measure TEXT NOT NULL,          -- step, first, reason, reviewer, message, queue
  day TEXT NOT NULL,              -- YYYY-MM-DD
  province TEXT NOT NULL,         -- empty where it has none
  kind TEXT NOT NULL,
  item TEXT NOT NULL,             -- of the measure: see src/store/statistics.h
  n BIGINT NOT NULL,
  PRIMARY KEY (measure, day, province, kind, item)
);
-- How long it took, as histograms that can be added up: "bucket:count …" (src/filing/waits.h).
CREATE TABLE daily_waits (
  measure TEXT NOT NULL,          -- step, way, reviewer
  day TEXT NOT NULL,
  province TEXT NOT NULL,
  kind TEXT NOT NULL,
  item TEXT NOT NULL,
  elapsed TEXT NOT NULL,          -- by the clock on the wall
  working TEXT NOT NULL,          -- the same without days off
  PRIMARY KEY (measure, day, province, kind, item)
);
CREATE TABLE daily_rolled (
  day TEXT PRIMARY KEY,
  rolled_at BIGINT NOT NULL
);
CREATE INDEX events_by_time ON events(at);
CREATE INDEX corrections_by_time ON corrections(at);
CREATE INDEX messages_by_time ON messages(created_at);

-- A backdrop order: requested, posted, delivered, returned (came back), cancelled (not needed any
-- more). One that is sent again is a new order that names the one before it.
ALTER TABLE backdrops ADD COLUMN kind TEXT NOT NULL DEFAULT 'standard';  -- data/backdrops.json
ALTER TABLE backdrops ADD COLUMN printed_at BIGINT;                      -- its label, last time
ALTER TABLE backdrops ADD COLUMN ended_at BIGINT;                        -- delivered, returned, cancelled
ALTER TABLE backdrops ADD COLUMN end_reason TEXT NOT NULL DEFAULT '';    -- why returned or cancelled
ALTER TABLE backdrops ADD COLUMN again_of BIGINT;
-- Every tracking number belongs to one order, whoever enters it and however often.
CREATE TABLE backdrop_parcels (
  tracking_number TEXT PRIMARY KEY,
  backdrop_id BIGINT NOT NULL,
  at BIGINT NOT NULL
);

-- How many backdrops of a kind lie in the store room; without a row nobody has counted them yet.
CREATE TABLE backdrop_stock (
  kind TEXT PRIMARY KEY,
  n BIGINT NOT NULL,
  low BIGINT NOT NULL             -- fewer than this many: time to order some
);
CREATE TABLE backdrop_moves (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  reason TEXT NOT NULL,           -- received, posted, returned, lost, counted
  delta BIGINT NOT NULL,
  n BIGINT NOT NULL,              -- in stock afterwards
  backdrop_id BIGINT,
  note TEXT NOT NULL
);
CREATE INDEX backdrop_moves_by_kind ON backdrop_moves(kind, id);
