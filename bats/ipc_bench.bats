#!/usr/bin/env bats
# snarl bench ipc: the comparison of shared memory and messages, its result beside the store, and
# its page in the report. The figures depend on the machine; the tests check that they are reported
# as measured.
# bats file_tags=bench

load helpers

setup_file() {
	load helpers
	# One short run serves all tests; a report needs a store, too.
	SNARL_BUILD=$FIXTURES "$SNARL" run canary/correct_lock --engine stress --budget 100ms \
		--show-progress=never --db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/words"
	"$SNARL" bench ipc --budget 1s --json --db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/lines"
	"$SNARL" report --db "$BATS_FILE_TMPDIR/snarl.db" --out "$BATS_FILE_TMPDIR/report" \
		>"$BATS_FILE_TMPDIR/said"
}

setup() {
	objects=$BATS_FILE_TMPDIR/lines
	result=$BATS_FILE_TMPDIR/bench-ipc.json
	page=$BATS_FILE_TMPDIR/report/ipc.html
}

teardown() {
	end_all
}

# All mechanisms, according to their sources.
mechanisms() {
	sed -n 's/^\t\.name = "\(.*\)",$/\1/p' "$ROOT"/harness/bench/*.c | sort
}

# names_left: the named objects that any run has left, one per line
names_left() {
	ls -d /dev/shm/snarl-bench-* /dev/mqueue/snarl-bench-* /tmp/snarl-bench-* 2>/dev/null || true
}

# words_of MEMORY OTHER FIELD: the sizes at which MEMORY beats OTHER, in words, from the result's
# figures
words_of() {
	jq -r --arg memory "$1" --arg other "$2" --arg field "$3" '
		def size: if . < 1024 then "\(.) B" elif . < 1048576 then "\(. / 1024) KiB"
			else "\(. / 1048576) MiB" end;
		def points($name): [.mechanisms[] | select(.name == $name).points[]];
		[points($memory), points($other)] | transpose
		| map(select(.[0][$field] and .[1][$field])) as $pairs
		| [$pairs[] | .[0][$field].high < .[1][$field].low] as $below
		| ($below | index(true)) as $first | ($below | rindex(true)) as $last
		| ($below | map(select(.)) | length) as $count | ($below | length) as $all
		| if $count == 0 then "at no size" elif $count == $all then "at every size"
			elif $last - $first + 1 == $count and $last == $all - 1
			then "from \($pairs[$first][0].size | size) on"
			elif $last - $first + 1 == $count and $first == 0
			then "up to \($pairs[$last][0].size | size)"
			else "at \($count) of \($all) sizes" end' "$result"
}

# row_of MEMORY OTHER: the row of the table of crossings, one cell per line
row_of() {
	local memory other
	memory=$(jq -r --arg name "$1" '.mechanisms[] | select(.name == $name).title' "$result")
	other=$(jq -r --arg name "$2" '.mechanisms[] | select(.name == $name).title' "$result")
	awk -v memory="<caption>$memory, set up" -v other=">$other</th>" '
		index($0, memory) { on = 1 }
		on && index($0, other) && /<tr>/ { print; exit }' "$page" |
		sed 's|</t[hd]>|\n|g; s|<[^>]*>||g'
}

@test "every mechanism that has a source is measured, or skipped with a reason" {
	[ "$(mechanisms | wc -l)" -ge 10 ]
	diff <(mechanisms) <(jq -r '.name | split("/")[1]' "$objects" | sort -u)
	[ -z "$(jq -r 'select(.value == null and (.skipped | length) == 0).name' "$objects")" ]
	# Every system allows these.
	for name in pipe unix_stream; do
		[ "$(jq -r "select(.name == \"ipc/$name/4096\").unit" "$objects")" = ns/message ]
	done
}

@test "each JSON object is one benchmark, with positive figures and ordered quartiles" {
	jq -es 'all(.v == 1 and .type == "bench" and (.name | startswith("ipc/")) and (.unit | length > 0))' \
		"$objects"
	jq -es 'map(select(.low)) | length > 50 and
		all(.low > 0 and .low <= .value and .value <= .high)' "$objects"
	jq -es 'map(select(.name | endswith("/calls"))) | all(.value >= 0 and .stream >= 0)' "$objects"
}

@test "each mechanism has a set-up and all nine sizes up to a mebibyte, or says where it ends" {
	sizes=$(for i in 0 1 2 3 4 5 6 7 8; do echo $((16 << (2 * i))); done)
	for name in $(jq -r '.mechanisms[] | select(.skipped | not).name' "$result"); do
		jq -es --arg name "$name" 'any(.name == "ipc/\($name)/setup" and .value > 0)' "$objects"
		diff <(echo "$sizes") <(jq -r --arg name "$name" \
			'.mechanisms[] | select(.name == $name).points[] | .size' "$result")
		jq -e --arg name "$name" '.mechanisms[] | select(.name == $name) as $one |
			all($one.points[]; if .skipped then .size > $one.limit else .time.median > 0 and
				.stream.median > 0 and .throughput.median > 0 end)' "$result"
	done
}

@test "system calls are counted, and a pipe needs a write and a read, or more if it is full" {
	calls() { jq -r "select(.name == \"ipc/pipe/$1/calls\").value" "$objects"; }
	[ -n "$(calls 16)" ] || skip "$(jq -r '.mechanisms[0].calls_skipped' "$result")"
	jq -en "$(calls 16) == 2"
	jq -en "$(calls 1048576) > 4"
	# A busy wait sleeps in no call.
	jq -es '[.[] | select(.name | endswith("/16/calls"))] | sort_by(.value)[0].name |
		startswith("ipc/shm_")' "$objects"
}

@test "throughput is the stream's size over its time" {
	jq -e '[.mechanisms[].points[]? | select(.throughput) |
		.throughput.median * .stream.median / .size / 1e9 | . > 0.999 and . < 1.001] | all' "$result"
}

@test "one mechanism or one size is measured alone, and leaves the stored result unchanged" {
	snarl bench ipc/pipe/4096 --budget 200ms --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(field name)" = "$(printf 'ipc/pipe/%s\n' setup 4096 4096/throughput 4096/calls)" ]
	[ ! -e "$BATS_TEST_TMPDIR/bench-ipc.json" ]
	snarl bench ipc/nothing
	refused 4
	for name in $(mechanisms); do
		has "ipc/$name" "$stderr"
	done
}

@test "the table for people has no line of more than 80 columns" {
	snarl bench ipc/pipe ipc/mqueue ipc/shm_semaphore --budget 200ms --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	has "pipe (ipc/pipe)"
	has "  set up in "
	has "1 MiB"
	[ "$(awk 'length > 80' <<<"$output" | wc -l)" -eq 0 ]
}

@test "a mechanism that the system forbids is skipped with a reason, and the rest is measured" {
	ulimit -q 0 || skip "this shell cannot forbid message queues"
	snarl bench ipc/pipe/16 ipc/mqueue/16 --budget 100ms --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.name == "ipc/mqueue").skipped' <<<"$output")" = "mq_open: Too many open files" ]
	[ "$(jq -r 'select(.name == "ipc/pipe/16").value > 0' <<<"$output")" = true ]
}

@test "on one processor no mechanism busy-waits, and all others work" {
	run --separate-stderr taskset -c 0 "$SNARL" bench ipc/shm ipc/tcp/1048576 --budget 100ms --json \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	has '"busy waiting needs two processors"'
	[ "$(jq -r 'select(.name == "ipc/shm_semaphore/1048576").value > 0' <<<"$output")" = true ]
}

@test "nothing is left behind after the end, an interrupt or a kill" {
	for signal in '' INT TERM KILL; do
		SNARL_TEST_MARK="$BATS_TEST_TMPDIR" "$SNARL" bench ipc --budget 1s --json \
			--db "$BATS_TEST_TMPDIR/snarl.db" >"$BATS_TEST_TMPDIR/out" &
		pid=$!
		if [ -n "$signal" ]; then
			sleep 0.7
			kill "-$signal" "$pid"
		fi
		code=0
		wait "$pid" || code=$?
		case $signal in
		'') [ "$code" -eq 0 ] ;;
		KILL) [ "$code" -eq 137 ] ;;
		*) [ "$code" -eq 130 ] ;;
		esac
		all_gone
	done
	# The next run removes what the killed one could not.
	: >"/tmp/snarl-bench-$pid-there"
	snarl bench ipc/pipe/16 --budget 50ms --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	lacks "snarl-bench-$pid" "$(names_left)"
}

@test "the report has a page for the result, which the index links to, and none without a result" {
	[ -s "$page" ]
	grep -q "<a href='ipc.html'>" "$BATS_FILE_TMPDIR/report/index.html"
	[ "$(wc -c <"$page")" -le 153600 ]
	cp "$BATS_FILE_TMPDIR/snarl.db" "$BATS_TEST_TMPDIR/snarl.db"
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	[ ! -e "$BATS_TEST_TMPDIR/report/ipc.html" ]
	! grep -q ipc.html "$BATS_TEST_TMPDIR/report/index.html"
	# A truncated file makes no page either.
	head -c 1000 "$result" >"$BATS_TEST_TMPDIR/bench-ipc.json"
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	[ ! -e "$BATS_TEST_TMPDIR/report/ipc.html" ]
}

@test "the page says where the lines cross, in agreement with the result's figures" {
	others=$(jq -r '.mechanisms[] | select(.model == "messages" and (.skipped | not)).name' "$result")
	for memory in $(jq -r '.mechanisms[] | select(.model == "shared memory" and (.skipped | not)).name' \
		"$result"); do
		for other in $others; do
			row=$(row_of "$memory" "$other")
			echo "$memory, $other: $row"
			[ "$(sed -n 2p <<<"$row" | sed 's/;.*//')" = "$(words_of "$memory" "$other" time)" ]
			[ "$(sed -n 3p <<<"$row" | sed 's/;.*//')" = "$(words_of "$memory" "$other" stream)" ]
		done
	done
	top=$(tr '\n' ' ' <"$page" | grep -o '<p class=top>[^<]*')
	has "than through a pipe $(words_of shm_semaphore pipe time)" "$top"
}

