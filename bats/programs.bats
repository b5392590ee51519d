#!/usr/bin/env bats
# The plain programs of bats/programs. Each has a known bug; -DFIXED compiles its correct twin. Two
# lines of its head comment are for tests: the kinds of which a detector should report at least one,
# and, if it is built several times, the macro of each build.
#
#   Shows: data race, assertion
#   Builds: PARTIES=2 PARTIES=3
# bats file_tags=long, shares-cores

load helpers

PROGRAMS=("$ROOT"/bats/programs/*.c)

# stated LABEL FILE: what the head comment states behind the label
stated() {
	sed -n "s/^ \* $1: //p" "$2"
}

# builds: the programs as they are built, one per line: a file and its macro, if it needs one
builds() {
	local file macro
	for file in "${PROGRAMS[@]}"; do
		for macro in $(stated Builds "$file" | grep . || echo -); do
			echo "$file ${macro#-}"
		done
	done
}

# compile FILE MACRO [FLAG]...
compile() {
	"${CLANG:-clang}" -std=gnu11 -Wall -Wextra -Werror -g ${2:+"-D$2"} "${@:3}" "$1"
}

# wrap FOLDER [FLAG]: a source per build in the folder, which is for snarl
wrap() {
	local file macro name
	mkdir -p "$1"
	while read -r file macro; do
		name=$(basename "$file" .c)${macro:+_${macro#*=}}
		{
			[ -z "$macro" ] || echo "#define ${macro%=*} ${macro#*=}"
			[ -z "$2" ] || echo "#define $2"
			echo "#include \"$file\""
		} >"$1/$name.c"
	done < <(builds)
}

@test "there are at least 30 programs, and none knows of snarl" {
	[ ${#PROGRAMS[@]} -ge 30 ]
	run ! grep -i snarl "${PROGRAMS[@]}"
}

@test "a program names itself and the kinds of bugs that it shows" {
	local file
	for file in "${PROGRAMS[@]}"; do
		echo "$file"
		sed -n 2p "$file" | grep -q "^ \* $(basename "$file" .c): "
		stated Shows "$file" | grep . | tr , '\n' | sed 's/^ //' >"$BATS_TEST_TMPDIR/kinds"
		[ -s "$BATS_TEST_TMPDIR/kinds" ]
		run ! grep -vxE 'assertion|crash|deadlock|lost wakeup|livelock|data race' "$BATS_TEST_TMPDIR/kinds"
	done
}

@test "programs compile without a warning" {
	local file macro
	while read -r file macro; do
		compile "$file" "$macro" -fsyntax-only
	done < <(builds)
}

@test "a fixed program ends, and returns 0" {
	local file macro twin=$BATS_TEST_TMPDIR/twin
	while read -r file macro; do
		echo "$file $macro"
		compile "$file" "$macro" -DFIXED -pthread -o "$twin"
		timeout 20 "$twin"
	done < <(builds)
}

@test "explore finds the bug of every program, and it is one that the program states" {
	local file macro name kinds
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	wrap "$BATS_FILE_TMPDIR/broken" ""
	snarl run "$BATS_FILE_TMPDIR/broken" --engine explore --json
	echo "$stderr"
	[ "$status" -eq 1 ]
	[ "$(jq -s length <<<"$output")" -eq "$(builds | wc -l)" ]
	field '| select(.outcome != "FOUND")' >"$BATS_TEST_TMPDIR/unseen"
	cat "$BATS_TEST_TMPDIR/unseen"
	[ ! -s "$BATS_TEST_TMPDIR/unseen" ]
	while read -r file macro; do
		name=$(basename "$file" .c)${macro:+_${macro#*=}}
		kinds=$(stated Shows "$file" | sed 's/, /,/g' | tr ' ' -)
		echo "$name: $kinds"
		grep -qxF "$(field "| select(.variant == \"$name\").verdict")" < <(tr , '\n' <<<"$kinds")
	done < <(builds)
}

@test "auto finds the bug of every program with each of 20 seeds, and in fewer schedules than rff" {
	local searches=$((20 * $(builds | wc -l)))
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	wrap "$BATS_FILE_TMPDIR/broken" ""
	snarl bench search/{auto,rff} "$BATS_FILE_TMPDIR/broken" --json
	echo "$stderr"
	[ "$status" -eq 0 ]
	jq -se --argjson searches "$searches" \
		'map(select(.name == ("search/auto", "search/rff")) | {key: .name[7:], value: .}) | from_entries
		| .auto.found == $searches and .auto.runs == $searches and .auto.median_ms <= 50
		and .auto.value < .rff.value' <<<"$output"
}

@test "no engine finds anything in a fixed program" {
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	wrap "$BATS_TEST_TMPDIR/fixed" FIXED
	snarl run "$BATS_TEST_TMPDIR/fixed" --budget 150ms --json
	echo "$stderr"
	[ "$status" -eq 0 ]
	[ "$(jq -s length <<<"$output")" -eq $((3 * $(builds | wc -l))) ]
	field '| select(.outcome != "nothing found")' >"$BATS_TEST_TMPDIR/seen"
	cat "$BATS_TEST_TMPDIR/seen"
	[ ! -s "$BATS_TEST_TMPDIR/seen" ]
}
