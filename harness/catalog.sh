#!/bin/sh
# catalog.sh - the catalogue of a build: a line about all of it, then a line per variant, which the
# variant's case prints.
#
#   catalog.sh BUILD FOLDER DESCRIBES ENGINE...
#
# The case of FOLDER/SCENARIO/VARIANT.c is BUILD/ENGINE/SCENARIO/VARIANT. The cases of the engine
# DESCRIBES describe their variants. A variant that was not built or does not describe itself takes
# only itself out: stderr names it, with the reason.
set -u
export LC_ALL=C
build=$1 folder=$2 describes=$3
shift 3

# said CASE OPTION START: run the case with the option; $line is what it printed, or the reason.
said() {
	line=$("$(dirname "$0")/kit/said.sh" "$@" 2>&1)
}

printf '{"root":"%s","folder":"%s","engines":[' "$PWD" "$folder"
comma=
for engine; do
	# Any case can do this, but the first may be one that cannot even start.
	for case in "$build/$engine"/*/*; do
		if [ -x "$case" ] && said "$case" --engine '{"name":'; then
			printf '%s%s' "$comma" "$line"
			comma=,
			break
		fi
	done
done
echo ']}'

for source in "$folder"/*/*.c; do
	name=${source#"$folder"/}
	name=${name%.c}
	missing=
	for engine; do
		[ -x "$build/$engine/$name" ] || missing="$missing $engine"
	done
	[ -z "$missing" ] || echo "$source:1: it was not built for:$missing: see the compiler's errors" >&2
	[ -x "$build/$describes/$name" ] || continue
	if said "$build/$describes/$name" --describe '{"v":'; then
		case $name$line in
		*/correct*'"expect":{"bug":"clean"'*) ;;
		*/correct*) echo "$source:1: it must expect SNARL_NO_BUG, or have another name: correct_* says that there is no bug" >&2 && continue ;;
		esac
		printf '%s\n' "$line"
	else
		echo "$source:1: it does not describe itself: $line" >&2
	fi
done
