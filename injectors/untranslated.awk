# untranslated.awk - the calls that tsan must refuse where actors only pass for processes: of those that
# a variant makes, in what nm -u says of its object, the names of those that would take the number of a
# descriptor for this process's own, or mean this process where they say an actor's.
#
# What is wrapped has another name by now.
{
	sub(/^_+/, "", $2)
}
$2 ~ /^((lseek|pread|pwrite)64|fdopen|dup3|p(read|write)v2?(64)?|splice|tee|vmsplice|sendfile(64)?|copy_file_range)$/ ||
$2 ~ /^(ioctl|openat(64)?|creat(64)?|accept4|(send|recv)mmsg|p?select|signalfd|timerfd_.*|inotify_.*)$/ ||
$2 ~ /^(flock|lockf(64)?|sem_open|kill|sigqueue|raise|pause|sig(wait|timedwait|waitinfo|suspend))$/ ||
$2 ~ /^(posix_spawnp?|popen|system|vfork|syscall)$/ {
	names = names (names ? ", " : "") $2
}
END {
	print names
}
