-- Why the file of an output cannot be written; and what a running daemon works by, masked, as one JSON object.
ALTER TABLE consumers ADD COLUMN trouble text;
ALTER TABLE consumers ADD COLUMN trouble_since timestamptz;
CREATE TABLE settings_in_use (settings text NOT NULL);
