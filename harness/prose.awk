# prose.awk - sentences that have to be read twice, as far as a pattern can find them.
#
#   awk -f harness/prose.awk FILE...
#
# Finds comments that begin with "who" or with a genitive. Finds the words "is told" and rulers that are
# longer than their line. Prints each place, and exits with 1 if there is any.
function complain(what) {
	print FILENAME ":" FNR ": " what ": " $0
	failed = 1
}
FNR == 1 {
	begins = 0
}
# The first words of a comment; or of a sentence, on a line behind one that ended.
/\/\* *(Who|Whoever|Of an?|Of the|Of those|Of these) / || (begins && /^[ \t]*(\*|#) +(Who|Whoever|Of an?|Of the|Of those|Of these) /) {
	complain("a bare \"who\", or a genitive in front")
}
/(^|[^a-z])(is|are|was|were|been) told([^a-z]|$)/ {
	complain("\"told\" for printed, reported, sent or written")
}
/^(\/\*|#) ---/ && length($0) > 100 {
	complain("a ruler longer than its line")
}
{
	begins = /^[ \t]*(\/\*|\*|#)[ \t]*$/ || /^[ \t]*(\*|#).*[.:]$/
}
END {
	exit failed
}
