# shellcheck shell=bash disable=SC2154 # status, output and stderr are set by run
# helpers.bash - functions that the bats files share.

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
SNARL=${SNARL:-$ROOT/build/snarl}
BUILD=$(dirname "$SNARL")
FIXTURES=$BUILD/fixtures

# Neither variables of the user's shell nor a terminal's type may change the tests.
unset NO_COLOR SNARL_BUILD
export TERM=dumb

# case_holds NAME ENGINE [BUDGET]: the case behaves as its variant declares: caught, clean, or
# blind.
case_holds() {
	run "$SNARL" run "$1" --engine "$2" --profile delays --budget "${3:-2s}" --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	echo "$output"
	[ "$status" -eq 77 ] && skip "$output"
	[ "$status" -eq 0 ]
}

# snarl COMMAND...: run it with stdout in $output and stderr in $stderr. All processes that it
# starts carry a mark, by which left_behind finds them.
snarl() {
	run --separate-stderr env SNARL_TEST_MARK="$BATS_TEST_TMPDIR" "$SNARL" "$@"
}

# on_fixtures COMMAND...: the same, on the variants in bats/fixtures.
on_fixtures() {
	SNARL_BUILD=$FIXTURES snarl "$@"
}

# fixture NAME ENGINE [OPTION]...: run a case of bats/fixtures; $output has its JSON.
fixture() {
	on_fixtures run "$1" --engine "$2" --json --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db" "${@:3}"
}

# The engines that fixtures were built for, one per line.
engines() {
	(cd "$FIXTURES/obj" && printf '%s\n' */ledger) | cut -d/ -f1
}

# field NAME, or field '| FILTER': that field of the JSON objects in $output, one per line
field() {
	jq -r ".$1" <<<"$output"
}

# has TEXT [IN]: whether the text is in $output, or in IN; a long line may go on in the next
has() {
	grep -qF -- "$1" <<<"${2-$output}" || grep -qF -- "$1" < <(tr -s '[:space:]' ' ' <<<"${2-$output}")
}

lacks() {
	if has "$@"; then
		echo "must not have: $1"
		return 1
	fi
}

# refused STATUS: snarl exited with it, with one sentence on stderr and nothing on stdout. A list of
# valid words may continue in indented lines.
refused() {
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[[ $stderr == "snarl: "* ]]
	[ "$(grep -vc '^        ' <<<"$stderr")" -eq 1 ]
}

# sealed TEXT: a token with the correct checksum, whatever its fields say (see
# harness/protocol/token.c)
sealed() {
	local hash=2166136261 i byte
	for ((i = 0; i < ${#1}; i++)); do
		printf -v byte %d "'${1:i:1}"
		hash=$((((hash ^ byte) * 16777619) & 0xffffffff))
	done
	printf '%s.%06x' "$1" $((((hash >> 24) ^ hash) & 0xffffff))
}

# query SQL [FILE]: query the test's store
query() {
	sqlite3 -cmd '.timeout 10000' "${2:-$BATS_TEST_TMPDIR/snarl.db}" "$1"
}

# The processes that this test's snarl started and that still exist, one per line.
left_behind() {
	grep -lzsxF "SNARL_TEST_MARK=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ |
		sed 's|/proc/\([0-9]*\)/.*|\1|' || true
}

# Give the last processes time to end, since a killed parent does not wait for its children.
all_gone() {
	for _ in {1..40}; do
		[ -z "$(left_behind)" ] && return 0
		sleep 0.05
	done
	echo "left behind: $(left_behind | xargs -r ps -o pid=,ppid=,stat=,args= -p)"
	return 1
}

# For teardown: a failed test must not keep the machine busy during the next one.
end_all() {
	left_behind | xargs -r kill -9 2>"$BATS_TEST_TMPDIR/ended" || true # some end meanwhile
}
