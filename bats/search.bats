#!/usr/bin/env bats
# How many schedules explore needs to the bug, and snarl bench search, which measures it.
# bats file_tags=explore, shares-cores

load helpers

# figure NAME FIELD: a field of that figure in $output
figure() {
	jq -r "select(.name == \"search/$1\") | .$2" <<<"$output"
}

@test "the order bug of equal setters is found in a few schedules, however many they are" {
	on_fixtures bench search/{rff,auto}/setters/n{3,5,10,50,100} --json
	[ "$status" -eq 0 ]
	for name in {rff,auto}/setters/n{3,5,10,50,100}; do
		echo "$name: found $(figure $name found), mean $(figure $name value), most $(figure $name most)"
		[ "$(figure $name found)" -eq 20 ]
		[ "$(figure $name value | cut -d. -f1)" -le 20 ]
		[[ $name != rff/* ]] || [ "$(figure $name most | cut -d. -f1)" -le 100 ]
	done
	# More setters make it no harder, while a random walk needs many times more.
	jq -es 'map({key: .name, value: .value}) | from_entries
		| ."search/auto/setters/n10" < 3 * ."search/auto/setters/n3"' <<<"$output"
}

@test "bench search counts schedules, by strategy and by case" {
	on_fixtures bench search/pos/explore/{deadlock_ab_ba,lock_held_at_end} --json
	[ "$status" -eq 0 ]
	# Every execution of this one fails.
	[ "$(figure pos/explore/lock_held_at_end found)" -eq 20 ]
	[ "$(figure pos/explore/lock_held_at_end most | cut -d. -f1)" -eq 1 ]
	[ "$(figure pos/explore/deadlock_ab_ba most | cut -d. -f1)" -gt 1 ]
	[ "$(figure pos runs)" -eq 40 ]
	[ "$(figure pos cases)" -eq 2 ]
	[ -z "$(figure random value)" ]
	run jq -es 'all(.v == 1 and .type == "bench" and .unit == "schedules" and .value <= .most)' <<<"$output"
	[ "$status" -eq 0 ]
}

@test "bench search is the same whenever it is run" {
	on_fixtures bench search/auto/explore/order_violation_n3 --json
	first=$(jq -c 'del(.median_ms)' <<<"$output")
	[ -n "$first" ]
	on_fixtures bench search/auto/explore/order_violation_n3 --json
	[ "$(jq -c 'del(.median_ms)' <<<"$output")" = "$first" ]
}

@test "bench search as text has a line per case and one per strategy" {
	on_fixtures bench search/rff/explore/deadlock_ab_ba
	[ "$status" -eq 0 ]
	grep -E '^explore/deadlock_ab_ba +[0-9]+\.[0-9]' <<<"$output"
	grep -E '^rff +[0-9.]+ +[0-9.]+ +[0-9.]+ +20 of +20 +1 of +1$' <<<"$output"
}

@test "the search is measured in sources anywhere" {
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	snarl bench search/auto "$ROOT/bats/programs/ticket_sale.c" --json
	[ "$status" -eq 0 ]
	[ "$(figure auto/programs/ticket_sale found)" -eq 20 ]
	[ "$(figure auto cases)" -eq 1 ]
	snarl bench explore "$ROOT/bats/programs/ticket_sale.c"
	refused 2
}

@test "a search that bench does not have is refused" {
	on_fixtures bench search/nothing
	[ "$status" -eq 4 ]
}

@test "a search that delays actors reports no livelock where the others poll" {
	on_fixtures run explore/correct_{two_pollers,busy_wait,trylock_backoff,barrier,condition} \
		--engine explore --strategy rff --seed 1 --repeat 5 --executions 2000 --budget 20s --json \
		--show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	run jq -r 'select(.type == "case" and .outcome != "clean")
		| "\(.variant): \(.outcome), \(.verdict), \(.message)"' <<<"$output"
	echo "$output"
	[ -z "$output" ]
}
