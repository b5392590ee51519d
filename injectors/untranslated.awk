# untranslated.awk - the calls that tsan must refuse where actors only pass for processes: of those that
# a variant makes, in what readelf -sW says of its object, the names of those that would take the number
# of a descriptor for this process's own, or mean this process where they say an actor's.
#
# What is wrapped has another name by now.
$7 != "UND" {
	next
}
{
	sub(/^_+/, "", $8)
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
