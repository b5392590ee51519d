-- The store. A case is one row: columns for what queries use, `detail` (run/result.h) for the rest.
PRAGMA application_id = 0x736e726c; -- "snrl"
PRAGMA user_version = 6;
-- The identity of a run is the same in every store that has it. Runs of one campaign are its parts:
-- each has the cases of one shard.
CREATE TABLE IF NOT EXISTS run (
	run INTEGER PRIMARY KEY,
	began TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
	ended TEXT,
	how TEXT, -- done, interrupted; NULL: killed, or still going
	environment TEXT NOT NULL,
	identity TEXT,
	campaign TEXT,
	shard INTEGER,
	shards INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS run_identity ON run (identity);
CREATE TABLE IF NOT EXISTS result (
	"case" INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	scenario TEXT NOT NULL,
	variant TEXT NOT NULL,
	engine TEXT NOT NULL,
	verdict TEXT NOT NULL,
	outcome TEXT NOT NULL,
	executions INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	first_failure_execution INTEGER,
	seconds REAL NOT NULL,
	token TEXT NOT NULL,
	message TEXT NOT NULL,
	detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS result_run ON result (run);
CREATE INDEX IF NOT EXISTS result_name ON result (scenario, variant, engine);
-- Each text is stored once, however many runs refer to it.
CREATE TABLE IF NOT EXISTS text (
	hash INTEGER PRIMARY KEY,
	text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS source (
	run INTEGER NOT NULL REFERENCES run,
	path TEXT NOT NULL,
	hash INTEGER NOT NULL REFERENCES text,
	PRIMARY KEY (run, path)
);
