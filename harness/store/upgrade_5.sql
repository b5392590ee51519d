-- Runs of version 5 had no identity. Theirs is made of what every copy of the store has.
ALTER TABLE run ADD COLUMN identity TEXT;
ALTER TABLE run ADD COLUMN campaign TEXT;
ALTER TABLE run ADD COLUMN shard INTEGER;
ALTER TABLE run ADD COLUMN shards INTEGER;
UPDATE run SET identity = began || ' ' || run;
CREATE UNIQUE INDEX run_identity ON run (identity);
PRAGMA user_version = 6;
