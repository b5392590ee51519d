# shellcheck shell=bash disable=SC2153 # ROOT is set by helpers
# clean.bash - a clean root: this machine as its distribution made it, for tests of what must not
# depend on the tree, the user or the environment.

# Beside what is the distribution's, only its own processes and an own loopback are there. Every
# mount is in the command's own namespace, and goes with it; so does what is written outside of the
# places.
clean_namespaces=(unshare --mount --pid --fork --kill-child --ipc --net)
[ "$(id -u)" -eq 0 ] || clean_namespaces+=(--map-root-user)

# clean_root ROOT [FOLDER=PLACE]... -- COMMAND...: run in the namespaces, with ROOT an empty folder.
clean_root() {
	local root=$1 folder
	shift
	mount --make-rprivate /
	mount -t tmpfs -o mode=755 none "$root"
	mkdir -p "$root"/{proc,dev,home,root,run,tmp,var/tmp,.changes}
	chmod 1777 "$root/tmp" "$root/var/tmp"
	for folder in /bin /sbin /lib*; do
		if [ -L "$folder" ]; then
			cp -P "$folder" "$root"
		else
			clean_copy "$root" "$folder"
		fi
	done
	for folder in /etc /usr /var/lib/dpkg; do
		[ ! -d "$folder" ] || clean_copy "$root" "$folder"
	done
	# There is no network, so apt need not try again for seconds.
	[ ! -d "$root/etc/apt/apt.conf.d" ] || echo 'Acquire::Retries "0";' >"$root/etc/apt/apt.conf.d/clean"
	mount -t tmpfs -o mode=755 none "$root/usr/local"
	mount --rbind /dev "$root/dev"
	mount -t tmpfs -o mode=1777 none "$root/dev/shm"
	mount -t proc none "$root/proc"
	for folder; do
		[ "$folder" != -- ] || break
		mkdir -p "$root/${folder#*=}"
		mount --bind "${folder%%=*}" "$root/${folder#*=}"
		shift
	done
	shift
	ip link set lo up
	env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		chroot "$root" "$@"
}

# clean_copy ROOT FOLDER: the folder as it is, whose changes stay in ROOT
clean_copy() {
	local changes=$1/.changes/${2//\//_}
	mkdir -p "$1$2" "$changes/upper" "$changes/work"
	mount -t overlay none -o "lowerdir=$2,upperdir=$changes/upper,workdir=$changes/work" "$1$2"
}

# in_clean [FOLDER=PLACE]... -- COMMAND...: run it in a clean root, in which each folder has its
# place, and only there it can be changed
in_clean() {
	mkdir -p "$BATS_TEST_TMPDIR/root"
	"${clean_namespaces[@]}" bash -eu -c "$(declare -f clean_root clean_copy)"'; clean_root "$@"' \
		- "$BATS_TEST_TMPDIR/root" "$@" 3>&-
}

# clean_needed: skip the test if this machine gives no clean root with what snarl needs
clean_needed() {
	in_clean "$ROOT=/tree" -- sh /tree/harness/setup.sh check 2>"$BATS_TEST_TMPDIR/errors" ||
		skip "no clean root can be made here: $(tail -n 1 "$BATS_TEST_TMPDIR/errors")"
}
