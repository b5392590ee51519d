# calls.awk - what the build makes from `calls`:
#
#   awk -f calls.awk calls                            the names of the calls
#   awk -v call=malloc -f calls.awk calls             the C file that wraps one of them
#   awk -v call=malloc -v model=1 -f calls.awk calls  the same for explore, in front of its model
#   awk -v points=1 -f calls.awk calls                the C file with the tables of all of them
#
# With -v aliases=FILE a wrapper has its call's other names, too.
BEGIN {
	while (aliases && (getline line < aliases) > 0)
		if (split(line, name_of, " ") > 1 && name_of[1] == call)
			other_names = substr(line, length(call) + 2)
	FS = " *[|] *"
	said["error"] = "fails with the error number itself"
	said["errno"] = "fails with -1 and errno"
	said["short"] = "fails with -1 and errno, or transfers fewer bytes"
	said["null"] = "fails with NULL and errno"
	said["failed"] = "fails with MAP_FAILED and errno"
	said["thrd"] = "fails in the words of threads.h"
	said["never"] = "cannot fail"
	notes["acquire"] = "activity_hold(%o, ACTIVITY_ALONE)"
	notes["acquire_shared"] = "activity_hold(%o, ACTIVITY_SHARED)"
	notes["sem_wait"] = "activity_hold(%o, ACTIVITY_UNIT)"
	notes["unlock"] = notes["up"] = "activity_drop(%o)"
	notes["wake"] = "activity_signal(%o)"
	notes["create"] = "activity_created(*%o)"
	notes["cond_wait"] = notes["barrier_wait"] = notes["join"] = notes["once"] = notes["block"] = notes["reap"] = ""
	notes["send"] = notes["receive"] = notes["accept"] = notes["poll"] = notes["sigwait"] = ""
	notes["open"] = notes["pair"] = notes["close"] = notes["-"] = ""
	split("acquire acquire_shared cond_wait sem_wait barrier_wait join once send receive accept poll sigwait reap open", blocking, " ")
	for (i in blocking)
		blocks[blocking[i]] = 1
}
/^#/ || NF == 0 {
	next
}
{
	split($2, fails, " ")
	split($3, waits, " ")
	may = substr($2, length(fails[1]) + 2)
}
NF != 5 || !(fails[1] in said) || may !~ /^(wakeup|((signal|message)( |$))*)$/ || !(waits[1] in notes) ||
waits[2] !~ /^(custom|)$/ ||
$5 !~ /^[A-Za-z_0-9 ]+[ *][a-z_0-9]+\(.+\)$/ {
	print FILENAME ":" NR ": not a line of point | fails | waits | header | call" >"/dev/stderr"
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
	waking = waking (may ~ /wakeup/ ? "\t\"" $1 "\",\n" : "")
	interrupted = interrupted (may ~ /signal/ ? "\t\"" $1 "\",\n" : "")
	sending = sending (may ~ /message/ ? "\t\"" $1 "\",\n" : "")
	timed = $5 ~ /timespec/ || waits[1] == "block"
	all = all entry(waits[1], blocks[waits[1]] && !timed, timed)
	if (deadline)
		all = all entry("block", 0, 1)
	next
}
call == name {
	wrapper($1, fails[1], may, waits[1], waits[2], $4, $5)
}
!call {
	print name
}
END {
	if (points && !bad) {
		print "/* points.c - made from " FILENAME ": the calls, and the points of those that can fail. */"
		print "#include <stddef.h>\n\n#include \"activity.h\"\n#include \"rule.h\"\n"
		array("calls_that_fail", failing)
		array("calls_that_transfer", short)
		array("calls_that_wake", waking)
		array("calls_that_signals_interrupt", interrupted)
		array("calls_that_send", sending)
		print "const struct activity_call activity_calls[] = {\n\t{NULL, \"-\", false, false},\n" all "};\n"
		print "const unsigned activity_call_count = " number + deadline + 1 ";"
	}
}

