#!/bin/sh
# install.sh - put snarl below $DESTDIR$PREFIX, or remove it from there.
#
#   install.sh install|uninstall KIT_FILE...
#
# The build's folder is in $BUILD. A file named *.in gets the prefix and the version.
set -eu

# The table of all files, one per line: mode, place below the prefix, source.
files() {
	echo "755 bin/snarl $BUILD/snarl"
	echo "644 include/snarl.h harness/snarl.h"
	echo "644 share/man/man1/snarl.1 harness/install/snarl.1.in"
	echo "644 share/pkgconfig/snarl.pc harness/install/snarl.pc.in"
	echo "644 lib/cmake/Snarl/SnarlConfig.cmake harness/install/SnarlConfig.cmake"
	echo "644 lib/cmake/Snarl/SnarlConfigVersion.cmake harness/install/SnarlConfigVersion.cmake.in"
	for file in README.md LICENSE harness/protocol/EVENTS.md; do
		echo "644 share/doc/snarl/${file##*/} $file"
	done
	for file in CMakeLists.txt meson.build configure.ac Makefile.am snarl.bash queue.bats \
		include/queue.h src/queue.c races/queue.c; do
		echo "644 share/snarl/examples/queue/$file examples/queue/$file"
	done
	for file in github.yml gitlab.yml; do
		echo "644 share/snarl/ci/$file contrib/ci/$file"
	done
	for file; do
		mode=644
		[ "${file%.sh}" = "$file" ] || mode=755
		echo "$mode lib/snarl/${file#"$BUILD"/kit/} $file"
	done
}

# file_install MODE TARGET SOURCE
file_install() {
	case $3 in
	*.in) sed "s|@PREFIX@|$PREFIX|; s|@VERSION@|$(version)|" "$3" | install -D -m "$1" /dev/stdin "$2" ;;
	*) install -D -m "$1" "$3" "$2" ;;
	esac
}

# file_uninstall BASE PLACE: with the folders that are snarl's own, once they are empty
file_uninstall() {
	rm -f "$1/$2"
	folder=${2%/*}
	while case $folder/ in */[Ss]narl/*) rmdir "$1/$folder" 2>/dev/null ;; *) false ;; esac; do
		folder=${folder%/*}
	done
}

version() {
	sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog
}

command=$1
shift
files "$@" | while read -r mode place source; do
	case $command in
	install) file_install "$mode" "${DESTDIR:-}$PREFIX/$place" "$source" ;;
	uninstall) file_uninstall "${DESTDIR:-}$PREFIX" "$place" ;;
	esac
done
