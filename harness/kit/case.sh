#!/bin/sh
# case.sh - a case of an engine from sources anywhere. Nothing is done if it is there and nothing
# that it was made of has changed.
#
#   case.sh ENGINE BUILD NAME SOURCE [SOURCE|FLAG|LIBRARY]...
#
# Writes BUILD/ENGINE/NAME; and in BUILD/obj/ENGINE/NAME: description and engine, which are what the
# case says of itself, and files, the sources that it was made of. Errors are the compiler's, or one
# sentence about SOURCE.
set -eu
kit=$(cd "$(dirname "$0")" && pwd)
export CLANG="${CLANG:-clang}"
engine=$1 case=$2/$1/$3 work=$2/obj/$1/$3 source=$4
shift 3

fail() {
	echo "$source:1: $*" >&2
	exit 1
}

# Quoted for a response file of the compiler's.
quoted() {
	printf '%s\n' "$1" | sed 's/[\\"]/\\&/g; s/.*/"&"/'
}

# Whether the object defines the symbol.
defines() {
	grep -qxF "$1" "$work/defined"
}

# Symbols of the object that the engine has too, or that it calls by other names, get a prefix: they
# are the sources' own.
own_names() {
	grep -xF -f "$kit/$engine.names" "$work/defined" | sed 's/.*/& snarl_own_&/'
	! defines main || ! defines scenario || echo main snarl_unused_main
	! defines main || defines scenario || echo main snarl_program_main
}

# said OPTION: what the case prints about itself
said() {
	timeout -s KILL 10 "$case" "$1" </dev/null 2>"$work/why" ||
		fail "it does not describe itself: $(sed -n 's/^[^:]*: *//; $p' "$work/why")"
}

for tool in "$CLANG" objcopy as ld; do
	command -v "$tool" >/dev/null || fail "$tool is needed to build it: install clang and binutils"
done
mkdir -p "$work" "$(dirname "$case")"
printf '%s\n' "$PWD" "$CLANG" "$(stat -Lc '%Y %s' "$(command -v "$CLANG")")" "$@" >"$work/asked"
if cmp -s "$work/asked" "$work/made" && sha256sum --check --status "$work/sums"; then
	exit 0
fi
rm -f "$work"/*.o* "$work/made" "$case"
: >"$work/flags"
: >"$work/libraries"

for argument; do
	case $argument in
	*.c) ;;
	*.[oa] | *.so | -[lL]* | -Wl,*) quoted "$argument" >>"$work/libraries" ;;
	*) quoted "$argument" >>"$work/flags" ;;
	esac
done
count=0
for argument; do
	case $argument in
	*.c)
		count=$((count + 1))
		"$kit/flavour.sh" compile "$engine" "$argument" "$work/$count.o" "@$work/flags" \
			-I"$kit" -fno-common -fno-data-sections
		;;
	esac
done
ld -r -o "$work/whole.o" "$work"/[0-9]*.o
cat "$work"/[0-9]*.o.d >"$work/whole.o.d"
nm -g --defined-only "$work/whole.o" | cut -d ' ' -f 3 >"$work/defined"
defines scenario || defines main ||
	fail "it defines neither a scenario nor main: 'snarl new' writes a scenario to start from"
own_names >"$work/renamed"
objcopy --redefine-syms="$work/renamed" "$work/whole.o"
"$kit/flavour.sh" change "$engine" "$work/whole.o"
"$kit/flavour.sh" link "$engine" "$case" "$work/whole.o" "@$work/libraries"
said --describe >"$work/description"
said --engine >"$work/engine"
"$kit/flavour.sh" made_of "$work/whole.o" >"$work/made_of"
grep -vxF "$kit/snarl.h" "$work/made_of" | sort -u >"$work/files"
find "$kit" -maxdepth 1 -type f ! -name '*.a' -print0 | xargs -0 sha256sum "$kit/$engine.a" >"$work/sums"
xargs -d '\n' sha256sum <"$work/files" >>"$work/sums"
mv "$work/asked" "$work/made"
