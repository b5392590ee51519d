# cases.jq - the results of bats/cases as a table, then what is not right, and what has no verdict.
#
# right: a correct variant is clean, a broken one is caught, or not seen as it declares. One that
# declares nothing is broken, by its name.
def grade:
	if .could_not_run then "could not run"
	elif .outcome | IN("MISSED", "nothing found") then "missed"
	elif .outcome == "FALSE ALARM" then "false alarm"
	elif .outcome == "skipped" then "skipped"
	else "right" end;

def grades: ["right", "false alarm", "missed", "skipped", "could not run"];

def row: "| " + join(" | ") + " |";

def listed: "- `\(.scenario)/\(.variant)` on \(.engine): \(.grade), \(.message | split("\n")[0])";

map(. + {grade: grade}) |
(["group", "engine"] + grades | row),
(["---", "---"] + (grades | map("---")) | row),
(group_by([.group, .engine])[] | . as $cases |
	[$cases[0].group, $cases[0].engine] +
	(grades | map(. as $grade | $cases | map(select(.grade == $grade)) | length | tostring)) | row),
"",
"Not right:",
(map(select(.grade | IN("false alarm", "missed")))[] | listed),
"",
"Without a verdict:",
(map(select(.grade | IN("skipped", "could not run")))[] | listed)
