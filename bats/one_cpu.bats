#!/usr/bin/env bats
# One CPU: actors interleave only where one of them yields, so stress depends on injection, and
# still catches bugs.
# bats file_tags=one_cpu,stress

load helpers

# held SCENARIO FILTER BUDGET: the chosen variants behave as they declare on one CPU
held() {
	cpu=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
	mapfile -t names < <("$SNARL" list "$1" --json |
		jq -r "select($2) | .scenario + \"/\" + .variant")
	[ "${#names[@]}" -gt 0 ]
	run --separate-stderr taskset -c "$cpu" "$SNARL" run "${names[@]}" --engine stress \
		--profile delays --budget "$3" --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	echo "$output"
	[ "$status" -eq 0 ]
	has "${#names[@]} of ${#names[@]} cases"
}

@test "broken counters are caught on one CPU" {
	held counter '.expect.bug != "clean"' 2s
}

@test "correct counters are clean on one CPU" {
	held counter '.expect.bug == "clean"' 300ms
}

@test "broken bounded buffers are caught on one CPU" {
	held bounded_buffer '.expect.bug != "clean"' 2s
}

@test "correct bounded buffers are clean on one CPU" {
	held bounded_buffer '.expect.bug == "clean"' 300ms
}

@test "a lock that does nothing is caught on one CPU, with a yield at its counter" {
	cpu=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
	for _ in {1..5}; do
		run --separate-stderr env SNARL_BUILD="$FIXTURES" taskset -c "$cpu" "$SNARL" run \
			canary/point_between_races --engine stress --json --show-progress=never \
			--inject increment/between:yield:p=0.5 --db "$BATS_TEST_TMPDIR/snarl.db"
		[ "$status" -eq 0 ]
		[ "$(field outcome)" = caught ]
	done
}
