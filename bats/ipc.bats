#!/usr/bin/env bats
# All scenarios of processes: what each engine must do with them, whatever they are about.
# bats file_tags=ipc, shares-cores

load helpers

# The scenarios whose actors are processes, one per line.
of_processes() {
	"$SNARL" list --json | jq -r 'select(.isolation == "processes") | .scenario' | sort -u
}

# Correct variants of scenario $1 on engine $2, as arguments.
correct_of() {
	"$SNARL" list --cases | awk -v scenario="$1/" -v engine="$2" \
		'index($1, scenario) == 1 && $2 == engine && $3 == "clean" { print $1 }'
}

@test "results that the system may return at any time break no correct variant" {
	for engine in stress tsan explore; do
		for scenario in $(of_processes); do
			# shellcheck disable=SC2046 # one argument per variant
			snarl run $(correct_of "$scenario" "$engine") --engine "$engine" --profile faults \
				--budget 100ms --json --db "$BATS_TEST_TMPDIR/snarl.db"
			echo "$output" | jq -c '{variant, engine, outcome, message}'
			[ "$status" -eq 0 ] || [ "$status" -eq 77 ]
		done
	done
}

@test "explore replays failures of processes step by step" {
	for scenario in shm_buffer direct_message mailbox sync_async ordinary_pipe named_pipe port_message; do
		snarl run "$scenario" --engine explore --json --db "$BATS_TEST_TMPDIR/snarl.db"
		[ "$status" -eq 0 ]
		tokens=$(jq -r 'select(.outcome == "caught") | .token' <<<"$output")
		[ -n "$tokens" ]
		for token in $tokens; do
			for _ in 1 2 3 4; do
				! "$SNARL" replay "$token" --json || return 1
			done >"$BATS_TEST_TMPDIR/replays"
			[ "$(jq -cS 'del(.seconds)' "$BATS_TEST_TMPDIR/replays" | uniq -c | awk '{ print $1 }')" = 4 ]
		done
	done
}

@test "no case of processes leaves a name behind" {
	SNARL_FOLDER=$(mktemp -d /dev/shm/snarl-XXXXXX)
	export SNARL_FOLDER
	snarl run ordinary_pipe named_pipe shm_buffer --budget 100ms --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$(field executions | awk '$1 > 0' | wc -l)" -ge 20 ]
	rmdir "$SNARL_FOLDER"
}

@test "all engines name the same end of the channel in which an actor is stuck" {
	for engine in stress tsan explore; do
		snarl run ordinary_pipe/both_pipes_full --engine "$engine" --json --show-progress=never \
			--db "$BATS_TEST_TMPDIR/snarl.db"
		echo "$engine: $output"
		[ "$(field outcome)" = caught ]
		[ "$(field 'waits.actors | map("\(.actor) \(.for)") | sort | join(", ")')" = \
			"client asked[1], server answered[1]" ]
	done
}
