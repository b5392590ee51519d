#!/usr/bin/env bats
# An installed snarl: what make install puts where, what it says without scenarios, and the example
# project, built in four ways.
# bats file_tags=install

load helpers

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
	[ "$(paths "$BATS_TEST_TMPDIR/package/usr" | grep -vE 'share/(doc|man)')" = \
		"$(paths "$INSTALLED" | grep -vE 'share/(doc|man)')" ]
	depends=$(dpkg-deb -f "$BATS_TEST_TMPDIR"/snarl_*.deb Depends)
	for package in clang libclang-rt binutils libc6-dev libfiu-dev libjansson-dev; do
		has "$package" "$depends"
	done
}
