# redirect.awk - for objcopy: each of the calls in `names`, and each of its `aliases`, with its wrapper.
BEGIN {
	count = split(names, name, " ")
	for (i = 1; i <= count; i++)
		redirect(name[i])
}
$1 in wrapped {
	for (i = 2; i <= NF; i++)
		redirect($i)
}

function redirect(name) {
	wrapped[name] = 1
	print name, "snarl_wrap_" name
}
