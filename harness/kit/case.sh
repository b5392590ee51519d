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
export CLANG="${CLANG:-clang}" LC_ALL=C
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

# Sort the arguments into the files sources, flags and libraries. An option may have its value in
# the next argument.
sort_arguments() {
	: >"$work/sources"
	: >"$work/flags"
	: >"$work/libraries"
	value_of=
	for argument; do
		into=flags next=
		case $argument in
		*.c) into=sources ;;
		-[lL] | -Xlinker) into=libraries next=libraries ;;
		*.[oa] | *.so | *.so.* | -[lL]* | -Wl,*) into=libraries ;;
		-[IDUFx] | -include | -imacros | -isystem | -iquote | -idirafter | -Xclang | -mllvm) next=flags ;;
		esac
		[ -z "$value_of" ] || into=$value_of next=
		if [ $into = sources ]; then
			printf '%s\n' "$argument"
		else
			quoted "$argument"
		fi >>"$work/$into"
		value_of=$next
	done
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

# All files that it was made of, one per line: sources with all headers, what was linked, the kit.
# Linkers write a member of an archive in two ways: (ARCHIVE)MEMBER and ARCHIVE(MEMBER).
all_files() {
	sed -n 's/:$//; t path; d; :path; s/\\ / /g; p' "$work/whole.o.d"
	sed 's/^(\(.*\)).*/\1/; s/([^()]*)$//' "$work/linked" | while IFS= read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
	find "$kit" -maxdepth 1 -type f ! -name '*.a'
}

for tool in "$CLANG" objcopy as ld; do
	command -v "$tool" >/dev/null || fail "$tool is needed to build it: install clang and binutils"
done
mkdir -p "$work" "$(dirname "$case")"
printf '%s\n' "$PWD" "$CLANG" "$(stat -Lc '%Y %s' "$(command -v "$CLANG")")" "$@" >"$work/asked"
if cmp -s "$work/asked" "$work/made" && sha256sum --check --status "$work/sums" 2>/dev/null; then
	exit 0
fi
rm -f "$work"/*.o* "$work/made" "$case"
sort_arguments "$@"
count=100
while IFS= read -r path; do
	count=$((count + 1))
	"$kit/flavour.sh" compile "$engine" "$path" "$work/$count.o" "@$work/flags" -MD -I"$kit" \
		-fno-common -fno-data-sections
done <"$work/sources"
ld -r -o "$work/whole.o" "$work"/[0-9]*.o
cat "$work"/[0-9]*.o.d >"$work/whole.o.d"
nm -g --defined-only "$work/whole.o" | cut -d ' ' -f 3 >"$work/defined"
defines scenario || defines main ||
	fail "it defines neither a scenario nor main: 'snarl new' writes a scenario to start from"
own_names >"$work/renamed"
objcopy --redefine-syms="$work/renamed" "$work/whole.o"
"$kit/flavour.sh" change "$engine" "$work/whole.o"
"$kit/flavour.sh" link "$engine" "$case" "$work/whole.o" "@$work/libraries" -Wl,-t >"$work/linked"
{ "$kit/said.sh" "$case" --describe '{"v":' >"$work/description" &&
	"$kit/said.sh" "$case" --engine '{"name":' >"$work/engine"; } 2>"$work/why" || {
	rm -f "$case"
	fail "it does not describe itself: $(cat "$work/why")"
}
"$kit/flavour.sh" made_of "$work/whole.o" >"$work/made_of"
grep -vxF "$kit/snarl.h" "$work/made_of" | sort -u >"$work/files"
all_files | sort -u >"$work/all"
xargs -d '\n' sha256sum <"$work/all" >"$work/sums"
mv "$work/asked" "$work/made"