# A call's entry in activity_calls.
function entry(waits, blocks, timed) {
	return "\t{\"" name "\", \"" waits "\", " (blocks ? "true" : "false") ", " (timed ? "true" : "false") "},\n"
}

# Whether a parameter says how long it waits; forever if below 0.
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

# start(list)tail, folded as clang-format does if it is longer than a line of 100 columns.
function folded(depth, start, list, tail,    count, i, indent, line, part, text, used) {
	indent = substr("\t\t\t\t", 1, depth)
	if (8 * depth + length(start list tail) + 2 <= 100)
		return indent start "(" list ")" tail
	if (8 * depth + length(list tail) + 9 <= 100)
		return indent start "(\n\t" indent list ")" tail
	count = split(list, part, ", ")
	text = indent start "("
	used = 8 * depth + length(start) + 1
	for (i = 1; i <= count; i++) {
		line = part[i] (i < count ? "," : ")" tail)
		if (i > 1 && used + 1 + length(line) > 100) {
			text = text "\n\t" indent
			used = 8 * depth + 8
		} else if (i > 1) {
			text = text " "
			used++
		}
		text = text line
		used += length(line)
	}
	return text
}

# The statement for a message with a fault, which is sent by `prefix`sendmsg.
function message(given, prefix,    send) {
	send = given ~ /message/ ? "message_sendmsg" : "message_sendto"
	if (given ~ /count, flags$/)
		given = given ", NULL, 0"
	print "\tif (message_astray(error))"
	print folded(2, (model ? "return " : "answer = ") send, "error, " given ", " (model ? prefix : "custom_") "sendmsg", ";")
	if (!model)
		print "\telse"
}

function statement(depth, made,    start) {
	start = before(made, "(")
	return folded(depth, start, substr(made, length(start) + 2, length(made) - length(start) - 2), ";")
}

# What the call returns when it fails with `error`.
function refusal(fails) {
	if (fails == "thrd")
		return "wrap_thrd(error)"
	if (fails == "failed")
		return "wrap_failed(error)"
	return fails == "error" ? "error" : fails == "null" ? "wrap_null(error)" : "wrap_errno(error)"
}

# A wait that ends without a signal: it does what a real one does, except wait.
function wakeup(argument,    lock, library) {
	lock = argument[2]
	library = name ~ /^cnd/ ? "mtx" : "pthread_mutex"
	print "\t\tactivity_drop(" lock ");"
	if (library == "mtx")
		print "\t\tedge_unlock(" lock ");"
	print "\t\t" library "_unlock(" lock ");"
	print "\t\tsched_yield();"
	print "\t\tactivity_enter(" number ", (uintptr_t)" lock ", __builtin_return_address(0));"
	print "\t\tanswer = " library "_lock(" lock ");"
	print "\t\tactivity_leave();"
	if (library == "mtx")
		print "\t\tedge_lock(" lock ", 0);"
	print "\t\tif (activity_done(answer))\n\t\t\tactivity_hold(" lock ", ACTIVITY_ALONE);"
	print "\t\treturn answer;"
}

# The call, with its caller reported to ThreadSanitizer. `sent`: the arguments, if it sends a message.
function stacked(type, made, sent, prefix) {
	print "\twrap_enter(__builtin_return_address(0));"
	if (sent)
		message(sent, prefix)
	watched(type, made, 0)
	print statement(sent ? 2 : 1, (type == "void " ? "" : "answer = ") made)
	watched(type, made, 1)
	print "\twrap_leave();"
}

