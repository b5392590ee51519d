# redirect.awk - for objcopy: the names that a case calls and what they are called for, one pair a
# line, from the words NAME=OTHER of the first file. Each alias of a NAME has a wrapper of its own.
NR == FNR {
	for (i = 1; i <= NF; i++) {
		split($i, pair, "=")
		named[pair[1]] = 1
		print pair[1], pair[2]
	}
	next
}
$1 in named {
	for (i = 2; i <= NF; i++)
		print $i, "snarl_wrap_" $i
}
