#!/bin/sh
# setup.sh - what snarl needs of the machine.
#
#   setup.sh deps [test]   install what is missing (apt-get, with sudo unless root), or print it
#   setup.sh check [test]  print what is missing
#   setup.sh doctor        print what was found, and the remedy for what was not
#
# Every need is one line of the table: name, probe, and its package for apt, dnf and pacman. Probes
# compile and link, so that a half-installed package counts as missing.
set -u

CLANG=${CLANG:-clang}
BUILD=${BUILD:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT

# links HEADER LIBRARY: whether a program that includes the one and links the other can be built
links() {
	printf '#include <%s>\nint main(void) { return 0; }\n' "$1" >"$work/probe.c"
	"$CLANG" -o "$work/probe" "$work/probe.c" "-l$2" 2>"$work/errors"
}

clang_major() {
	"$CLANG" -dumpversion 2>"$work/errors" | cut -d. -f1
}

has_clang() {
	command -v "$CLANG" >"$work/path" && [ "$(clang_major)" -ge 14 ]
}

# The probe links and starts: a runtime that does not suit this kernel counts as missing too.
has_tsan() {
	echo 'int main(void) { return 0; }' >"$work/tsan.c"
	"$CLANG" -fsanitize=thread -o "$work/tsan" "$work/tsan.c" 2>"$work/errors" &&
		{ setarch "$(uname -m)" -R "$work/tsan" 2>"$work/errors" || "$work/tsan" 2>"$work/errors"; }
}

has() {
	command -v "$1" >"$work/path"
}

# need | probe                                | apt            | dnf              | pacman
run_needs='
clang 14 or later | has_clang                 | clang          | clang            | clang
binutils          | has objcopy               | binutils       | binutils         | binutils
C library headers | links stdio.h c           | libc6-dev      | glibc-devel      | glibc
TSan runtime      | has_tsan                  | @tsan          | compiler-rt      | compiler-rt
libfiu            | links fiu.h fiu           | libfiu-dev     | libfiu-devel     | libfiu
jansson           | links jansson.h jansson   | libjansson-dev | jansson-devel    | jansson
SQLite            | links sqlite3.h sqlite3   | libsqlite3-dev | sqlite-devel     | sqlite
elfutils          | links elfutils/libdwfl.h dw | libdw-dev    | elfutils-devel   | elfutils
libelf            | links libelf.h elf        | libelf-dev     | elfutils-libelf-devel | libelf
libtirpc          | links tirpc/netconfig.h tirpc | libtirpc-dev | libtirpc-devel  | libtirpc
awk               | has awk                   | mawk           | gawk             | gawk
diff              | has diff                  | diffutils      | diffutils        | diffutils
'
test_needs='
bats              | has bats                  | bats           | bats             | bats
cmocka            | links_cmocka              | libcmocka-dev  | libcmocka-devel  | cmocka
sqlite3           | has sqlite3               | sqlite3        | sqlite           | sqlite
jq                | has jq                    | jq             | jq               | jq
util-linux        | has script                | bsdutils       | util-linux       | util-linux
procps            | has ps                    | procps         | procps-ng        | procps-ng
xmllint           | has xmllint               | libxml2-utils  | libxml2          | libxml2
jsonschema        | has_jsonschema            | python3-jsonschema | python3-jsonschema | python-jsonschema
shellcheck        | has shellcheck            | shellcheck     | ShellCheck       | shellcheck
cppcheck          | has cppcheck              | cppcheck       | cppcheck         | cppcheck
clang-format      | has clang-format          | clang-format   | clang-tools-extra | clang
gcc               | has gcc                   | gcc            | gcc              | gcc
fiu-run           | has_fiu_run               | fiu-utils      | @none            | @none
gdb               | has gdb                   | gdb            | gdb              | gdb
cmake             | has cmake                 | cmake          | cmake            | cmake
meson             | has meson                 | meson          | meson            | meson
automake          | has automake              | automake       | automake         | automake
pkg-config        | has pkg-config            | pkgconf        | pkgconf          | pkgconf
GNU parallel      | has_parallel              | parallel       | parallel         | parallel
rsync             | has rsync                 | rsync          | rsync            | rsync
ss                | has ss                    | iproute2       | iproute          | iproute2
YAML for Python   | has_yaml                  | python3-yaml   | python3-pyyaml   | python-yaml
OpenSSH server    | has_daemon sshd           | openssh-server | @none            | @none
Slurm controller  | has_daemon slurmctld      | slurmctld      | @none            | @none
Slurm node        | has_daemon slurmd         | slurmd         | @none            | @none
Slurm client      | has_daemon sbatch         | slurm-client   | @none            | @none
MUNGE             | has_daemon munged         | munge          | @none            | @none
mandoc            | has mandoc                | mandoc         | mandoc           | mandoc
valgrind          | has valgrind              | valgrind       | valgrind         | valgrind
headers for arm64 | has_arm64                 | libc6-dev-arm64-cross | @none     | aarch64-linux-gnu-glibc
'

# If the distribution has none, nothing is compiled for arm64, and `make arm64` says so.
has_arm64() {
	has apt-get || return 0
	[ -r /usr/aarch64-linux-gnu/include/stdio.h ] || [ "$(uname -m)" = aarch64 ]
}

# On other distributions its tests are skipped.
has_fiu_run() {
	has apt-get || return 0
	has fiu-run && has fiu-ctrl
}

# The distribution's package is for its own Python, which need not be the first on the path.
has_jsonschema() {
	python3 -c 'import jsonschema' 2>"$work/errors" ||
		/usr/bin/python3 -c 'import jsonschema' 2>"$work/errors"
}

# The same: what tests start as daemons of their own.
has_daemon() {
	has apt-get || return 0
	PATH=$PATH:/sbin:/usr/sbin has "$1"
}

# Another program has the same name.
has_parallel() {
	has parallel && parallel --version 2>"$work/errors" </dev/null | grep -q GNU
}

has_yaml() {
	has python3 && python3 -c 'import yaml' 2>"$work/errors"
}

links_cmocka() {
	printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <cmocka.h>\nint main(void) { return 0; }\n' >"$work/probe.c"
	"$CLANG" -o "$work/probe" "$work/probe.c" -lcmocka 2>"$work/errors"
}

# missing COLUMN NEEDS: the packages of that column whose probe fails
missing() {
	echo "$2" | while IFS='|' read -r name probe apt dnf pacman; do
		[ -n "$name" ] || continue
		# shellcheck disable=SC2086 # the probe is a command with its arguments
		$probe && continue
		case $1 in
		apt) echo "$apt" ;;
		dnf) echo "$dnf" ;;
		pacman) echo "$pacman" ;;
		esac
	done | tr -d ' ' | sort -u | tr '\n' ' '
}

