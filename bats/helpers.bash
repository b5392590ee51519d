# helpers.bash - what the bats files share.

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
SNARL=${SNARL:-$ROOT/build/snarl}

# One case behaves as its variant declares: caught, clean, or blind.
case_holds() {
	run "$SNARL" run "$1" --engine "$2" --profile delays --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	echo "$output"
	[ "$status" -eq 0 ]
}
