# unmodelled.awk - the calls that explore must refuse: from what readelf -sW prints for a variant's
# object, the names of the calls that start, order, block or end threads outside the model, that
# make the C library signal all its threads and wait for them (it knows no fibers), that would make
# its heap look at a block of ours, or that keep numbers for later executions.
#
# Modelled calls have been renamed by now. So a name that is left of these families, or of the table
# of `calls`, is not modelled, whatever future C libraries have in them. Calls that only query, or
# fill in attributes of the call to come, are harmless.
BEGIN {
	count = split(calls, call, " ")
	for (i = 1; i <= count; i++)
		wrapped[call[i]] = 1
}
$7 != "UND" {
	next
}
{
	sub(/^_+/, "", $8)
}
$8 ~ /^pthread_(self|equal|[a-z]*attr_.*|[gs]etname_np|getcpuclockid)$/ ||
$8 ~ /^(thrd_(current|equal)|sched_get.*|mq_getattr|epoll_create1?)$/ {
	next
}
$8 ~ /^(pthread|sem|mtx|cnd|thrd|tss|mq|msg|aio|lio|sched|timer|timerfd|eventfd|epoll|sig(wait|timedwait|suspend))/ ||
$8 ~ /^(call_once|syscall|clone|v?fork|posix_spawnp?|system|popen|wait(id|pid|[34])?|pause|alarm|lockf(64)?)$/ ||
$8 ~ /^(setitimer|flock|p?poll|p?select|readv|recv.*|accept4?|connect)$/ ||
$8 ~ /^(writev|send.*|socketpair|mkfifo(at)?|splice|tee|vmsplice|lseek(64)?|fdopen|pread.*|pwrite.*)$/ ||
$8 ~ /^(set(re|e|res)?[ug]id|setgroups|initgroups)$/ ||
$8 ~ /^(memalign|p?valloc|getline|getdelim|malloc_usable_size)$/ ||
$8 in wrapped ||
$8 ~ /^([dlm]rand48|srand48|seed48|lcong48|initstate|setstate)$/ {
	names = names (names ? ", " : "") $8
}
END {
	print names
}