# Debian 12 and later package the runtime apart from the compiler; before, it was included.
apt_names() {
	for package in $1; do
		if [ "$package" = @tsan ]; then
			has_clang && echo "libclang-rt-$(clang_major)-dev"
		else
			echo "$package"
		fi
	done | tr '\n' ' '
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		echo "snarl: running sudo $*" >&2
		sudo "$@"
	fi
}

# apt_get ARGUMENT...: as root, without questions. It waits for another installation to end, because
# that of an interrupted make may still run.
apt_get() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
			>"$work/apt" 2>&1 && return 0
		grep -q 'Could not get lock' "$work/apt" || return 1
		sleep 5
	done
	return 1
}

# Services of packages that only tests need, and what forbids the packages to start them.
services='munge slurmctld slurmd ssh'
policy=/usr/sbin/policy-rc.d

has_service() {
	[ -e "/lib/systemd/system/$1.service" ]
}

# services_forbid: while this script runs, no package starts a service
services_forbid() {
	had=
	for service in $services; do
		! has_service "$service" || had="$had $service "
	done
	[ ! -e $policy ] || return 0
	printf '#!/bin/sh\n# by snarl, for as long as its process %d lives\nkill -0 %d 2>/dev/null && exit 101\nrm -f %s\n' \
		$$ $$ $policy >"$work/policy"
	as_root install -m 755 "$work/policy" $policy
}

# services_allow: again; those that are new do not start with the machine either
services_allow() {
	! grep -qsx "# by snarl, for as long as its process $$ lives" $policy || as_root rm -f $policy
	for service in $services; do
		case $had in *" $service "*) continue ;; esac
		! has_service "$service" || as_root systemctl --quiet disable "$service" 2>"$work/errors"
	done
}

# apt_install PACKAGES: install them, whatever state an earlier attempt was interrupted in
apt_install() {
	[ -n "$1" ] || return 0
	echo "snarl: installing $1" >&2
	# shellcheck disable=SC2086 # a list of packages
	apt_get install -y --no-install-recommends $1 && return 0
	# Half-installed packages come first. The package lists may be old, or missing.
	as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >"$work/apt" 2>&1
	apt_get update
	apt_get install -y --fix-broken
	# shellcheck disable=SC2086
	apt_get install -y --no-install-recommends $1 && return 0
	tail -n 5 "$work/apt" >&2
	return 1
}

# Either unpacked by rpcbind_fetch, or installed.
has_rpcbind() {
	[ -x "$BUILD/rpcbind/rpcbind" ] || PATH=$PATH:/sbin:/usr/sbin has rpcbind
}

apt_download() {
	(cd "$work/packages" && apt-get download -qq "$@") >"$work/apt" 2>&1
}

