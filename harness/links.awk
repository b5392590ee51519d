# links.awk - links of pages that lead to a file that is not there.
#
#   awk -f harness/links.awk PAGE...
#
# Prints each, and exits with 1 if there is any.
FNR == 1 {
	folder = FILENAME
	if (!sub(/[^\/]*$/, "", folder))
		folder = ""
}
{
	rest = $0
	while (match(rest, /\]\([^)]+\)/)) {
		target = substr(rest, RSTART + 2, RLENGTH - 3)
		rest = substr(rest, RSTART + RLENGTH)
		sub(/#.*/, "", target)
		if (target == "" || target ~ /^[a-z]+:/)
			continue
		if ((getline line < (folder target)) < 0) {
			print FILENAME ":" FNR ": the link leads nowhere: " target
			failed = 1
		}
		close(folder target)
	}
}
END {
	exit failed
}
