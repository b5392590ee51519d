# floors.awk - finds calls that lead upward in the house.
#
#   nm -A OBJECT... | awk -v root=build/obj/ -f harness/floors.awk harness/floors -
#
# Reads the floors, then the symbols that each object defines and uses. Prints each use of a symbol
# that is defined on higher floors only, and the files that use each other in a circle; exits with 1
# if there is either.
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
	else if ($(NF - 1) ~ /^[A-TV-Z]$/ && (!(symbol in home) || floor[folder] < floor[home[symbol]])) {
		home[symbol] = folder
		file[symbol] = object
	}
}
# Removes files that use no other, or that no other uses, until there are none of these: what is
# left is circles and what lies between them.
function circles(    edge, ends, from, into, left, gone, found) {
	for (edge in edges) {
		split(edge, ends, SUBSEP)
		left[ends[1]] = left[ends[2]] = 1
	}
	do {
		split("", from)
		split("", into)
		for (edge in edges) {
			split(edge, ends, SUBSEP)
			if (ends[1] in left && ends[2] in left)
				from[ends[1]] = into[ends[2]] = 1
		}
		gone = 0
		for (object in left)
			if (!(object in from && object in into)) {
				delete left[object]
				gone = 1
			}
	} while (gone)
	for (object in left) {
		print object " is in a circle of files that use each other"
		found = 1
	}
	return found
}
END {
	for (use in uses) {
		split(use, parts, SUBSEP)
		symbol = parts[2]
		if (symbol in interface || !(symbol in home))
			continue
		if (file[symbol] != parts[1])
			edges[parts[1], file[symbol]] = 1
		if (floor[home[symbol]] <= floor[uses[use]])
			continue
		print parts[1] " uses " symbol " of " home[symbol] ", which is above it"
		failed = 1
	}
	if (circles())
		failed = 1
	exit failed
}
