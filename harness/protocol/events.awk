# events.awk - from the table of events: the page for people, or with -v table=1 the checker's.
BEGIN {
	FS = "[ ]*[|][ ]*"
	if (table) {
		print "/* events.c - made from harness/protocol/events. */"
		print "#include \"event_check.h\"\n\nconst struct event_field event_fields[] = {"
	} else {
		print "# Events\n\nMade from `harness/protocol/events` by `make docs`: what a case reports to its parent, one JSON object per line.\n\nEach line begins with `{\"key\":\"KEY\",`. snarl chooses KEY for each case and passes it as `--events FD:KEY`; the case removes it from its command line before the scenario runs. Bytes without the key are the scenario's and no event: a case that has written such bytes has crashed. Without a key every line is an event."
	}
}
/^#/ || NF < 3 {
	if (/^# type/)
		begun = 1
	else if (/^#/ && !begun && !table)
		legend = legend (legend ? "\n" : "") substr($0, 3)
	next
}
NF < 4 || $3 !~ /^(list )*(text|integer|real|bool|hex|frame|\.[a-z]+)( or null)?( if any)?$/ {
	print FILENAME ":" FNR ": not a line of type | field | kind | meaning" >"/dev/stderr"
	exit bad = 1
}
{
	# a meaning may contain the field separator
	meaning = $0
	sub(/^[^|]*[|][^|]*[|][^|]*[|] ?/, "", meaning)
	sub(/ +$/, "", meaning)
}
table {
	print "\t{\"" $1 "\", \"" $2 "\", \"" $3 "\"},"
	next
}
$1 != type {
	type = $1
	print "\n### " (type ~ /^\./ ? "part " substr(type, 2) : type) "\n\n| field | kind | meaning |\n| --- | --- | --- |"
}
{
	gsub(/[|]/, "\\|", meaning)
	print "| `" $2 "` | " $3 " | " meaning " |"
}
END {
	if (bad)
		exit 1
	if (table)
		print "\t{0},\n};"
}
