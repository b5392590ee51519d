#!/usr/bin/env bats
# The plain programs of bats/programs. Each has a known bug; -DFIXED compiles its correct twin. Two
# lines of its head comment are for tests: the kinds of which a detector should report at least one,
# and, if it is built several times, the macro of each build.
#
#   Shows: data race, assertion
#   Builds: PARTIES=2 PARTIES=3
# bats file_tags=shares-cores

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
