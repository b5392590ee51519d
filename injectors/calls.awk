# calls.awk - what the build makes of `calls`:
#
#   awk -f calls.awk calls                            the names of the calls
#   awk -v call=malloc -f calls.awk calls             the C file that wraps one of them
#   awk -v call=malloc -v model=1 -f calls.awk calls  the same for explore, in front of its model
#   awk -v points=1 -f calls.awk calls                the C file with what is said of all of them
BEGIN {
	FS = " *[|] *"
	said["error"] = "fails with the error number itself"
	said["errno"] = "fails with -1 and errno"
	said["short"] = "fails with -1 and errno, or transfers fewer bytes"
	said["null"] = "fails with NULL and errno"
	said["failed"] = "fails with MAP_FAILED and errno"
	said["thrd"] = "fails in the words of threads.h"
	said["never"] = "cannot fail"
	notes["lock"] = "board_hold(%o, BOARD_ALONE)"
	notes["share"] = "board_hold(%o, BOARD_SHARED)"
	notes["down"] = "board_hold(%o, BOARD_UNIT)"
	notes["unlock"] = notes["up"] = "board_drop(%o)"
	notes["wake"] = "board_signal(%o)"
	notes["create"] = "board_created(*%o)"
	notes["wait"] = notes["meet"] = notes["join"] = notes["once"] = notes["sit"] = ""
	notes["send"] = notes["receive"] = notes["accept"] = notes["poll"] = notes["rest"] = ""
	notes["open"] = notes["pair"] = notes["close"] = notes["-"] = ""
	split("lock share wait down meet join once send receive accept poll rest open", blocking, " ")
	for (i in blocking)
		blocks[blocking[i]] = 1
}
/^#/ || NF == 0 {
	next
}
{
	split($2, fails, " ")
	split($3, means, " ")
}
NF != 5 || !(fails[1] in said) || fails[2] !~ /^(wakeup|signal|)$/ || !(means[1] in notes) ||
means[2] !~ /^(own|)$/ ||
$5 !~ /^[a-z_0-9 ]+[ *][a-z_0-9]+\(.+\)$/ {
	print FILENAME ":" NR ": not a line of point | fails | means | header | call" >"/dev/stderr"
	exit bad = 1
}
{
	name = before($5, "(")
	sub(/.*[ *]/, "", name)
	number += 1 + deadline # of the call; one more while it waits with a deadline
	deadline = has_deadline($5)
}
points {
	failing = failing (fails[1] == "never" ? "" : "\t\"" $1 "\",\n")
	short = short (fails[1] == "short" ? "\t\"" $1 "\",\n" : "")
	waking = waking (fails[2] == "wakeup" ? "\t\"" $1 "\",\n" : "")
	interrupted = interrupted (fails[2] == "signal" ? "\t\"" $1 "\",\n" : "")
	timed = $5 ~ /timespec/ || means[1] == "sit"
	all = all entry(means[1], blocks[means[1]] && !timed, timed)
	if (deadline)
		all = all entry("sit", 0, 1)
	next
}
call == name {
	wrapper($1, fails[1], fails[2], means[1], means[2], $4, $5)
}
!call {
	print name
}
END {
	if (points && !bad) {
		print "/* points.c - made from " FILENAME ": the calls, and the points of those that can fail. */"
		print "#include <stddef.h>\n\n#include \"board.h\"\n#include \"rule.h\"\n"
		array("calls_that_fail", failing)
		array("calls_that_transfer", short)
		array("calls_that_wake", waking)
		array("calls_that_signals_interrupt", interrupted)
		print "const struct board_call board_calls[] = {\n\t{NULL, \"-\", false, false},\n" all "};\n"
		print "const unsigned board_call_count = " number + deadline + 1 ";"
	}
}

# What is said of a call in board_calls.
function entry(means, blocks, timed) {
	return "\t{\"" name "\", \"" means "\", " (blocks ? "true" : "false") ", " (timed ? "true" : "false") "},\n"
}

# Whether a parameter says how long it waits, for ever if below 0.
function has_deadline(prototype) {
	return prototype ~ /timeout_ms/
}

