# events.awk - from the table of events: the page for people, with -v table=1 the checker's table, or
# with -v schema=1 a JSON Schema of an event.

# The schema of a kind.
function schema_of(kind) {
	if (sub(/ or null$/, "", kind))
		return "{\"anyOf\": [" schema_of(kind) ", {\"type\": \"null\"}]}"
	if (sub(/^list /, "", kind))
		return "{\"type\": \"array\", \"items\": " schema_of(kind) "}"
	if (sub(/^[.]/, "", kind))
		return "{\"$ref\": \"#/definitions/" kind "\"}"
	return simple[kind]
}

function definition_begin(name, part) {
	part = sub(/^[.]/, "", name)
	print "    \"" name "\": {\n      \"type\": \"object\",\n      \"properties\": {"
	needed = separator = ""
	if (part)
		return
	printf "        \"key\": {\"type\": \"string\"},\n        \"v\": {\"const\": 1},\n        \"type\": {\"const\": \"%s\"}", name
	needed = "\"v\", \"type\""
	separator = ",\n"
	choices = choices (choices ? ",\n" : "") "    {\"if\": {\"properties\": {\"type\": {\"const\": \"" name "\"}}}, \"then\": {\"$ref\": \"#/definitions/" name "\"}}"
	names = names (names ? ", " : "") "\"" name "\""
}

function definition_end(comma) {
	print "\n      },\n      \"required\": [" needed "],\n      \"additionalProperties\": false\n    }" comma
}

function property_print(name, kind, meaning) {
	if (!sub(/ if any$/, "", kind))
		needed = needed (needed ? ", " : "") "\"" name "\""
	gsub(/["\\]/, "\\\\&", meaning)
	kind = substr(schema_of(kind), 2)
	printf "%s        \"%s\": {%s%s", separator, name, meaning ? "\"description\": \"" meaning "\", " : "", kind
	separator = ",\n"
}

BEGIN {
	FS = "[ ]*[|][ ]*"
	simple["text"] = "{\"type\": \"string\"}"
	simple["integer"] = "{\"type\": \"integer\"}"
	simple["real"] = "{\"type\": \"number\"}"
	simple["bool"] = "{\"type\": \"boolean\"}"
	simple["hex"] = "{\"type\": \"string\", \"pattern\": \"^([0-9A-Fa-f]{2})*$\"}"
	simple["frame"] = "{\"type\": [\"integer\", \"string\"]}"
	if (schema) {
		print "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"An event of snarl\",\n  \"description\": \"Made from harness/protocol/events by `make docs`: what a case reports to its parent, one JSON object per line.\",\n  \"definitions\": {"
	} else if (table) {
		print "/* events.c - made from harness/protocol/events. */"
		print "#include \"event_check.h\"\n\nconst struct event_field event_fields[] = {"
	} else {
		print "# Events\n\nMade from `harness/protocol/events` by `make docs`: what a case reports to its parent, one JSON object per line.\n\nEach line begins with `{\"key\":\"KEY\",`. snarl chooses KEY for each case and passes it as `--events FD:KEY`; the case removes it from its command line before the scenario runs. Bytes without the key are the scenario's and no event: a case that has written such bytes has crashed. Without a key every line is an event."
	}
}
/^#/ || NF < 3 {
	if (/^# type/)
		begun = 1
	else if (/^#/ && !begun && !table)
		legend = legend (legend ? "\n" : "") substr($0, 3)
	next
}
NF < 4 || $3 !~ /^(list )*(text|integer|real|bool|hex|frame|\.[a-z]+)( or null)?( if any)?$/ {
	print FILENAME ":" FNR ": not a line of type | field | kind | meaning" >"/dev/stderr"
	exit bad = 1
}
{
	# a meaning may contain the field separator
	meaning = $0
	sub(/^[^|]*[|][^|]*[|][^|]*[|] ?/, "", meaning)
	sub(/ +$/, "", meaning)
}
schema {
	if ($1 != type) {
		if (type)
			definition_end(",")
		type = $1
		definition_begin(type)
	}
	property_print($2, $3, meaning)
	next
}
table {
	print "\t{\"" $1 "\", \"" $2 "\", \"" $3 "\"},"
	next
}
$1 != type {
	type = $1
	print "\n### " (type ~ /^\./ ? "part " substr(type, 2) : type) "\n\n| field | kind | meaning |\n| --- | --- | --- |"
}
{
	gsub(/[|]/, "\\|", meaning)
	print "| `" $2 "` | " $3 " | " meaning " |"
}
END {
	if (bad)
		exit 1
	if (table)
		print "\t{0},\n};"
	if (!schema)
		exit
	definition_end()
	print "  },\n  \"type\": \"object\",\n  \"required\": [\"v\", \"type\"],\n  \"properties\": {\"type\": {\"enum\": [" names "]}},\n  \"allOf\": [\n" choices "\n  ]\n}"
}
