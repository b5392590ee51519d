# handed_out.awk - makes clang instrument all accesses to locals whose address is handed out: from
# the table `libc` and a source as LLVM's assembler, before its passes.
#
# ThreadSanitizer's pass leaves out locals that nobody else can reach. For a member or an element it
# looks at the pointer to that alone, though, which is seldom handed out itself. Before each access
# to such a one this puts an empty assembler instruction that takes the pointer.
#
# A function of the C library keeps no pointer, apart from those below.
BEGIN {
	keep_count = split("pthread_create thrd_create pthread_setspecific tss_set tsearch hsearch " \
		"hsearch_r insque putenv setvbuf setbuf setbuffer on_exit sigaltstack", keeping)
}
FILENAME ~ /libc$/ {
	if (!/^[#[]/)
		for (i = 1; i <= NF; i++)
			forgets[$i] = 1
	next
}
FNR == 1 {
	for (i = 1; i <= keep_count; i++)
		delete forgets[keeping[i]]
}
/^define / {
	inside = 1
}
!inside {
	print
	next
}
{
	lines[++count] = $0
}
/^}/ {
	for (i = 1; i <= count; i++)
		origin_find(lines[i])
	for (i = 1; i <= count; i++)
		handed_find(lines[i])
	for (i = 1; i <= count; i++) {
		access_mark(lines[i])
		print lines[i]
	}
	inside = count = 0
	split("", origin)
	split("", handed)
}
# The result of an instruction points into a local, or is one.
function origin_find(line,    words, pointer) {
	split(line, words, /[ ,()]+/)
	if (line ~ /^  %[^ ]+ = alloca /)
		origin[words[2]] = words[2]
	else if (line ~ /^  %[^ ]+ = (getelementptr|bitcast) / && \
		match(line, /(\*|ptr) %[-A-Za-z0-9$._]+/)) {
		pointer = substr(line, RSTART, RLENGTH)
		sub(/^.* /, "", pointer)
		if (pointer in origin)
			origin[words[2]] = origin[pointer]
	}
}
# The address of a local is an argument of a call, or is stored, compared or converted.
function handed_find(line,    rest, name, callee) {
	if (line ~ /^  (%[^ ]+ = )?(load|getelementptr|bitcast|alloca) / || line ~ / call .*@llvm\./)
		return
	if (line ~ / call / && match(line, /@[-A-Za-z0-9$._]+\(/)) {
		callee = substr(line, RSTART + 1, RLENGTH - 2)
		if (callee in forgets)
			return
	}
	rest = line
	if (line ~ /^  store / && match(line, /(\*|ptr) %[-A-Za-z0-9$._]+(, (align|!).*)?$/))
		rest = substr(line, 1, RSTART - 1)
	sub(/^  %[^ ]+ = /, "", rest)
	while (match(rest, /%[-A-Za-z0-9$._]+/)) {
		name = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		if (name in origin)
			handed[origin[name]] = 1
	}
}
# The operand of a load or a store that is its address, with its type.
function access_mark(line,    text, name, at, depth, char) {
	if (line !~ /^  (%[^ ]+ = load|store) /)
		return
	text = line
	sub(/, (align|!).*$/, "", text)
	if (!match(text, /%[-A-Za-z0-9$._]+$/))
		return
	name = substr(text, RSTART)
	if (!(name in origin) || origin[name] == name || !(origin[name] in handed))
		return
	for (at = RSTART - 1; at > 0; at--) {
		char = substr(text, at, 1)
		depth += (index(")]}>", char) > 0) - (index("([{<", char) > 0)
		if (char == "," && !depth)
			break
	}
	print "  call void asm sideeffect \"\", \"r\"(" substr(text, at + 2) ")"
}
