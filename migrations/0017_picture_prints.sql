-- A photograph of a person is known again after it was re-encoded, resized or trimmed a little: by
-- its print (a small grey copy of it), kept sealed, and by keyed hashes of the print's bands, under
-- which prints worth comparing are found. Without the key the hashes say no more than that two
-- pictures share a band.
CREATE TABLE picture_prints (
  material_id BIGINT PRIMARY KEY REFERENCES materials(id) ON DELETE CASCADE,
  print_sealed BLOB NOT NULL
);
CREATE TABLE picture_bands (
  band_lookup BLOB NOT NULL,
  material_id BIGINT NOT NULL REFERENCES materials(id) ON DELETE CASCADE,
  PRIMARY KEY (band_lookup, material_id)
);
CREATE INDEX picture_bands_by_material ON picture_bands(material_id);

-- What the comparison found: the later one is a copy of the earlier one.
CREATE TABLE picture_copies (
  material_id BIGINT NOT NULL REFERENCES materials(id) ON DELETE CASCADE,
  of_id BIGINT NOT NULL REFERENCES materials(id) ON DELETE CASCADE,
  PRIMARY KEY (material_id, of_id)
);
CREATE INDEX picture_copies_by_original ON picture_copies(of_id);
