# cases.awk - from `snarl list --cases` (name, engine, expected kinds) to one bats test per case.
BEGIN {
	print "#!/usr/bin/env bats"
	print "# Made by the build from what it found: every case of every scenario. Do not edit."
	print "# One alone: bats build/scenarios.bats -f bounded_buffer/missing_full_check"
	print ""
	print "load " helpers
}
{
	split($1, name, "/")
	tags = "engine:" $2 ", scenario:" name[1]
	count = split($3, kinds, "|")
	for (i = 1; i <= count; i++)
		tags = tags ", bug:" kinds[i]
	# The main job runs all of them. Here the first variant of each scenario stands for the others.
	if (!(name[1] in first))
		first[name[1]] = $1
	if (first[name[1]] == $1)
		tags = tags ", first"
	# explore needs no quiet core.
	if ($2 == "explore")
		tags = tags ", shares-cores"
	# A clean case uses up its budget; the main job gives it the effort that its twins demand.
	budget = $3 == "clean" ? " 100ms" : ""
	printf "\n# bats test_tags=%s\n@test \"%s on %s\" {\n\tcase_holds %s %s%s\n}\n", tags, $1, $2, $1, $2, budget
}
