# shellcheck shell=bash disable=SC2154 # status and output are set by run
# snarl.bash - for bats files that load it.

# snarl_finds_nothing FILE.c [-- FLAG|SOURCE|LIBRARY...]: no engine finds a bug
snarl_finds_nothing() {
	run snarl run "$@"
	echo "$output"
	[ "$status" -ne 77 ] || skip "no engine can run it here"
	[ "$status" -eq 0 ]
}
