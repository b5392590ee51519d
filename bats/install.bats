#!/usr/bin/env bats
# An installed snarl: what make install puts where, what it says without scenarios, and the example
# project, built in four ways.
# bats file_tags=install, long, shares-cores

load helpers
load clean

setup_file() {
	load helpers
	make_snarl install PREFIX="$BATS_FILE_TMPDIR/usr" >"$BATS_FILE_TMPDIR/out"
}

setup() {
	INSTALLED=$BATS_FILE_TMPDIR/usr
	PATH=$INSTALLED/bin:$PATH
	SNARL=$INSTALLED/bin/snarl
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	cp -r "$INSTALLED/share/snarl/examples/queue" "$BATS_TEST_TMPDIR/my queue"
	cd "$BATS_TEST_TMPDIR/my queue" || return
}

teardown() {
	end_all
}

# make_snarl ARGUMENT...: make, of this build
make_snarl() {
	(unset MAKEFLAGS MFLAGS MAKELEVEL && make -s -C "$ROOT" BUILD="$BUILD" "$@")
}

needs() {
	for program; do
		type -P "$program" >/dev/null || skip "$program is not installed"
	done
}

# paths FOLDER: its files, one per line
paths() {
	(cd "$1" && find . -type f | sort)
}

@test "DESTDIR gets the same files, for the prefix, and make uninstall leaves nothing" {
	local stage="$BATS_TEST_TMPDIR/stage area"
	make_snarl install PREFIX=/opt/snarl DESTDIR="$stage"
	[ "$(paths "$stage/opt/snarl")" = "$(paths "$INSTALLED")" ]
	grep -qx 'prefix=/opt/snarl' "$stage/opt/snarl/share/pkgconfig/snarl.pc"
	[ "$(ls "$stage/opt")" = snarl ]
	touch "$stage/opt/snarl/lib/other"
	make_snarl uninstall PREFIX=/opt/snarl DESTDIR="$stage"
	[ "$(paths "$stage")" = ./opt/snarl/lib/other ]
	[ ! -e "$stage/opt/snarl/lib/snarl" ]
	[ ! -e "$stage/opt/snarl/share/snarl" ]
}

@test "nothing installed names the source tree, but debug information" {
	for file in $(paths "$INSTALLED"); do
		case $file in
		*.a | */bin/snarl) ;;
		*) run ! grep -F "$ROOT" "$INSTALLED/$file" ;;
		esac
	done
}

@test "commands on scenarios say in one sentence that there are none" {
	for words in list "run counter" "points counter/unsynchronised" bench report; do
		# shellcheck disable=SC2086 # a command with its argument
		snarl $words
		refused 3
		has "snarl run" "$stderr"
	done
}

@test "the example's bug is found, its token is replayed, and the correct queue has none" {
	snarl run races/queue.c --json -- -Iinclude src/queue.c
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(jq -r 'select(.engine == "explore").outcome' <<<"$output")" = FOUND ]
	snarl replay "$(jq -r 'select(.engine == "explore").token' <<<"$output")"
	[ "$status" -eq 1 ]
	snarl run races/queue.c --budget 1s -- -Iinclude src/queue.c -DFIXED
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a program is run, and pages are written, without the tree" {
	cat >prog.c <<-'C'
		#include <pthread.h>

		static int counter;

		static void *count(void *unused)
		{
			counter++;
			return unused;
		}

		int main(void)
		{
			pthread_t one;

			pthread_create(&one, NULL, count, NULL);
			counter++;
			return pthread_join(one, NULL);
		}
	C
	snarl run ./prog.c --engine explore --engine tsan
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(grep -c '^FOUND .* data-race' <<<"$output")" -eq 2 ]
	[ -s "$(sed -n 's/^report: //p' <<<"$output")" ]
}

@test "pkg-config names the header's folder and the kit" {
	needs pkg-config
	export PKG_CONFIG_PATH=$INSTALLED/share/pkgconfig
	[ -e "$(pkg-config --variable=kit snarl)/case.sh" ]
	# shellcheck disable=SC2046 # flags
	echo '#include <snarl.h>' | "${CC:-cc}" $(pkg-config --cflags snarl) -fsyntax-only -x c -
	pkg-config --exact-version="$(sed -n '1s/.*(\(.*\)).*/\1/p' "$ROOT/debian/changelog")" snarl
}

