# outside.awk - the calls of a variant that leave what explore sees: from the tables `calls` and
# `libc`, and from what readelf -srW prints for the variant's object, an assembler file with
#
#   - the section snarl_unfollowed: the names of calls that explore must refuse, because they start,
#     order, block or end threads outside the model, make the C library signal all its threads and
#     wait for them, would make its heap look at a block of explore's, or keep numbers for later
#     executions;
#   - a function snarl_outside_NAME for each other call: it reports the call to outside_called, with
#     its arguments, and goes on to the call (see harness/explore/io/unmodelled.c);
#   - the symbol snarl_leaves_model if there is such a call, or `assembly` says that the source has
#     inline assembly, for which the symbol snarl_has_assembly stands;
#   - the symbol snarl_has_registers if the variant is `optimised`, so that its variables are not all
#     on the stack.
#
# Modelled calls have been renamed by now. So a name that is left of the refused families, or of the
# table of `calls`, is not modelled, whatever future C libraries have in them.
#
#   awk -v calls="NAME NAME ..." -v assembly=1 -f outside.awk libc READELF
BEGIN {
	count = split(calls, call, " ")
	for (i = 1; i <= count; i++)
		wrapped[call[i]] = 1
}
FILENAME ~ /libc$/ {
	if (/^\[/)
		class = substr($1, 2, length($1) - (NF == 1 ? 2 : 1))
	else if (!/^#/)
		for (i = 1; i <= NF; i++)
			class_of[$i] = class
	next
}
# A relocation of a call.
$3 ~ /_(PLT32|CALL26|JUMP26)$/ {
	called[$5] = 1
	next
}
$7 != "UND" || $8 == "" || $8 ~ /^(snarl|__tsan|custom)_/ {
	next
}
{
	name = $8
	sub(/^_+/, "", name)
}
is_refused(name) {
	refused = refused (refused ? ", " : "") name
	next
}
$8 in class_of || $8 in called {
	outside[++outside_count] = $8
}
# A symbol whose presence says something of the variant.
function mark(symbol) {
	print "\t.data\n\t.globl " symbol "\n" symbol ":\t.byte 1"
}
# Calls that only query, or fill in attributes of the call to come, are harmless.
function is_refused(name) {
	if (name ~ /^pthread_(self|equal|[a-z]*attr_.*|[gs]etname_np|getcpuclockid)$/ || \
	    name ~ /^(thrd_(current|equal)|sched_get.*|mq_getattr)$/)
		return 0
	return name ~ /^(pthread|sem|mtx|cnd|thrd|tss|mq|msg|aio|lio|sched|timer|timerfd|eventfd|epoll|inotify|sig(wait|timedwait|suspend|nalfd))/ || \
		name ~ /^(call_once|syscall|clone|v?fork|posix_spawnp?|system|popen|wait(id|pid|[34])?|pause|alarm|lockf(64)?)$/ || \
		name ~ /^(setitimer|flock|p?poll|p?select|readv|recv.*|accept4?|connect)$/ || \
		name ~ /^(writev|send.*|socketpair|mkfifo(at)?|splice|tee|vmsplice|lseek(64)?|fdopen|pread.*|pwrite.*)$/ || \
		name ~ /^(set(re|e|res)?[ug]id|setgroups|initgroups|(at_)?quick_exit)$/ || \
		name ~ /^(memalign|p?valloc|getline|getdelim|malloc_usable_size|environ)$/ || \
		name in wrapped || \
		name ~ /^([dlm]rand48|srand48|seed48|lcong48|initstate|setstate)$/
}
END {
	print "\t.section snarl_unfollowed,\"a\""
	print "\t.asciz \"" refused "\""
	for (i = 1; i <= outside_count; i++) {
		name = outside[i]
		class = name in class_of ? class_of[name] : "unknown"
		print "\t.section .rodata\n.Lname" i ":\t.asciz \"" name "\"\n.Lclass" i ":\t.asciz \"" class "\""
		print "\t.data\n\t.balign 8\n.Lcall" i ":\t.quad .Lname" i ", .Lclass" i ", " name
		print "\t.text\n\t.globl snarl_outside_" name "\n\t.hidden snarl_outside_" name
		print "snarl_outside_" name ":"
		if (machine ~ /aarch64/)
			print "\tadrp x16, .Lcall" i "\n\tadd x16, x16, :lo12:.Lcall" i "\n\tb outside_enter"
		else
			print "\tleaq .Lcall" i "(%rip), %r11\n\tjmp outside_enter"
	}
	if (outside_count || assembly)
		mark("snarl_leaves_model")
	if (assembly)
		mark("snarl_has_assembly")
	if (optimised)
		mark("snarl_has_registers")
	print "\t.section .note.GNU-stack,\"\""
}
