#!/usr/bin/env bats
# The templates for CI: each command in them runs here, in order, with two shards. A job has a clean
# root, and the sources as they are checked out; the first one builds them, and the others find that
# done, to save time.
# bats file_tags=shares-cores

load helpers
load clean

# scripts FILE JOB: the job's commands as step-01, step-02, ...; a step of GitHub is a script, and
# GitLab runs all of them as one
scripts() {
	rm -f step-*
	python3 - "$ROOT/contrib/ci/$1" "$2" <<-'END'
		import sys, yaml
		file = yaml.safe_load(open(sys.argv[1]))
		if "jobs" in file:
		    scripts = [step["run"] for step in file["jobs"][sys.argv[2]]["steps"] if "run" in step]
		else:
		    before = file[".snarl"]["before_script"] if "extends" in file[sys.argv[2]] else []
		    scripts = ["\n".join(before + file[sys.argv[2]]["script"])]
		for number, script in enumerate(scripts, 1):
		    open("step-%02d" % number, "w").write(script + "\n")
	END
}

# project: a folder with two scenarios, and a place for snarl's sources
project() {
	mkdir -p "$1/races" "$1/snarl"
	for name in one other; do
		cat >"$1/races/$name.c" <<-'END'
			#include <snarl.h>

			struct count {
				int count;
			};

			static void add(void *state, struct snarl_actor *self)
			{
				struct count *count = state;

				(void)self;
				__atomic_fetch_add(&count->count, 1, __ATOMIC_SEQ_CST);
			}

			static void check(void *state)
			{
				snarl_expect_eq(SNARL_LOST_UPDATE, ((struct count *)state)->count, 2, "count");
			}

			const struct snarl_scenario scenario = {
				.state_size = sizeof(struct count),
				.actors = {{"alice", add}, {"bob", add}},
				.check = check,
			};
		END
	done
}

# job FILE JOB FOLDER: run it there, as CI does; what it adds to PATH holds from the next step on
job() {
	local code=0
	cd "$BATS_TEST_TMPDIR/$3"
	: >ci.path
	: >summary.md
	scripts "$1" "$2"
	in_clean "$PWD=/ci" "$BATS_FILE_TMPDIR/snarl=/ci/snarl" -- env \
		SNARL_RUN="./races --engine explore --budget 200ms" PREFIX=/ci/.snarl \
		SHARD="$shard" SHARDS=2 CI_NODE_INDEX="$shard" CI_NODE_TOTAL=2 \
		GITHUB_RUN_ID="$run" CI_PIPELINE_ID="$run" \
		GITHUB_PATH=/ci/ci.path GITHUB_STEP_SUMMARY=/ci/summary.md \
		bash -eu -c 'cd /ci
			for step in step-*; do
				echo "$step: $(head -n 1 "$step")"
				PATH=$(tr "\n" : <ci.path)$PATH bash -eo pipefail "$step"
			done' || code=$?
	cat summary.md >>"$BATS_TEST_TMPDIR/summary.md"
	cd "$BATS_TEST_TMPDIR"
	return "$code"
}

# merge FILE: the job that merges the shards' stores; returns how it ended
merge() {
	rm -rf merge
	cp -r project merge
	cp job[12]/shard-*.db merge
	[ ! -e main.db ] || cp main.db merge
	job "$1" merge merge
}

# pipeline FILE: two shards of a new run, and their merge
pipeline() {
	run=$((run + 1))
	for shard in 1 2; do
		rm -rf "job$shard"
		cp -r project "job$shard"
		[ ! -e main.db ] || cp main.db "job$shard"
		job "$1" shard "job$shard"
	done
	merge "$1"
}

# gate FILE: what main has passes, and something new does not
gate() {
	run=0
	project project
	pipeline "$1"
	[ -s merge/report/index.html ]
	[ -s merge/snarl.sarif ]
	xmllint --noout merge/junit.xml
	[ "$(query 'SELECT count(*) FROM result' merge/all.db)" -eq 2 ]
	cp merge/all.db main.db # whose times are the weights from now on
	sed -i 's/__atomic_fetch_add.*/count->count = count->count + 1;/' project/races/other.c
	code=0
	pipeline "$1" || code=$?
	[ "$code" -eq 1 ]
	cp merge/all.db main.db
	merge "$1" # it is not new any more
}

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/snarl"
	(cd "$ROOT" && tar --exclude=./build --exclude=./.git --exclude=node_modules -c .) |
		tar -x -C "$BATS_FILE_TMPDIR/snarl"
}

setup() {
	python3 -c 'import yaml' 2>"$BATS_TEST_TMPDIR/errors" || skip "there is no YAML for Python"
	clean_needed
	cd "$BATS_TEST_TMPDIR"
}

@test "GitHub Actions: shards, merge, artefacts, and the gate" {
	gate github.yml
	has "| new |" "$(cat summary.md)"
}

@test "GitLab: shards, merge, artefacts, and the gate" {
	gate gitlab.yml
	rm merge/main.db
	job gitlab.yml keep merge
	cmp merge/all.db merge/main.db
}