function array(name, points) {
	print "const char *const " name "[] = {\n" points "\tNULL,\n};\n"
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

# What it returns when it fails with `error`.
function refusal(fails) {
	if (fails == "thrd")
		return "wrap_thrd(error)"
	if (fails == "failed")
		return "wrap_failed(error)"
	return fails == "error" ? "error" : fails == "null" ? "wrap_null(error)" : "wrap_errno(error)"
}

# A wait that ends though nobody has signalled: what a real one does, but for the waiting.
function wakeup(argument,    lock, library) {
	lock = argument[2]
	library = name ~ /^cnd/ ? "mtx" : "pthread_mutex"
	print "\t\tboard_drop(" lock ");"
	print "\t\t" library "_unlock(" lock ");"
	print "\t\tsched_yield();"
	print "\t\tboard_enter(" number ", (uintptr_t)" lock ", __builtin_return_address(0));"
	print "\t\tanswer = " library "_lock(" lock ");"
	print "\t\tboard_leave();"
	print "\t\tif (board_done(answer))\n\t\t\tboard_hold(" lock ", BOARD_ALONE);"
	print "\t\treturn answer;"
}

# The call, with ThreadSanitizer told where it comes from.
function stacked(type, made) {
	print "\twrap_enter(__builtin_return_address(0));"
	print "\t" (type == "void " ? "" : "answer = ") made ";"
	print "\twrap_leave();"
}

# The number that the board knows the call by.
function noted_number() {
	return deadline ? "timeout_ms < 0 ? " number " : " number + 1 : number
}

# What it waits for, if it does.
function noted_object(means, argument) {
	return means == "create" || means == "open" || means == "rest" ? "0" : "(uintptr_t)" argument
}

# The same, with the board told before and after.
function noted(type, means, argument, made,    note) {
	note = notes[means]
	sub(/%o/, argument[1], note)
	if (means == "wait")
		print "\tboard_await(" number ", (uintptr_t)" argument[1] ", (uintptr_t)" argument[2] ", __builtin_return_address(0));"
	else
		print "\tboard_enter(" noted_number() ", " noted_object(means, argument[1]) ", __builtin_return_address(0));"
	stacked(type, made)
	print "\tboard_leave();"
	if (note)
		print "\tif (board_done(answer))\n\t\t" note ";"
}

# Of descriptors that the call has made, and of what ThreadSanitizer has to be told of a message.
function followed(means) {
	if (means == "receive" || means == "accept")
		print "\twrap_subscribe(descriptor, (long)answer);"
	if (means == "open" || means == "accept")
		print "\tprocess_opened((int)answer);"
	if (means == "pair")
		print "\tif (answer == 0)\n\t\tprocess_opened_pair(ends);"
}

function wrapper(point, fails, may, means, own, header, prototype,    argument, count, given, io, made, noting, parameters, shortened, type) {
	type = before(prototype, name "(")
	parameters = substr(prototype, length(type name) + 2)
	sub(/\)$/, "", parameters)
	given = arguments(parameters)
	split(given, argument, ", ")
	shortened = given
	if (fails == "short")
		sub(/ count/, " inject_length(\\&point, count)", shortened)
	made = (model ? "snarl_model_" : own ? "own_" : "") name "(" shortened ")"
	noting = means != "-" && means != "pair" && means != "close" && !model
	io = " " given ~ / descriptor/

	print "/* " name ".c - made from " FILENAME "; " said[fails] ". */"
	print "#define _GNU_SOURCE"
	print "#include <" header ">\n"
	if (noting)
		print "#include \"board.h\""
	if (own && !model)
		print "#include \"own.h\""
	print "#include \"wrap.h\"\n"
	print "SNARL_POINT_DEFINE(point, \"" point "\");\n"
	if (model)
		print "__typeof__(" name ") snarl_model_" name ";"
	if (model && may == "wakeup")
		print "int snarl_model_wakeup(void *condition, void *mutex, const char *call);"
	print head(type "snarl_wrap_" name, parameters)
	print "{"
	if (!model && type != "void ")
		print "\t" type "answer;"
	if (io && means != "close")
		print "\tdescriptor = wrap_descriptor(descriptor);"
	if (fails == "never")
		print (!model && type != "void " ? "\n" : "") "\tinject_call(&point);"
	else if (io && means != "close")
		print "\tint error = inject_io(&point, " (fails == "short" ? "count" : "0") ", descriptor);\n"
	else
		print "\tint error = inject_call(&point);\n"
	if (may == "wakeup" && model) {
		print "\tif (error == INJECT_WAKEUP)"
		print "\t\treturn snarl_model_wakeup(" argument[1] ", " argument[2] ", \"" name "\");"
	} else if (may == "wakeup") {
		print "\tif (error == INJECT_WAKEUP) {"
		wakeup(argument)
		print "\t}"
	}
	if (may == "signal" && !model)
		print "\tif (error == INJECT_SIGNAL)\n\t\twrap_signal_begin();\n\telse if (error)\n\t\treturn " refusal(fails) ";"
	else if (fails != "never")
		print "\tif (error)\n\t\treturn " refusal(fails) ";"
	if (means == "close")
		print "\tdescriptor = wrap_closing(descriptor);"
	if (means == "send" && !model)
		print "\twrap_publish(descriptor);"
	if (model)
		print "\t" (type == "void " ? "" : "return ") made ";"
	else if (noting)
		noted(type, means, argument, made)
	else
		stacked(type, made)
	if (may == "signal" && !model)
		print "\tif (error == INJECT_SIGNAL)\n\t\twrap_signal_end();"
	if (!model)
		followed(means)
	if (type != "void " && !model)
		print "\treturn answer;"
	print "}"
}
