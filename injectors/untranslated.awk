# untranslated.awk - the calls that tsan must refuse if actors are emulated processes: from `libc`,
# `emulated`, and what readelf -sW prints for a variant's object, the names of the calls that would
# treat an actor's descriptor or number as this process's own, or that read or change what actors
# would share only here.
#
# A wrapped call has been renamed by now, so what keeps its name is not translated.
/^#/ {
	next
}
/^\[/ {
	group = $0
	next
}
FILENAME ~ /libc$/ {
	for (i = 1; i <= NF; i++)
		touches[$i] = concerns(group)
	next
}
FILENAME ~ /emulated$/ {
	for (i = 1; i <= NF; i++)
		verdict[$i] = substr(group, 2, index(group, ":") - 2)
	next
}
$7 != "UND" {
	next
}
{
	wrapped = sub(/^snarl_wrap_/, "", $8)
	if (!($8 in touches)) # __open is open for the library's own use
		sub(/^_+/, "", $8)
}
verdict[$8] == "refused" || touches[$8] && !wrapped && verdict[$8] != "harmless" {
	names = names (names ? ", " : "") $8
}
END {
	print names
}

# Whether a function of this class and with these flags may concern an actor's process.
function concerns(group) {
	return group ~ / [A-Z]*[TRP]/ ||
		group ~ /^\[(descriptors|process|credentials|limits|cwd|umask|signals|time|environment|static-buffer)[] ]/
}
