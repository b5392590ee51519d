#!/usr/bin/env bats
# Replay: a token holds a failing case's settings, seed and rules, and fails again.
# bats file_tags=replay

load helpers

# token_of NAME ENGINE [OPTION]...
token_of() {
	fixture "$@"
	field token
}

@test "a failing stress case has a token that fails again, with exit status 1" {
	token=$(token_of canary/lock_that_does_nothing stress --budget 2s)
	[[ $token == stress.canary.lock_that_does_nothing.* ]]
	on_fixtures replay "$token" --json
	[ "$status" -eq 1 ]
	[ "$(field verdict)" = lost-update ]
	[ "$(field outcome)" = caught ]
}

@test "a failing tsan case has a token that fails again, with exit status 1" {
	token=$(token_of canary/lock_that_does_nothing tsan --budget 2s)
	[[ $token == tsan.canary.lock_that_does_nothing.* ]]
	on_fixtures replay "$token" --json
	[ "$status" -eq 1 ]
	[ "$(field verdict)" = data-race ]
}

@test "tokens of a crash and of a hang fail again" {
	for name in segfaults never_ends; do
		token=$(token_of misbehaves/$name stress)
		on_fixtures replay "$token" --json
		[ "$status" -eq 1 ]
	done
}

@test "tokens of a false alarm and of a missed bug fail again" {
	for name in correct_with_a_bug wrong_kind; do
		token=$(token_of claims/$name stress --budget 2s)
		[ -n "$token" ]
		on_fixtures replay "$token"
		[ "$status" -eq 1 ]
	done
}

@test "replay prints the failure, and stores nothing" {
	token=$(token_of claims/always_wrong stress)
	on_fixtures replay "$token"
	[ "$status" -eq 1 ]
	has "counter is 2, expected 3"
	[ "$(query 'SELECT count(*) FROM result')" -eq 1 ]
}

@test "a replay keeps the seed and the rules" {
	rule=libc/mm/malloc:errno=ENOMEM:p=0.5
	fixture injection/malloc_fails stress --budget 3s --seed 77 --inject "$rule"
	[ "$(field outcome)" = caught ]
	token=$(field token)
	on_fixtures replay "$token" --json
	[ "$status" -eq 1 ]
	[ "$(field seed)" -eq 77 ]
	[ "$(field '| [.injections[].rule] | join(" ")')" = "$rule" ]
	[ "$(field token | cut -d. -f1-4)" = "$(cut -d. -f1-4 <<<"$token")" ]
}

@test "a replay makes the same decisions as the last one" {
	token=$(token_of injection/malloc_fails stress --budget 3s \
		--inject libc/mm/malloc:errno=ENOMEM:p=0.5)
	on_fixtures replay "$token" --executions 40 --json
	first=$(field '| [.failures, .injections[].count] | @json')
	jq -e '.injections[0].count > 0' <<<"$output"
	on_fixtures replay "$token" --executions 40 --json
	[ "$(field '| [.failures, .injections[].count] | @json')" = "$first" ]
}

@test "a replay that does not fail again exits with 0" {
	# A single execution of this race may fail or not: the exit code must show which.
	token=$(token_of claims/correct_with_a_bug stress --budget 2s)
	for _ in {1..20}; do
		on_fixtures replay "$token" --executions 1 --json
		[ "$status" -eq "$(field '| if .failures > 0 then 1 else 0 end')" ]
	done
}

@test "a clean case has no token" {
	[ -z "$(token_of claims/may_see_nothing stress --executions 10)" ]
}

@test "a damaged token is refused with a sentence, wherever the damage is" {
	token=$(token_of claims/always_wrong stress --inject increment/begun:yield)
	length=${#token}
	for ((at = 0; at < length; at += 3)); do
		letter=x
		[ "${token:at:1}" != x ] || letter=y
		snarl replay "${token:0:at}$letter${token:at+1}"
		echo "at $at: $stderr"
		refused 2
		has token "$stderr" || has checksum "$stderr"
	done
	for ((keep = 0; keep < length; keep += 7)); do
		snarl replay "${token:0:keep}"
		refused 2
	done
	for other in "$token$token" "$token " " $token" "$token." .......  "$(printf 'a%.0s' {1..5000})"; do
		snarl replay "$other"
		refused 2
	done
}

@test "a token of a variant or an engine that this build does not have is refused" {
	token=$(token_of claims/always_wrong stress --executions 10)
	[ "$(sealed "${token%.*}")" = "$token" ]
	for name in stress.claims.no_such_thing stress.no_such_thing.always_wrong \
		valgrind.claims.always_wrong ...claims.always_wrong stress.claims.; do
		on_fixtures replay "$(sealed "$name.1.0.0")"
		echo "$name: $stderr"
		refused 2
	done
	# a token whose variant belongs to another build
	snarl replay "$token"
	refused 2
	has "claims/always_wrong" "$stderr"
}

@test "a token with a correct checksum and wrong fields is refused" {
	for fields in stress.claims.always_wrong.x.0.0 stress.claims.always_wrong.1.0 \
		stress.claims.always_wrong.1.fff.0 stress.claims.always_wrong.-1.0.0 \
		stress.claims.always_wrong.11111111111111111.0.0 \
		'stress.claims.always_wrong.1.0.0.!!!!' stress.claims.always_wrong.1.0.0.AAAA.BBBB \
		stress.claims.always_wrong.1.0.0.Zm9v; do # Zm9v: foo, which is no rule
		on_fixtures replay "$(sealed "$fields")"
		echo "$fields: $status $stderr"
		refused 2
	done
}

@test "replay takes exactly one token" {
	snarl replay
	refused 2
	snarl replay a b
	refused 2
}
