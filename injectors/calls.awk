# calls.awk - what the build makes of `calls`:
#
#   awk -f calls.awk calls                   the names of the calls
#   awk -v call=malloc -f calls.awk calls    the C file that wraps one of them
#   awk -v points=1 -f calls.awk calls       the C file with the points of those that can fail or be short
BEGIN {
	FS = " *[|] *"
	said["error"] = "fails with the error number itself"
	said["errno"] = "fails with -1 and errno"
	said["short"] = "fails with -1 and errno, or transfers fewer bytes"
	said["null"] = "fails with NULL and errno"
	said["thrd"] = "fails in the words of threads.h"
	said["never"] = "cannot fail"
}
/^#/ || NF == 0 {
	next
}
NF != 4 || !($2 in said) || $4 !~ /^[a-z_0-9 ]+[ *][a-z_0-9]+\(.+\)$/ {
	print FILENAME ":" NR ": not a line of point | fails | header | call" >"/dev/stderr"
	exit bad = 1
}
{
	name = before($4, "(")
	sub(/.*[ *]/, "", name)
}
points {
	failing = failing ($2 == "never" ? "" : "\t\"" $1 "\",\n")
	short = short ($2 == "short" ? "\t\"" $1 "\",\n" : "")
	next
}
call == name {
	wrapper($1, $2, $3, $4)
}
!call {
	print name
}
END {
	if (points && !bad) {
		print "/* points.c - made from " FILENAME ": the points of calls that can fail, or be short. */"
		print "#include \"rule.h\"\n\n#include <stddef.h>\n"
		print "const char *const calls_that_fail[] = {\n" failing "\tNULL,\n};\n"
		print "const char *const calls_that_transfer[] = {\n" short "\tNULL,\n};"
	}
}

function before(text, mark) {
	return substr(text, 1, index(text, mark) - 1)
}

# The last word of each parameter, or that in (*name)(...).
function arguments(parameters,    count, i, list, part) {
	if (parameters == "void")
		return ""
	count = split(parameters, part, ", ")
	for (i = 1; i <= count; i++) {
		if (part[i] ~ /\(\*/) {
			sub(/.*\(\*/, "", part[i])
			sub(/\).*/, "", part[i])
		}
		sub(/.*[ *]/, "", part[i])
		list = list (i > 1 ? ", " : "") part[i]
	}
	return list
}

# The head of a function, folded once if it is longer than a line of 100 columns.
function head(start, parameters) {
	return start (length(start parameters) + 2 > 100 ? "(\n\t" : "(") parameters ")"
}

function wrapper(point, fails, header, prototype,    count, given, made, parameters, type) {
	type = before(prototype, name "(")
	parameters = substr(prototype, length(type name) + 2)
	sub(/\)$/, "", parameters)
	given = arguments(parameters)
	if (fails == "short") {
		count = given
		sub(/.*, /, "", count)
		sub(/[^ ]*$/, "inject_length(\\&point, " count ")", given)
	}
	made = name "(" given ")"

	print "/* " name ".c - made from " FILENAME "; " said[fails] ". */"
	print "#define _GNU_SOURCE"
	print "#include <" header ">\n"
	print "#include \"wrap.h\"\n"
	print "SNARL_POINT_DEFINE(point, \"" point "\");\n"
	print head(type "snarl_wrap_" name, parameters)
	print "{"
	if (fails == "never") {
		print "\tinject_call(&point);"
		print "\t" (type == "void " ? "" : "return ") made ";"
	} else {
		print "\tint error = " (count ? "inject_transfer(&point, " count ")" : "inject_call(&point)") ";\n"
		if (fails == "error") {
			print "\treturn error ? error : " made ";"
		} else if (fails == "thrd") {
			print "\treturn error ? wrap_thrd(error) : " made ";"
		} else {
			print "\tif (!error)"
			print "\t\treturn " made ";"
			print "\terrno = error;"
			print "\treturn " (fails == "null" ? "NULL" : "-1") ";"
		}
	}
	print "}"
}
