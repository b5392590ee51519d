# readme.jq - scenarios/README.md, from `snarl list --json` and, in $about, the file `about`: sections
# and their scenarios in the order of a syllabus.
def sight($engine): .expect[$engine] as $e |
	if $e.detection == "skipped" then "not run"
	elif $e.detection == "cannot" then "blind"
	elif .expect.bug == "clean" and $e.detection == "must" then "clean"
	elif $e.detection == "may" then "may"
	else $e.bug end;
def row: "| `\(.variant)` | \(.summary) | \(sight("stress")) | \(sight("tsan")) | \(sight("explore")) |"
	| gsub("\\|(?<a>[a-z])"; ", \(.a)");
def scenario($all): split(" | ") as [$name, $what] |
	[$all[] | select(.scenario == $name)] as $variants |
	if $variants == [] then error("scenarios/about has \($name), which is no scenario") else . end |
	"\n### \($name)\n\n\($what)\n",
	"| variant | what it does | stress | tsan | explore |\n| --- | --- | --- | --- | --- |",
	($variants | sort_by(.expect.bug != "clean", .variant)[] | row);
. as $all | [$about | split("\n")[] | select(length > 0)] as $lines |
([$all[].scenario] | unique) - [$lines[] | split(" | ")[0]] |
if . != [] then error("scenarios/about has no line for \(join(", "))") else . end |
"# Scenarios

Made by `make docs` from what each variant declares. The column of an engine has the kinds of bugs that it must report.
\"clean\": it must report none. \"may\": it sees the bug by chance, or is known to be wrong. \"blind\": it cannot see the
bug. \"not run\": the engine cannot run the variant.",
($lines[] | if startswith("# ") then "\n## \(.[2:])" else scenario($all) end)
