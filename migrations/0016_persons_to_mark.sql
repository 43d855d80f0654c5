-- Organisers registered before there were marks of their persons (0013): the job "marks" looks at
-- each once. Later ones are marked as they are written.
CREATE TABLE persons_to_mark (
  organiser_id BIGINT PRIMARY KEY
);
INSERT INTO persons_to_mark (organiser_id) SELECT id FROM registered_organisers;