# Unpacked beside the cases, because an installed one would be a service of the machine.
rpcbind_fetch() {
	{ has apt-get && has dpkg-deb; } || return 0
	echo "snarl: unpacking rpcbind into $BUILD/rpcbind" >&2
	mkdir -p "$work/packages" "$BUILD/rpcbind" || return 0
	apt_download rpcbind libwrap0 || {
		[ "$(id -u)" -eq 0 ] && apt_get update && apt_download rpcbind libwrap0
	} || return 0
	for package in "$work"/packages/*.deb; do
		dpkg-deb -x "$package" "$work/packages" || return 0
	done
	find "$work/packages" \( -name rpcbind -path '*/sbin/*' -o -name 'libwrap.so.*' \) \
		-exec cp -P {} "$BUILD/rpcbind" \;
}

browser=$(dirname "$0")/../bats/browser

# A browser and the packages of node that drive it, in the versions of our own lock file.
has_browser() {
	{ has chromium || has chromium-browser; } && has node && has npm &&
		(cd "$browser" && npm ls >"$work/npm" 2>&1)
}

browser_install() {
	wanted=
	has chromium || has chromium-browser || wanted=chromium
	has node || wanted="$wanted nodejs"
	has npm || wanted="$wanted npm"
	if [ -n "$wanted" ] && has apt-get && { [ "$(id -u)" -eq 0 ] || has sudo; }; then
		apt_install "$wanted"
	fi
	has npm || return 0
	echo "snarl: installing playwright-core and axe-core into bats/browser" >&2
	(cd "$browser" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000) \
		>"$work/npm" 2>&1 || tail -n 3 "$work/npm" >&2
}

# needs_of [test]: the table
needs_of() {
	if [ "${1:-}" = test ]; then echo "$test_needs"; else echo "$run_needs"; fi
}

# all_there NEEDS [REMEDY]: whether nothing is missing; otherwise print it, with the remedy
all_there() {
	[ -n "$(missing apt "$1")" ] || return 0
	echo "snarl: missing: apt: $(apt_names "$(missing apt "$1")"); dnf: $(missing dnf "$1"); pacman: $(missing pacman "$1")${2:-}" >&2
	return 3
}

deps() {
	needs=$(needs_of "$@")
	# Nothing fails without these: the cases or tests that need them are skipped.
	[ "${1:-}" = test ] || has_rpcbind || rpcbind_fetch
	[ "${1:-}" != test ] || has_browser || browser_install
	[ -n "$(missing apt "$needs")" ] || return 0
	if has apt-get && { [ "$(id -u)" -eq 0 ] || has sudo; }; then
		services_forbid
		# Twice, because the package of the runtime is known only once there is a compiler.
		for _ in 1 2; do
			apt_install "$(apt_names "$(missing apt "$needs")")" || break
		done
		services_allow
	fi
	all_there "$needs"
}

check() {
	needs=$(needs_of "$@")
	all_there "$needs" "; make deps installs it"
}

line() {
	printf '%-18s %-28s %s\n' "$1" "$2" "${3:-}"
}

read_or() {
	if [ -r "$1" ]; then cat "$1"; else echo "$2"; fi
}

doctor() {
	echo "$run_needs$test_needs" | while IFS='|' read -r name probe apt dnf pacman; do
		[ -n "$name" ] || continue
		# shellcheck disable=SC2086
		if $probe; then
			case $name in
			clang*) line "$name" "$("$CLANG" --version | head -n 1)" ;;
			TSan*) line "$name" "found, of LLVM $("$CLANG" -dumpversion)" ;;
			libfiu*) line "$name" "found" ;;
			bats*) line "$name" "$(bats --version)" ;;
			*) line "$name" "found" ;;
			esac
		else
			line "$name" "MISSING" "remedy: make deps (apt:$(apt_names "$apt") dnf:$dnf pacman:$pacman)"
		fi
	done
	if has llvm-symbolizer || has "llvm-symbolizer-$(clang_major)"; then
		line llvm-symbolizer found
	else
		line llvm-symbolizer "not found" "not needed: snarl reads debug information itself"
	fi
	if has_rpcbind; then
		line rpcbind found
	else
		line rpcbind "not found" "remote_procedure/*registration is skipped; remedy: make deps, or install it"
	fi
	if has_browser; then
		line browser found
	else
		line browser "not found" "bats/browser.bats is skipped; remedy: make deps, or install chromium, nodejs and npm"
	fi
	bits=$(read_or /proc/sys/vm/mmap_rnd_bits unknown)
	case $bits in
	2[0-9] | unknown) line vm.mmap_rnd_bits "$bits" ;;
	*) line vm.mmap_rnd_bits "$bits" "clang before 18 dies with this: snarl runs its cases without ASLR; for other programs sysctl vm.mmap_rnd_bits=28" ;;
	esac
	scope=$(read_or /proc/sys/kernel/yama/ptrace_scope 0)
	case $scope in
	0 | 1) line "ptrace scope" "$scope" ;;
	*) line "ptrace scope" "$scope" "stacks of hung cases cannot be read: sysctl kernel.yama.ptrace_scope=1" ;;
	esac
	cores=$(nproc)
	if [ "$cores" -gt 1 ]; then
		line cores "$cores"
	else
		line cores "$cores" "stress relies on injected yields: it catches, but slowly"
	fi
}

case ${1:-} in
deps) deps "${2:-}" ;;
check) check "${2:-}" ;;
doctor) doctor ;;
*)
	echo "usage: setup.sh deps [test] | check [test] | doctor" >&2
	exit 2
	;;
esac