@test "slower shared memory is reported as slower" {
	cp "$BATS_FILE_TMPDIR/snarl.db" "$BATS_TEST_TMPDIR/snarl.db"
	result=$BATS_TEST_TMPDIR/bench-ipc.json page=$BATS_TEST_TMPDIR/report/ipc.html
	for rule in 'true:at no size' '.size >= 4096:up to 1 KiB' '.size < 4096:from 4 KiB on'; do
		jq '(.mechanisms[] | select(.name == "shm_semaphore").points[].time) =
				{low: 9, median: 10, high: 11} |
			(.mechanisms[] | select(.name == "shm_semaphore").points[] | select('"${rule%%:*}"').time) =
				{low: 9e9, median: 10e9, high: 11e9}' "$BATS_FILE_TMPDIR/bench-ipc.json" >"$result"
		snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
		[ "$status" -eq 0 ]
		[ "$(row_of shm_semaphore pipe | sed -n 2p | sed 's/;.*//')" = "${rule#*:}" ]
	done
}

@test "the page is self-contained, and escapes the result's texts" {
	lacks "<script" "$(cat "$page")"
	lacks "http" "$(sed 's/http-equiv//' "$page")"
	grep -q "default-src 'none'" "$page"
	[ "$(grep -c '<svg class=plot role=img' "$page")" -eq 8 ]
	cp "$BATS_FILE_TMPDIR/snarl.db" "$BATS_TEST_TMPDIR/snarl.db"
	jq '(.mechanisms[] | .title, .family, .copied) = "<script>alert(1)</script>" | .began = "<b>now"' \
		"$result" >"$BATS_TEST_TMPDIR/bench-ipc.json"
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	lacks "<script" "$(cat "$BATS_TEST_TMPDIR/report/ipc.html")"
	lacks "<b>now" "$(cat "$BATS_TEST_TMPDIR"/report/i*.html)"
	# The same must hold for values of any type.
	for filter in '.mechanisms = [7, null, {}]' '.sizes = []' '.sizes = ["x", -1, 1e99]' \
		'.mechanisms[].points = 7' '.mechanisms[].setup = []' '.mechanisms = []' \
		'.mechanisms[].points[].time = {low: -1, median: 1e300, high: 0}'; do
		jq "$filter" "$result" >"$BATS_TEST_TMPDIR/bench-ipc.json"
		snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
		echo "$filter: $status"
		[ "$status" -eq 0 ]
	done
}