@test "the man page is correct roff, and has every command and option" {
	needs mandoc
	page=$INSTALLED/share/man/man1/snarl.1
	run mandoc -T lint "$page"
	[ -z "$output" ]
	text=$(mandoc -T utf8 "$page" | sed 's/.\x08//g')
	for command in $(snarl help && sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p' <<<"$output"); do
		has "snarl $command" "$text"
		for option in $("$SNARL" "$command" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
			has "$option" "$text"
		done
	done
}

# completed WORD...: what bash offers for the last word
completed() {
	bash -c '. "$1" && shift && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) &&
		compopt() { :; } && _snarl "$1" "${@: -1}" "${@: -2:1}" && echo "${COMPREPLY[@]}"' \
		- "$INSTALLED/share/bash-completion/completions/snarl" "$SNARL" "$@"
}

@test "bash completes commands, options and the words that an option takes" {
	[ "$(completed rep)" = "replay report" ]
	[ "$(completed run --fail)" = --fail-fast ]
	[ "$(completed run --engine st)" = stress ]
	[ "$(completed run --profile ch)" = chaos ]
	[ "$(completed list --color al)" = always ]
	[ "$(completed help di)" = diff ]
	[ "$(SNARL_BUILD=$BUILD completed run counter/unsync)" = counter/unsynchronised ]
}

@test "zsh and fish complete likewise" {
	needs zsh fish
	zsh -n "$INSTALLED/share/zsh/site-functions/_snarl"
	offered() {
		fish --no-config -c "source $INSTALLED/share/fish/vendor_completions.d/snarl.fish; complete -C '$1'" | cut -f 1
	}
	[ "$(offered 'snarl rep' | xargs)" = "replay report" ]
	[ "$(offered 'snarl run --fail')" = --fail-fast ]
	[ "$(offered 'snarl run --engine st')" = stress ]
}

@test "ctest: the bug fails its test, the correct queue passes" {
	needs cmake ctest
	cmake -DCMAKE_PREFIX_PATH="$INSTALLED" -S . -B build
	cd build
	run ctest
	echo "$output"
	[ "$status" -ne 0 ]
	grep -qE ' queue \.+\** *Failed' <<<"$output"
	grep -qE ' queue_fixed \.+ *Passed' <<<"$output"
}

@test "ctest: a test that no engine can run is skipped" {
	needs cmake ctest
	cat >races/skips.c <<-'C'
		#include <snarl.h>

		static void never(void *state)
		{
			(void)state;
			snarl_skip("not here");
		}

		static void alice(void *state, struct snarl_actor *self)
		{
			(void)state;
			(void)self;
		}

		const struct snarl_scenario scenario = {
			.summary = "skips itself",
			.setup = never,
			.actors = {{"alice", alice}},
		};
	C
	cat >CMakeLists.txt <<-'CMAKE'
		cmake_minimum_required(VERSION 3.16)
		project(skips NONE)
		enable_testing()
		find_package(Snarl 0.1 REQUIRED)
		snarl_add_test(NAME skips FILE races/skips.c)
	CMAKE
	cmake -DCMAKE_PREFIX_PATH="$INSTALLED" -S . -B build
	cd build
	run ctest
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q 'skips .*Skipped' <<<"$output"
}

@test "cmake: a caller's own variables change no test" {
	needs cmake
	cat >CMakeLists.txt <<-'CMAKE'
		cmake_minimum_required(VERSION 3.16)
		project(own NONE)
		enable_testing()
		find_package(Snarl REQUIRED)
		set(budget --no-such-option)
		snarl_add_test(NAME queue FILE races/queue.c)
	CMAKE
	cmake -DCMAKE_PREFIX_PATH="$INSTALLED" -S . -B build
	run ! grep -r no-such-option build/CTestTestfile.cmake
}

@test "cmake: a call without a file, or with an unknown word, is refused" {
	needs cmake
	for words in "NAME queue" "NAME queue FILE races/queue.c SOURCE src/queue.c"; do
		cat >CMakeLists.txt <<-CMAKE
			cmake_minimum_required(VERSION 3.16)
			project(wrong NONE)
			find_package(Snarl REQUIRED)
			snarl_add_test($words)
		CMAKE
		run cmake -DCMAKE_PREFIX_PATH="$INSTALLED" -S . -B "$BATS_TEST_TMPDIR/wrong"
		[ "$status" -ne 0 ]
		has "snarl_add_test"
	done
}

@test "meson test: the bug fails its test, the correct queue passes" {
	needs meson ninja
	meson setup build
	run meson test -C build
	echo "$output"
	[ "$status" -ne 0 ]
	grep -qE ' queue +FAIL' <<<"$output"
	grep -qE ' queue_fixed +OK' <<<"$output"
}

@test "automake's make check: the bug fails it, the correct queue passes" {
	needs autoreconf automake
	cd "$BATS_TEST_TMPDIR" && mv "my queue" queue && cd queue # make has no names with spaces
	unset MAKEFLAGS MFLAGS MAKELEVEL
	autoreconf -i && mkdir build && cd build && ../configure -q
	run make -s check
	[ "$status" -ne 0 ]
	has "FAIL: races/queue.c"
	run make -s check RACE_FLAGS=-DFIXED
	echo "$output"
	[ "$status" -eq 0 ]
	has "PASS: races/queue.c"
}

@test "bats: the bug fails its test, the correct queue passes" {
	run env -u BATS_TEST_TMPDIR bats --formatter tap queue.bats
	echo "$output"
	[ "$status" -ne 0 ]
	grep -qx "not ok 1 queue" <<<"$output"
	grep -qx "ok 2 queue_fixed" <<<"$output"
}

@test "make deb: the package has what make install puts there, and names what cases are built with" {
	needs dpkg-deb dpkg-shlibdeps strip
	make_snarl deb OUT="$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/out" 2>&1
	dpkg-deb -x "$BATS_TEST_TMPDIR"/snarl_*.deb "$BATS_TEST_TMPDIR/package"
	[ "$(paths "$BATS_TEST_TMPDIR/package/usr" | grep -vE 'share/(doc|man)' | sed s/vendor-completions/site-functions/)" = \
		"$(paths "$INSTALLED" | grep -vE 'share/(doc|man)')" ]
	depends=$(dpkg-deb -f "$BATS_TEST_TMPDIR"/snarl_*.deb Depends)
	for package in clang libclang-rt binutils libc6-dev libfiu-dev libjansson-dev; do
		has "$package" "$depends"
	done
}

@test "the package alone, installed in a clean root, finds the example's bug and replays it" {
	needs dpkg dpkg-deb dpkg-shlibdeps strip
	clean_needed
	mkdir "$BATS_TEST_TMPDIR/package"
	make_snarl deb OUT="$BATS_TEST_TMPDIR/package" >"$BATS_TEST_TMPDIR/out" 2>&1
	run in_clean "$BATS_TEST_TMPDIR/package=/package" -- bash -eu -c '
		[ -z "$(type -P snarl)" ]
		dpkg --install /package/snarl_*.deb
		cp -r /usr/share/snarl/examples/queue /root
		cd /root/queue
		snarl run races/queue.c --json -- -Iinclude src/queue.c >found || [ $? -eq 1 ]
		jq -e -s "length == 3 and all(.[]; .outcome == \"FOUND\")" found
		snarl replay "$(jq -r "select(.engine == \"explore\").token" found)" || [ $? -eq 1 ]
		snarl run races/queue.c --budget 1s -- -Iinclude src/queue.c -DFIXED'
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$(find "$BATS_TEST_TMPDIR/root" -mindepth 1)" ]
}

@test "the package is built and runs with packages that make deps installs" {
	# shellcheck disable=SC2013 # words
	for package in $(sed -nE 's/^(Build-)?Depends: //p' "$ROOT/debian/control" | tr ',' '\n' |
		sed -E 's/\$\{[^}]*\}|\([^)]*\)//g; s/\|.*//' | grep -v libclang-rt); do
		echo "$package"
		awk -F '|' '{ print $3 }' "$ROOT/harness/setup.sh" | grep -qw -- "$package"
	done
	for package in $(sed -n "/^run_needs=/,/^'/p" "$ROOT/harness/setup.sh" | awk -F '|' 'NF == 5 { print $3 }' |
		grep -vE '@tsan|libc6-dev|binutils|libtirpc'); do # of every build, or of scenarios only
		echo "$package"
		grep '^Build-Depends: ' "$ROOT/debian/control" | grep -qw -- "$package"
	done
}
