#!/bin/sh
# said.sh - what a case says of itself.
#
#   said.sh CASE OPTION START
#
# Prints what the case prints with the option, which has to be one line that begins with START.
# Otherwise it prints the reason on stderr and exits with 1.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
seconds=10 # for what takes milliseconds

# Through a file, because a process that the case leaves behind would keep a pipe open.
timeout -s KILL $seconds "$1" "$2" >"$work/said" 2>"$work/why" </dev/null
status=$?
{ IFS= read -r line && ! read -r _; } <"$work/said" && [ $status -eq 0 ] &&
	[ "${line#"$3"}" != "$line" ] && printf '%s\n' "$line" && exit
case $status in
137) echo "it was still running after $seconds s" ;;
0) echo "it printed no description, or more than that" ;;
*) echo "it ended with status $status$(sed 's/^/: /' "$work/why" | tail -n 1)" ;;
esac >&2
exit 1
