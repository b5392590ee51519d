-- The store. A case is one row and what hangs on it; shapes of the JSON columns: run/result.h.
PRAGMA application_id = 0x736e726c; -- "snrl"
PRAGMA user_version = 3;
CREATE TABLE run (
	run INTEGER PRIMARY KEY,
	began TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
	ended TEXT,
	how TEXT, -- done, interrupted; NULL: killed, or still going
	environment TEXT NOT NULL
);
CREATE TABLE result (
	"case" INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run,
	scenario TEXT NOT NULL,
	variant TEXT NOT NULL,
	engine TEXT NOT NULL,
	verdict TEXT NOT NULL,
	expected TEXT NOT NULL,
	outcome TEXT NOT NULL,
	oracle TEXT NOT NULL,
	executions INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	first_failure_execution INTEGER,
	seconds REAL NOT NULL,
	seed INTEGER NOT NULL,
	arm TEXT,
	token TEXT NOT NULL,
	message TEXT NOT NULL,
	output TEXT NOT NULL,
	rules TEXT NOT NULL,
	catalog TEXT NOT NULL
);
CREATE INDEX result_run ON result (run);
CREATE INDEX result_name ON result (scenario, variant, engine);
CREATE TABLE outcome (
	"case" INTEGER NOT NULL REFERENCES result,
	label TEXT NOT NULL,
	kinds TEXT NOT NULL,
	message TEXT NOT NULL,
	count INTEGER NOT NULL
);
CREATE INDEX outcome_case ON outcome ("case");
CREATE TABLE failure (
	"case" INTEGER PRIMARY KEY REFERENCES result,
	races TEXT NOT NULL,
	observed TEXT NOT NULL,
	trace TEXT NOT NULL DEFAULT '[]',
	shape TEXT NOT NULL DEFAULT '{}',
	coverage TEXT,
	waits TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE injection (
	"case" INTEGER NOT NULL REFERENCES result,
	rule TEXT NOT NULL,
	count INTEGER NOT NULL
);
CREATE INDEX injection_case ON injection ("case");
-- Texts are kept once, whatever number of runs saw them.
CREATE TABLE text (
	hash INTEGER PRIMARY KEY,
	text TEXT NOT NULL
);
CREATE TABLE source (
	run INTEGER NOT NULL REFERENCES run,
	path TEXT NOT NULL,
	hash INTEGER NOT NULL REFERENCES text,
	PRIMARY KEY (run, path)
);
