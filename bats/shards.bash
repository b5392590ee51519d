# shellcheck shell=bash disable=SC2154 # output and status are set by run
# shards.bash - campaigns of several processes: what their tests share.

# A few seconds of fixtures.
SELECTED=(claims/always_wrong claims/claims_a_bug_it_does_not_have injection --engine stress --budget 100ms)

# campaign OPTION...: run a few fixtures in shards, in the folder c; $output has both outputs
campaign() {
	SNARL_BUILD=$FIXTURES run env SNARL_TEST_MARK="$BATS_TEST_TMPDIR" "$SNARL" campaign --dir c "$@" \
		"${SELECTED[@]}"
	echo "$output"
}

resume() {
	SNARL_BUILD=$FIXTURES run env SNARL_TEST_MARK="$BATS_TEST_TMPDIR" "$SNARL" campaign --resume c
	echo "$output"
}

# begin OPTION...: the same as campaign, in the background: $! is its process
begin() {
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "$SNARL" campaign --dir c "$@" \
		"${SELECTED[@]}" >out 2>&1 3>&- &
}

# whole: every case of the campaign in c has one result in its merged store
whole() {
	query "SELECT scenario || '/' || variant || ' ' || engine FROM result" c/all.db | sort | diff <(sort c/cases) -
	[ "$(query 'PRAGMA integrity_check' c/all.db)" = ok ]
	[ -s c/report/index.html ]
}

# same_as_alone: one process has the same outcomes
same_as_alone() {
	local code=$status
	SNARL_BUILD=$FIXTURES run "$SNARL" run "${SELECTED[@]}" \
		--show-progress=never --db alone.db
	[ "$code" -eq "$status" ]
	diff <(outcomes c/all.db) <(outcomes alone.db)
}

outcomes() {
	query "SELECT scenario, variant, engine, outcome FROM result ORDER BY 1, 2, 3" "$1"
}

# moments ACTOR...: whom to kill at each of the random moments, one per line; MOMENTS says how many
# there are, otherwise each is killed once
moments() {
	local at
	for ((at = 0; at < ${MOMENTS:-$#}; at++)); do
		echo "${@:at % $# + 1:1}"
	done
}

# some_time: up to a second
some_time() {
	sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
}

# strike PATTERN: kill -9 one of this test's processes with such a command line, if there is any
strike() {
	local pid
	pid=$(left_behind | xargs -r ps -o pid=,args= -p | grep -E -- "$1" | shuf -n 1 | awk '{ print $1 }')
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
}

# readme PATTERN: run the commands of README's chapter that match, quickly; each must work
readme() {
	local command code
	while read -r command; do
		case $command in *" counter "*) command="$command --executions 100" ;; esac
		echo "$command"
		code=0
		PATH=$BUILD:$PATH SNARL_TEST_MARK=$BATS_TEST_TMPDIR sh -c "$command" </dev/null || code=$?
		[ "$code" -le 1 ] # few executions may miss a bug
	done < <(awk '/^## / { here = $0 == "## More than one machine" } /^```/ { code = !code } here && code' \
		"$ROOT/README.md" | grep -E -- "$1" | sed 's/  *#.*//')
}
