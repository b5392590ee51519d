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

seconds=10 # for a description, which takes milliseconds
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# said CASE OPTION START: run the case with the option; $line is what it printed, which has to be one
# line that begins with START. Otherwise, $why is the reason. Through a file, because a process that
# the case leaves behind would keep a pipe open.
said() {
	timeout -s KILL $seconds "$1" "$2" >"$work/said" 2>"$work/why" </dev/null
	status=$?
	{ IFS= read -r line && ! read -r _; } <"$work/said" && [ $status -eq 0 ] &&
		[ "${line#"$3"}" != "$line" ] && return
	case $status in
	137) why="it was still running after $seconds s" ;;
	0) why="it printed no description, or more than that" ;;
	*) why="it ended with status $status$(sed 's/^/: /' "$work/why" | tail -n 1)" ;;
	esac
	return 1
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
	[ -z "$missing" ] || echo "$source was not built for:$missing" >&2
	[ -x "$build/$describes/$name" ] || continue
	if said "$build/$describes/$name" --describe '{"v":'; then
		case $name$line in
		*/correct*'"expect":{"bug":"clean"'*) ;;
		*/correct*) echo "$source must expect SNARL_NO_BUG: its name says that it is correct" >&2 && continue ;;
		esac
		printf '%s\n' "$line"
	else
		echo "$source does not describe itself: $why" >&2
	fi
done
