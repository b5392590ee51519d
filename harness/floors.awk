# floors.awk - finds calls that lead upward in the house.
#
#   nm -A OBJECT... | awk -v root=build/obj/ -f harness/floors.awk harness/floors -
#
# Reads the floors, then the symbols that each object defines and uses. Prints each use of a symbol
# that is defined on higher floors only, and exits with 1 if there is one.
FILENAME != "-" && /^!/ {
	interface[substr($1, 2)] = 1
	next
}
FILENAME != "-" {
	if (!/^#/ && NF)
		for (floors += 1; NF; NF--)
			floor[$NF] = floors
	next
}
{
	object = substr($1, 1, index($1, ":") - 1)
	sub("^" root, "", object)
	folder = object
	sub(/\/[^\/]*$/, "", folder)
	symbol = $NF
	if (!(folder in floor)) {
		print "harness/floors names no floor for " folder
		floor[folder] = floors
		failed = 1
	}
	if ($(NF - 1) == "U")
		uses[object, symbol] = folder
	else if ($(NF - 1) ~ /^[A-TV-Z]$/ && (!(symbol in home) || floor[folder] < floor[home[symbol]]))
		home[symbol] = folder
}
END {
	for (use in uses) {
		split(use, parts, SUBSEP)
		symbol = parts[2]
		if (symbol in interface || !(symbol in home) || floor[home[symbol]] <= floor[uses[use]])
			continue
		print parts[1] " uses " symbol " of " home[symbol] ", which is above it"
		failed = 1
	}
	exit failed
}
