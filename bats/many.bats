#!/usr/bin/env bats
# Executions with as many actors as there can be: 128, with the threads that actors create.
# bats file_tags=explore, stress, tsan

load helpers

@test "with 128 actors correct variants are clean, and explore finds the broken ones" {
	on_fixtures run many --engine explore --budget 2s --json --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(field '| "\(.outcome) \(.variant)"' | sort)" = "caught checked_too_early
caught last_one_unlocked
clean correct_127_threads
clean correct_128_actors" ]
}

@test "with 128 actors on real threads nothing is reported falsely" {
	for engine in $(engines | grep -v explore); do
		for variant in correct_127_threads correct_128_actors; do
			fixture many/$variant "$engine" --executions 20 --budget 10s
			[ "$status" -eq 0 ]
			[ "$(field outcome)" = clean ]
			[ "$(field executions)" -gt 0 ]
		done
	done
}

@test "auto finds that one of a hundred setters has not run yet, with every seed" {
	for seed in 1 2 3 4 5; do
		fixture many/checked_too_early explore --strategy auto --seed $seed --budget 10s
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = stale-read ]
	done
	token=$(field token)
	on_fixtures replay "$token" --json
	[ "$status" -eq 1 ]
	[ "$(field verdict)" = stale-read ]
}

@test "dfs finds it among the schedules without preemptions" {
	fixture many/checked_too_early explore --strategy dfs --preemptions 0 --budget 10s
	[ "$(field outcome)" = caught ]
}

@test "of many actors those have lanes that the cause concerns, and the culprit is shown" {
	for seed in 2 3 5 18 28; do
		on_fixtures run many/last_one_unlocked --engine explore --seed $seed --budget 10s \
			--color never --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
		grep -qE '^ +a.* (u…ed|unlocked)( +others)? *$' <<<"$output"
		has "unlocked's write" || has "unlocked wrote"
		has "✗ its read"
		[ "$(grep -cE '^ +[0-9]+ ' <<<"$output")" -le 20 ]
	done
	on_fixtures report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
}
