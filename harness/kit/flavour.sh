#!/bin/sh
# flavour.sh - how sources become a case of an engine: the flags they are compiled with, how their
# object is changed, and what it is linked with.
#
#   flavour.sh compile ENGINE SOURCE OBJECT FLAG...     with -MD or -MMD it writes OBJECT.d
#   flavour.sh change ENGINE OBJECT                     a case's whole object, by OBJECT.d
#   flavour.sh link ENGINE CASE OBJECT [ARGUMENT]...
#   flavour.sh made_of OBJECT                           the files that it was made of, by OBJECT.d
#
# It lies in the kit: for each ENGINE ENGINE.flags, ENGINE.symbols, ENGINE.link and ENGINE.a; beside
# them the tables and the names in calls. CLANG is in the environment.
set -eu
kit=$(cd "$(dirname "$0")" && pwd)
: "${CLANG:=clang}"

# The passes come last, so that sources can be marked before them.
compile() {
	engine=$1 source=$2 object=$3
	shift 3
	# shellcheck disable=SC2046 # many flags
	set -- -MP -MF "$object.d" -MT "$object" "$@" $(cat "$kit/$engine.flags")
	if [ "$engine" = stress ]; then
		"$CLANG" "$@" -c "$source" -o "$object"
	else
		"$CLANG" "$@" -Xclang -disable-llvm-passes -S -emit-llvm "$source" -o "$object.ll"
		awk -f "$kit/handed_out.awk" "$kit/libc" "$object.ll" >"$object.marked.ll"
		"$CLANG" "$@" -w -Qunused-arguments -c -x ir "$object.marked.ll" -o "$object"
		rm "$object.ll" "$object.marked.ll"
	fi
	printf '%s:\n' "$source" | sed 's/ /\\ /g' >>"$object.d" # as -MP does for the others
}

# note OBJECT NAME AWK-ARGUMENT...: the section NAME gets what awk makes of OBJECT's symbols. It is
# added by notes_add.
notes=
note() {
	object=$1 name=$2
	shift 2
	awk "$@" "$object.symbols" >"$object.$name.lines"
	tr '\n' '\0' <"$object.$name.lines" >"$object.$name"
	notes="$notes --add-section $name=$object.$name --set-section-flags $name=alloc,readonly,data"
}

notes_add() {
	# shellcheck disable=SC2086 # many options
	objcopy $notes "$1"
}

# Sections of a case hold the names of those calls that emulated processes cannot follow, and of
# those that change what all executions share.
note_untranslated() {
	note "$1" snarl_untranslated -f "$kit/untranslated.awk" "$kit/libc" "$kit/emulated"
}

note_process_wide() {
	note "$1" snarl_process_wide -f "$kit/process_wide.awk"
}

# Without the system's headers.
made_of() {
	sed -n 's/:$//; t path; d; :path; s/\\ / /g; p' "$1.d" >"$1.paths"
	grep -vE '^/usr/(include|lib[0-9a-z]*)/' "$1.paths" || :
}

# For explore the calls that are not in its model go through stubs, which report them.
stubs_add() {
	optimised=1
	! grep -qw -e -O0 "$kit/explore.flags" || optimised=0
	made_of "$1" >"$1.made_of"
	xargs -d '\n' cat <"$1.made_of" >"$1.text"
	assembly=$(grep -cE '\b(__)?asm(__)?\b' "$1.text" || :)
	awk -v calls="$(cat "$kit/calls")" -v machine="$(uname -m)" -v optimised=$optimised \
		-v assembly="$assembly" -f "$kit/outside.awk" "$kit/libc" "$1.symbols" >"$1.s"
	awk '/globl snarl_outside_/ { name = $2; sub("snarl_outside_", "", name); print name, $2 }' \
		"$1.s" >"$1.stubs"
	objcopy --redefine-syms="$1.stubs" "$1"
	as -o "$1.stub" "$1.s"
	ld -r -o "$1.whole" "$1" "$1.stub"
	mv "$1.whole" "$1"
}

# labels OBJECT WHERE: an object that labels where thread-local variables begin or end
labels() {
	{
		printf '\t.section .tdata,"awT",@progbits\n\t.globl snarl_tdata_%s\n' "$2"
		printf '\t.type snarl_tdata_%s,@tls_object\nsnarl_tdata_%s:\n' "$2" "$2"
		printf '\t.section .tbss,"awT",@nobits\n\t.globl snarl_tbss_%s\n' "$2"
		printf '\t.type snarl_tbss_%s,@tls_object\nsnarl_tbss_%s:\n' "$2" "$2"
		[ "$2" = end ] || printf '\t.section .rodata\n\t.globl snarl_has_thread_locals\nsnarl_has_thread_locals:\t.byte 1\n'
		printf '\t.section .note.GNU-stack,""\n'
	} | as -o "$1.$2" -
}

# Thread-local variables have no sections of their own: they lie between labels.
thread_locals_label() {
	labels "$1" begin
	labels "$1" end
	ld -r -o "$1.whole" "$1.begin" "$1" "$1.end"
	mv "$1.whole" "$1"
}

# Calls go to their wrappers, or to models. Globals get sections of their own, by which the engine
# finds them and restores them before each execution.
change() {
	objcopy --redefine-syms="$kit/$1.symbols" \
		--rename-section .data=snarl_data --rename-section .bss=snarl_bss "$2"
	readelf -srW "$2" >"$2.symbols"
	case $1 in
	stress)
		note_process_wide "$2"
		;;
	tsan)
		note_untranslated "$2"
		note_process_wide "$2"
		# The atomic operations of a case with fences: see fences.h.
		! grep -q __tsan_atomic_thread_fence "$2.symbols" ||
			notes="$notes --redefine-syms=$kit/fences.symbols"
		;;
	explore)
		note_untranslated "$2"
		;;
	esac
	notes_add "$2"
	! grep -q ' TLS ' "$2.symbols" || [ "$1" = explore ] || thread_locals_label "$2"
	[ "$1" != explore ] || stubs_add "$2"
	rm -f "$2".[!d]*
}

# Some hundreds of cases may be linked, so a faster linker is used if there is one.
link() {
	engine=$1 case=$2
	shift 2
	command -v ld.gold >/dev/null && linker=-fuse-ld=gold || linker=
	# shellcheck disable=SC2046,SC2086 # many flags
	"$CLANG" $linker $(cat "$kit/$engine.link") -o "$case" "$@" "$kit/$engine.a" $(cat "$kit/libraries")
}

"$@"
