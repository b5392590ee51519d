# readme.jq - scenarios/README.md, from `snarl list --json` and, in $about, the file `about`.
def about: [$about | split("\n")[] | select(length > 0) | split(" | ") | {key: .[0], value: .[1]}] | from_entries;
def sight($engine): .expect[$engine] as $e |
	if $e.sight == "skipped" then "not run"
	elif $e.sight == "cannot" then "blind"
	elif .expect.bug == "clean" and $e.sight == "must" then "clean"
	elif $e.sight == "may" then "may"
	else $e.bug end;
def row: "| `\(.variant)` | \(.summary) | \(sight("stress")) | \(sight("tsan")) | \(sight("explore")) |"
	| gsub("\\|(?<a>[a-z])"; ", \(.a)");
about as $about |
"# Scenarios

Made by `make docs` from what each variant declares. Under an engine stands what it has to see, or: \"clean\", it must
see nothing; \"may\", it sees the bug by chance, or is known to be wrong; \"blind\", it cannot see the bug; \"not run\".",
(group_by(.scenario)[] | .[0].scenario as $name |
	"\n## \($name)\n\n\($about[$name] // error("scenarios/about has no line for " + $name))\n",
	"| variant | what it does | stress | tsan | explore |\n| --- | --- | --- | --- | --- |",
	(sort_by(.expect.bug != "clean", .variant)[] | row))
