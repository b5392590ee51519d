# untranslated.awk - the calls that tsan must refuse if actors are emulated processes: from what
# readelf -sW prints for a variant's object, the names of the calls that would treat an actor's
# descriptor as this process's own, or that mean this process although they name an actor's.
#
# Wrapped calls have been renamed by now; those of signals are wrapped, and refused all the same.
$7 != "UND" {
	next
}
{
	sub(/^_+/, "", $8)
}
$8 ~ /^snarl_wrap_(kill|pause|sigsuspend)$/ {
	sub(/^snarl_wrap_/, "", $8)
}
$8 ~ /^((lseek|pread|pwrite)64|fdopen|dup3|p(read|write)v2?(64)?|splice|tee|vmsplice|sendfile(64)?|copy_file_range)$/ ||
$8 ~ /^(ioctl|openat(64)?|creat(64)?|accept4|(send|recv)mmsg|p?select|signalfd|timerfd_.*|inotify_.*)$/ ||
$8 ~ /^(flock|lockf(64)?|sem_open|kill|sigqueue|raise|pause|sig(wait|timedwait|waitinfo|suspend))$/ ||
$8 ~ /^(posix_spawnp?|popen|system|vfork|syscall)$/ {
	names = names (names ? ", " : "") $8
}
END {
	print names
}