# What ThreadSanitizer has to learn of a lock that it does not know, before the call or `after` it.
function watched(type, made, after,    argument, lock) {
	if (name !~ /^(mtx|cnd)_|lockfile$/)
		return
	split(substr(made, length(name) + 2), argument, "[ ,)]+")
	lock = argument[name ~ /^cnd/ ? 2 : 1]
	if (!after && name ~ /unlock|cnd_.*wait/)
		print "\tedge_unlock(" lock ");"
	else if (!after && name == "mtx_destroy")
		print "\tedge_lock_destroy(" lock ");"
	else if (after && name == "mtx_init")
		print done(type) "edge_lock_create(" lock ");"
	else if (after && name ~ /cnd_.*wait/)
		print "\tedge_lock(" lock ", 0);"
	else if (after && name !~ /unlock/ && name ~ /lock/)
		print done(type) "edge_lock(" lock ", " (name ~ /try|timed/ ? "EDGE_TRY" : "0") ");"
}

# The number of the call in the activity table.
function noted_number() {
	return deadline ? "timeout_ms < 0 ? " number " : " number + 1 : number
}

# The object that the call waits for, if it waits.
function noted_object(waits, argument) {
	return waits == "create" || waits == "open" || waits == "sigwait" ? "0" : "(uintptr_t)" argument
}

# The call, recorded in the activity table before and after.
function noted(type, waits, argument, made, sent, prefix,    note) {
	note = notes[waits]
	sub(/%o/, argument[1], note)
	if (waits == "cond_wait")
		print folded(1, "activity_await", number ", (uintptr_t)" argument[1] ", (uintptr_t)" argument[2] ", __builtin_return_address(0)", ";")
	else
		print folded(1, "activity_enter", noted_number() ", " noted_object(waits, argument[1]) ", __builtin_return_address(0)", ";")
	stacked(type, made, sent, prefix)
	print "\tactivity_leave();"
	if (name ~ /^pthread_(mutex|cond)/ && (waits == "acquire" || waits == "cond_wait"))
		print "\twrap_inherit(answer);"
	if (note)
		print done(type) note ";"
}

# What stands before a statement that is made only if the call has done what it is for.
function done(type) {
	return type == "void " ? "\t" : "\tif (activity_done(answer))\n\t\t"
}

# Whether the call returns a new descriptor.
function opens(waits) {
	return waits == "open" || waits == "accept"
}

# Statements for descriptors that the call has made, and for the edge of a message in ThreadSanitizer.
function followed(waits) {
	if (waits == "receive" || waits == "accept")
		print "\twrap_subscribe(descriptor, (long)answer);"
	if (opens(waits))
		print "\tanswer = process_opened(answer);"
	if (waits == "pair")
		print "\tif (answer == 0)\n\t\tprocess_opened_pair(ends);"
}

# Whether the call has a parameter of this name.
function has(given, name) {
	return given ~ "(^| )" name "(,|$)"
}

# Statements for names: before the call for those that it makes or removes, and after it, `found`, for
# all, because any answer says whether they exist.
function named(given, found,    i, names, prefix) {
	prefix = found ? "" : has(given, "flags") ? "if (flags & O_CREAT)\n\t\t" : ""
	split("name old_name" (found ? " path" : ""), names, " ")
	for (i in names)
		if (has(given, names[i]))
			print "\t" prefix (found ? "wrap_name_subscribe(" names[i] ");" : "wrap_name_publish(" names[i] ");")
}

# A message that is held back is sent before the actor may wait, and before its descriptor changes.
function released(sends, waits, given) {
	if (sends)
		return "message_release(descriptor)"
	if (waits ~ /^(acquire|acquire_shared|cond_wait|barrier_wait|join|once|sem_wait|block|open|send|receive|accept|poll|sigwait)$/ || " " given ~ / descriptor/ || name == "fork")
		return "message_release(MESSAGE_ALL)"
	return ""
}

# The call that applies the rules, with what they have to know.
function injected(fails, sends, io) {
	if (sends && fails != "short")
		return "message_inject(&point, descriptor, message)"
	return io ? "inject_io(&point, " (fails == "short" ? "&count" : "&none") ", descriptor)" : "inject_call(&point)"
}

