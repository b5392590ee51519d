# process_wide.awk - the calls that change what all states of a batch have in common: from what
# readelf -sW prints for a variant's object, the names of the calls that change the environment, the
# working directory and the like.
#
# A variant that makes one runs one execution per batch (native/surroundings.h).
{
	sub(/^snarl_wrap_/, "", $8)
}
$7 == "UND" && $8 ~ /^((un)?setenv|putenv|clearenv|f?chdir|umask|setlocale)$/ {
	names = names (names ? ", " : "") $8
}
END {
	print names
}
