#!/usr/bin/env bats
# The tables of the C library's functions against the library that is installed: every function has
# a class, and what concerns a process is translated, harmless or refused where actors only emulate
# processes.
# bats file_tags=processes

load helpers

TABLES=("$ROOT/injectors/libc" "$ROOT/injectors/emulated")

# functions LIBRARY...: the functions that other programs can link with, one per line
functions() {
	nm -D --defined-only "$@" | awk '$2 ~ /^[TWi]$/ { print $3 }' | grep -v '@GLIBC_PRIVATE' |
		awk -F@ '$2 == "" && NF == 3 { print $1 }' | sort -u
}

# What the headers that belong to the C library mention, or might, one per line. A function that they
# do not mention is for the library's own use.
mentioned() {
	local folder
	for folder in $(printf '#include <%s>\n' features.h bits/types.h sys/cdefs.h arpa/inet.h net/if.h |
		"${CLANG:-clang}" -M -x c - | grep -o '/[^ ]*\.h' | xargs -n1 dirname | sort -u); do
		cat "$folder"/*.h
	done | grep -aoE '[A-Za-z_][A-Za-z_0-9]*' | sort -u
}

# installed NAME: the path of a library that programs are linked with
installed() {
	"${CLANG:-clang}" -print-file-name="$1"
}

# names FILE: the functions in one of the tables, one per line
names() {
	grep -v '^[#[]' "$1" | tr -s ' ' '\n'
}

# refused_of NAME...: those that are refused when a variant's object refers to them
refused_of() {
	printf '     1: 0000000000000000     0 NOTYPE  GLOBAL DEFAULT  UND %s\n' "$@" |
		awk -f "$ROOT/injectors/untranslated.awk" "${TABLES[@]}" - | tr -d ',' | tr ' ' '\n'
}

# The functions of the table that concern a process, one per line.
concerned() {
	# shellcheck disable=SC2046 # words
	awk -f "$ROOT/injectors/untranslated.awk" "$ROOT/injectors/libc" /dev/null <(
		printf '     1: 0 0 NOTYPE GLOBAL DEFAULT UND %s\n' $(names "$ROOT/injectors/libc")
	) | tr -d ',' | tr ' ' '\n' | sort -u
}

# The calls that go to a wrapper, one per line.
wrapped() {
	awk -f "$ROOT/injectors/calls.awk" "$ROOT/injectors/calls" | tr -s ' ' '\n' | sed 's/.*/&=&/' |
		awk -f "$ROOT/injectors/redirect.awk" - "$ROOT/injectors/aliases" | cut -d' ' -f1 | sort -u
}

# none LIST: it is empty, or the test fails with it
none() {
	if [ -n "$1" ]; then
		echo "$2:"
		echo "$1"
		return 1
	fi
}

@test "every function of the C library has one class" {
	none "$(comm -23 <(functions "$(installed libc.so.6)" "$(installed libm.so.6)" |
		comm -12 - <(mentioned) | awk -v known="$(names "$ROOT/injectors/libc" | tr '\n' ' ')" '
			{ name = $0; sub(/^_+/, "", name) } !index(" " known, " " name " ")') <(names "$ROOT/injectors/libc" | sort -u))" "without a class"
	for table in "${TABLES[@]}"; do
		none "$(names "$table" | sort | uniq -d)" "twice in $table"
	done
}

@test "what concerns a process is translated, harmless or refused in emulated processes" {
	# shellcheck disable=SC2046 # words
	refused=$(refused_of $(names "$ROOT/injectors/libc") | sort -u)
	none "$(comm -23 <(concerned) \
		<(printf '%s\n' "$refused" "$(wrapped)" "$(names "$ROOT/injectors/emulated")" | sort -u))" \
		"neither"
	for name in fcntl splice syscall dprintf lockf sem_open umask chdir setrlimit setuid kill raise \
		__recv_chk popen opendir getpid; do
		case $name in
		opendir) lacks "$name" "$(grep -x "$name" <<<"$refused")" ;;
		*) grep -qx "$name" <<<"$refused" ;;
		esac
	done
}

@test "a wrapped call is translated under each of its names, unless it is refused by name" {
	for name in open open64 __open_2 fstat64 __read_chk mkstemp64 getpid accept4 select; do
		grep -qx "$name" <<<"$(wrapped)"
		[ -z "$(refused_of "snarl_wrap_$name")" ]
		grep -qx "$name" <<<"$(refused_of "$name")"
	done
	for name in kill pause sigsuspend; do
		[ "$(refused_of "snarl_wrap_$name")" = "$name" ]
	done
}

@test "the tables name nothing that the C library does not have" {
	none "$(comm -13 <(names "$ROOT/injectors/libc" | sort -u) \
		<(printf '%s\n' "$(wrapped)" "$(names "$ROOT/injectors/emulated")" | sort -u))" \
		"unknown to injectors/libc"
}
