#!/usr/bin/env bats
# The templates for CI: each command in them runs here, in order, with two shards.
# bats file_tags=shares-cores

load helpers

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
	has_junit || sed -i '/--format junit/d' step-*
}

has_junit() {
	! "$SNARL" export --format junit --db none.db 2>&1 | grep -q 'does not exist yet'
}

# project: a folder with two scenarios, and snarl's sources
project() {
	mkdir -p "$1/races"
	ln -s "$ROOT" "$1/snarl"
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
	local step code=0 path=/usr/local/bin:/usr/bin:/bin
	cd "$BATS_TEST_TMPDIR/$3"
	: >ci.path
	scripts "$1" "$2"
	for step in step-*; do
		echo "$1, $2, $step: $(head -n 1 "$step")"
		env -i HOME="$HOME" XDG_CACHE_HOME="$BATS_TEST_TMPDIR/cache" PATH="$(tr '\n' ':' <ci.path)$path" \
			SNARL_RUN="./races --engine explore --budget 200ms" PREFIX="$BATS_FILE_TMPDIR/prefix" \
			SHARD="$shard" SHARDS=2 CI_NODE_INDEX="$shard" CI_NODE_TOTAL=2 \
			GITHUB_RUN_ID="$run" CI_PIPELINE_ID="$run" \
			GITHUB_PATH="$PWD/ci.path" GITHUB_STEP_SUMMARY="$BATS_TEST_TMPDIR/summary.md" \
			bash -eo pipefail "$step" || code=$?
		[ "$code" -eq 0 ] || break
	done
	cd "$BATS_TEST_TMPDIR"
	return "$code"
}

# merge FILE: the job that merges the shards' stores; returns how it ended
merge() {
	rm -rf merge
	cp -rP project merge
	cp job[12]/shard-*.db merge
	[ ! -e main.db ] || cp main.db merge
	job "$1" merge merge
}

# pipeline FILE: two shards of a new run, and their merge
pipeline() {
	run=$((run + 1))
	for shard in 1 2; do
		rm -rf "job$shard"
		cp -rP project "job$shard"
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
	! has_junit || xmllint --noout merge/junit.xml
	[ "$(query 'SELECT count(*) FROM result' merge/all.db)" -eq 2 ]
	cp merge/all.db main.db # whose times are the weights from now on
	sed -i 's/__atomic_fetch_add.*/count->count = count->count + 1;/' project/races/other.c
	code=0
	pipeline "$1" || code=$?
	[ "$code" -eq 1 ]
	cp merge/all.db main.db
	merge "$1" # it is not new any more
}

setup() {
	python3 -c 'import yaml' 2>"$BATS_TEST_TMPDIR/errors" || skip "there is no YAML for Python"
	cd "$BATS_TEST_TMPDIR"
}

@test "GitHub Actions: shards, merge, artefacts, and the gate" {
	gate github.yml
	has "| new |" "$(cat summary.md)"
}

@test "GitLab: shards, merge, artefacts, and the gate" {
	gate gitlab.yml
	cd merge
	scripts gitlab.yml keep
	bash -e step-01
	cmp all.db main.db
}