function wrapper(point, fails, may, waits, custom, header, prototype,    argument, failed, given, io, made, noting, parameters, prefix, release, sends, type) {
	type = before(prototype, name "(")
	parameters = substr(prototype, length(type name) + 2)
	sub(/\)$/, "", parameters)
	given = arguments(parameters)
	split(given, argument, ", ")
	sends = may ~ /message/
	prefix = model ? "snarl_model_" : custom ? "custom_" : ""
	made = prefix name "(" given ")"
	release = released(sends, waits, given)
	noting = waits != "-" && waits != "pair" && waits != "close" && !model
	# The descriptor of a close is not translated before the call is made.
	io = " " given ~ / descriptor/ && waits != "close"

	print "/* " name ".c - made from " FILENAME "; " said[fails] ". */"
	print "#define _GNU_SOURCE"
	print "#include <" header ">\n"
	if (noting)
		print "#include \"activity.h\""
	if (release)
		print "#include \"message.h\""
	if ((custom || sends) && !model)
		print "#include \"custom.h\""
	print "#include \"wrap.h\"\n"
	print "SNARL_POINT_DEFINE(point, \"" point "\");\n"
	if (model)
		print "__typeof__(" name ") snarl_model_" name ";"
	if (model && sends && name != "sendmsg")
		print "message_call snarl_model_sendmsg;"
	if (model && may == "wakeup")
		print "int model_wakeup(void *condition, void *mutex, const char *call);"
	print folded(0, type "snarl_wrap_" name, parameters, "")
	print "{"
	if (!model && type != "void ")
		print "\t" type "answer;"
	if (io)
		print "\tdescriptor = wrap_descriptor(descriptor);"
	if (has(given, "other"))
		print "\tother = wrap_descriptor(other);"
	if (fails != "never" && io && fails != "short" && !sends)
		print "\tsize_t none = 0;"
	if (fails != "never")
		print "\tint error = " injected(fails, sends, io) ";\n"
	else
		print (!model && type != "void " ? "\n" : "") "\tinject_call(&point);"
	if (may == "wakeup" && model) {
		print "\tif (error == INJECT_WAKEUP)"
		print "\t\treturn model_wakeup(" argument[1] ", " argument[2] ", \"" name "\");"
	} else if (may == "wakeup") {
		print "\tif (error == INJECT_WAKEUP) {"
		wakeup(argument)
		print "\t}"
	}
	failed = sends ? "error > 0" : "error"
	if (may ~ /signal/ && !model)
		print "\tif (error == INJECT_SIGNAL)\n\t\twrap_signal_begin();\n\telse if (" failed ")\n\t\treturn " refusal(fails) ";"
	else if (fails != "never")
		print "\tif (" failed ")\n\t\treturn " refusal(fails) ";"
	if (release)
		print "\t" release ";"
	if (waits == "close")
		print "\tdescriptor = wrap_closing(descriptor);"
	if (waits == "send" && !model)
		print "\twrap_publish(descriptor);"
	if (!model)
		named(given)
	if (sends && model)
		message(given, prefix)
	if (model)
		print statement(1, (type == "void " ? "" : "return ") made)
	else if (noting)
		noted(type, waits, argument, made, sends ? given : "", prefix)
	else
		stacked(type, made, "", "")
	if (may ~ /signal/ && !model)
		print "\tif (error == INJECT_SIGNAL)\n\t\twrap_signal_end();"
	if (!model)
		named(given, 1)
	if (!model)
		followed(waits)
	if (name == "sem_clockwait" && !model) # ThreadSanitizer does not know it
		print done(type) "edge_take(" argument[1] ");"
	if (type != "void " && !model)
		print "\treturn answer;"
	print "}"
	aliased(name)
}

# The wrapper under the call's other names.
function aliased(name,    alias, attribute, declared, i) {
	split(other_names, alias, " ")
	for (i = 1; i in alias; i++) {
		declared = "__typeof__(snarl_wrap_" name ") snarl_wrap_" alias[i]
		attribute = "__attribute__((alias(\"snarl_wrap_" name "\")));"
		print "\n" declared (length(declared attribute) < 100 ? " " : "\n\t") attribute
	}
}
