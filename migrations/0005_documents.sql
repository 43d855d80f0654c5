-- What a program saw in an uploaded picture, and a keyed mark of the picture itself, by which the
-- same one is found again elsewhere without keeping anything readable.
CREATE TABLE inspections (
  material_id BIGINT PRIMARY KEY REFERENCES materials(id) ON DELETE CASCADE,
  state TEXT NOT NULL,            -- waiting, done, failed
  result_sealed BLOB,             -- JSON: findings, fields read, codes
  done_at BIGINT
);

CREATE TABLE picture_marks (
  material_id BIGINT PRIMARY KEY REFERENCES materials(id) ON DELETE CASCADE,
  lookup BLOB NOT NULL
);
CREATE INDEX picture_marks_by_lookup ON picture_marks(lookup);
