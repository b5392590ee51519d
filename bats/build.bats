#!/usr/bin/env bats
# The build is quiet when there is nothing to do, rebuilds exactly what it must, and fails with a
# clear message.
#
# All tests use a copy of the tree, so that they do not touch the real one, and nobody who works on
# it disturbs them. It has a few scenarios, which stand for all: the same rules build every one. One
# of them has flags of its own.
# bats file_tags=build, shares-cores

load helpers

setup_file() {
	load helpers
	TREE=$BATS_FILE_TMPDIR/tree
	mkdir "$TREE"
	mkdir -p "$ROOT/build"
	cd "$ROOT" || return
	# The build's files come along, except those of the other scenarios and of tests and reports.
	find Makefile harness injectors reports scenarios bats debian docs examples contrib build \
		-regextype posix-extended \( -regex 'build/(snarl\.db.*|deb|fixtures|fuzz|guide|report|sanitize|test|undefined)' -o \
		-regex '(scenarios|build/(obj/)?(stress|tsan|explore))/.*' \
		-not -regex '.*/(counter|bounded_buffer|remote_procedure)(/.*)?' \) -prune -o \
		-not -type d -print0 | xargs -0 cp -a --parents -t "$TREE"
	# This builds only what was edited since the last build.
	make -C "$TREE" >"$BATS_FILE_TMPDIR/first" 2>&1
}

setup() {
	TREE=$BATS_FILE_TMPDIR/tree
	unset MAKEFLAGS MFLAGS MAKELEVEL
	cd "$TREE" || return
}

teardown() {
	rm -rf scenarios/newcomer
}

# compiled [ARGUMENT]...: make with a compiler that only notes its sources and touches its outputs.
# Prints the sources. `make -n` will not do, since it takes every stamp of flags as changed.
compiled() {
	mkdir -p "$BATS_TEST_TMPDIR/shim"
	cat >"$BATS_TEST_TMPDIR/shim/clang" <<-'END'
		#!/bin/sh
		while [ $# -gt 0 ]; do
			case $1 in
			-c) [ "$2" = -x ] || echo "$2" >>"$COMPILED" ;;
		-emit-llvm) echo "$2" >>"$COMPILED" ;;
			-o) touch "$2" ;;
			esac
			shift
		done
	END
	printf '#!/bin/sh\n' | tee "$BATS_TEST_TMPDIR"/shim/{objcopy,readelf} >"$BATS_TEST_TMPDIR/out"
	chmod +x "$BATS_TEST_TMPDIR"/shim/*
	: >"$BATS_TEST_TMPDIR/compiled"
	COMPILED=$BATS_TEST_TMPDIR/compiled PATH=$BATS_TEST_TMPDIR/shim:$PATH \
		make "$@" >"$BATS_TEST_TMPDIR/out"
	sort "$BATS_TEST_TMPDIR/compiled"
}

@test "a second make prints nothing and does nothing" {
	stamp=$(stat -c %y build/snarl build/catalog.jsonl build/scenarios.bats)
	run make
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$stamp" = "$(stat -c %y build/snarl build/catalog.jsonl build/scenarios.bats)" ]
}

@test "a touched variant is rebuilt, and nothing else" {
	touch scenarios/counter/unsynchronised.c
	engines=$(grep -c '^counter/unsynchronised ' build/scenarios.bats.cases)
	[ "$(compiled | uniq -c | xargs)" = "$engines scenarios/counter/unsynchronised.c" ]
	[ -z "$(compiled)" ]
}

@test "a touched header of a scenario rebuilds that scenario, and nothing else" {
	touch scenarios/counter/common.h
	[ "$(compiled | uniq)" = "$(printf '%s\n' scenarios/counter/*.c)" ]
	[ -z "$(compiled)" ]
}

@test "the scenarios' header rebuilds every variant" {
	touch harness/snarl.h
	[ "$(compiled | grep '^scenarios/' | uniq)" = "$(printf '%s\n' scenarios/*/*.c | sort)" ]
	[ -z "$(compiled)" ]
}

@test "a changed flag rebuilds what it applies to, and nothing else" {
	[ "$(compiled FLAGS_stress='-O3 -g')" = "$(printf '%s\n' scenarios/*/*.c | sort)" ]
	[ -z "$(compiled FLAGS_stress='-O3 -g')" ]
	[ "$(compiled)" = "$(printf '%s\n' scenarios/*/*.c | sort)" ]
}

@test "the touched table of calls rebuilds every wrapper, and no variant" {
	touch injectors/calls
	[ "$(compiled)" = "$(printf '%s\n' build/wrap{,-explore}/*.c | sort)" ]
	[ -z "$(compiled)" ]
}

@test "a malformed line of the table of calls is refused with its place" {
	cp -p injectors/calls "$BATS_TEST_TMPDIR"
	echo 'libc/mm/malloc | nil | - | stdlib.h | void *malloc(size_t size)' >>injectors/calls
	run make
	cp -p "$BATS_TEST_TMPDIR/calls" injectors
	[ "$status" -ne 0 ]
	has "injectors/calls:$(($(wc -l <injectors/calls) + 1)): not a line of"
}

@test "a new folder with a file is built, listed, run and tested as a scenario until it is removed" {
	mkdir scenarios/newcomer
	cp bats/fixtures/claims/always_wrong.c scenarios/newcomer/loses.c
	run make
	echo "$output"
	[ "$status" -eq 0 ]
	has scenarios/newcomer/loses.c
	lacks scenarios/counter/
	[ "$(build/snarl list newcomer --json | jq -r .variant)" = loses ]
	build/snarl run newcomer --engine stress --executions 100 --db "$BATS_TEST_TMPDIR/snarl.db"
	grep -q 'newcomer/loses on stress' build/scenarios.bats
	rm -r scenarios/newcomer
	run make
	[ "$status" -eq 0 ]
	run build/snarl list newcomer
	[ "$status" -eq 2 ]
	run ! grep -q newcomer build/scenarios.bats
}

@test "a variant that declares nothing is a question" {
	mkdir scenarios/newcomer
	sed 's/\.bug = SNARL_NO_BUG/.race_in = NULL/' bats/fixtures/claims/correct_with_a_bug.c \
		>scenarios/newcomer/silent.c
	run make
	[ "$status" -eq 0 ]
	run build/snarl run newcomer --engine stress --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 1 ]
	[ "$(field outcome)" = FOUND ]
}

@test "a correct variant with a bug declared is refused with a sentence" {
	mkdir scenarios/newcomer
	cp bats/fixtures/claims/always_wrong.c scenarios/newcomer/correct_or_not.c
	run make
	[ "$status" -ne 0 ]
	has "newcomer/correct_or_not.c:1: it must expect SNARL_NO_BUG"
}

# misbehaving NAME STATEMENT: a variant that does this in each of its processes, even to describe itself
misbehaving() {
	{
		printf '#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n'
		printf '__attribute__((constructor)) static void misbehave(void) { %s }\n' "$2"
		cat bats/fixtures/claims/always_wrong.c
	} >"scenarios/newcomer/$1.c"
}

@test "a variant that is not built or does not describe itself takes only itself out" {
	mkdir scenarios/newcomer
	cp bats/fixtures/claims/always_wrong.c scenarios/newcomer/loses.c
	echo 'int x = ;' >scenarios/newcomer/broken.c
	misbehaving crashes 'abort();'
	misbehaving hangs 'for (;;) pause();'
	misbehaving exits '_exit(0);'
	misbehaving prints 'puts("hello");'
	for round in first again; do
		run make
		echo "$output"
		[ "$status" -ne 0 ]
		[ "$round" = again ] || has "scenarios/newcomer/broken.c:1"
		for name in broken crashes hangs exits prints; do
			grep -qE "^scenarios/newcomer/$name.c:1: it (was not built|does not describe itself)" <<<"$output"
		done
		lacks "newcomer/loses.c:1"
	done
	[ "$(build/snarl list newcomer --json | jq -r .variant)" = loses ]
	build/snarl run counter/correct_mutex --engine stress --executions 100 --db "$BATS_TEST_TMPDIR/snarl.db"
	run build/snarl run newcomer --engine stress --executions 100 --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 3 ]
	has "1 caught"
	for name in broken crashes hangs exits prints; do
		has "scenarios/newcomer/$name.c:1: it "
	done
	run build/snarl run newcomer/broken --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 3 ]
	has "scenarios/newcomer/broken.c:1: it was not built"
	cp scenarios/newcomer/{loses,broken}.c
	rm scenarios/newcomer/{crashes,hangs,exits,prints}.c
	make
	[ "$(build/snarl list newcomer --json | jq -r .variant | xargs)" = "broken loses" ]
	echo 'int x = ;' >scenarios/newcomer/broken.c
	run make
	[ "$status" -ne 0 ]
	[ "$(build/snarl list newcomer --json | jq -r .variant)" = loses ]
}

# A PATH without apt-get and sudo, so that no test installs anything.
no_installer() {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for tool in sh bash make awk cat clang cmp cut diff env find grep head ld ld.lld mkdir mktemp nm \
		nproc objcopy printf rm sed setarch sort tail tr true uname touch ar cc; do
		where=$(type -P "$tool") && ln -s "$where" "$BATS_TEST_TMPDIR/bin/$tool"
	done
	PATH=$BATS_TEST_TMPDIR/bin "$@"
}

@test "a missing compiler fails the build with one clear line" {
	run no_installer make CLANG=/nonexistent BUILD="$BATS_TEST_TMPDIR/b"
	echo "$output"
	[ "$status" -ne 0 ]
	[ "$(grep -c '^snarl: missing' <<<"$output")" -eq 1 ]
	has "apt: clang"
	has "dnf: clang"
	has "pacman: clang"
	has "make deps installs it"
	lacks "/nonexistent: No such file"
}

@test "make doctor prints what it found, and a remedy for what is missing" {
	run make doctor
	[ "$status" -eq 0 ]
	for what in clang TSan libfiu bats llvm-symbolizer vm.mmap_rnd_bits ptrace cores; do
		has "$what"
	done
	run make doctor CLANG=/nonexistent
	grep -qE '^clang.*MISSING.*make deps' <<<"$output"
}

@test "make help names every public target, and each exists" {
	run make help
	[ "$status" -eq 0 ]
	for target in check-races test report bench list diff deps doctor clean help; do
		grep -qE "^  make $target +[a-z]" <<<"$output"
	done
	while read -r target; do
		make -n "$target" S=counter >"$BATS_TEST_TMPDIR/out" 2>&1
	done < <(sed 's/^  make \([a-z-]*\).*/\1/' <<<"$output")
}

@test "make diff shows each broken variant against the nearest correct one" {
	run make -s diff S=counter
	[ "$status" -eq 0 ]
	for file in scenarios/counter/*.c; do
		[[ $file == */correct* ]] || has "--- $file"
	done
	run make -s diff
	[ "$status" -ne 0 ]
	run make -s diff S=no_such_thing
	[ "$status" -ne 0 ]
	has counter
}
