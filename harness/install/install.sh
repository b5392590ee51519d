#!/bin/sh
# install.sh - put snarl below $DESTDIR$PREFIX, or remove it from there.
#
#   install.sh install|uninstall KIT_FILE...
#
# The build's folder is in $BUILD; $ZSH_FOLDER is where zsh looks for completion, below share/zsh. A
# file named *.in gets the prefix, the version and its date, and the man page what snarl says of its
# commands. The source "completion SHELL" is what snarl prints then.
set -eu

ZSH_FOLDER=${ZSH_FOLDER:-site-functions}

# The table of all files, one per line: mode, place below the prefix, source.
files() {
	echo "755 bin/snarl $BUILD/snarl"
	echo "644 include/snarl.h harness/snarl.h"
	echo "644 share/man/man1/snarl.1 harness/install/snarl.1.in"
	echo "644 share/pkgconfig/snarl.pc harness/install/snarl.pc.in"
	echo "644 lib/cmake/Snarl/SnarlConfig.cmake harness/install/SnarlConfig.cmake"
	echo "644 lib/cmake/Snarl/SnarlConfigVersion.cmake harness/install/SnarlConfigVersion.cmake.in"
	for file in README.md LICENSE harness/protocol/EVENTS.md harness/protocol/events.schema.json \
		reports/results.schema.json; do
		echo "644 share/doc/snarl/${file##*/} $file"
	done
	find examples/queue -type f | sort | while read -r file; do
		echo "644 share/snarl/$file $file"
	done
	echo "644 share/bash-completion/completions/snarl completion bash"
	echo "644 share/zsh/$ZSH_FOLDER/_snarl completion zsh"
	echo "644 share/fish/vendor_completions.d/snarl.fish completion fish"
	for file in github.yml gitlab.yml; do
		echo "644 share/snarl/ci/$file contrib/ci/$file"
	done
	for file; do
		mode=644
		[ "${file%.sh}" = "$file" ] || mode=755
		echo "$mode lib/snarl/${file#"$BUILD"/kit/} $file"
	done
}

# filled FILE: its text, with what belongs in the place of its placeholders
filled() {
	commands=$("$BUILD/snarl" help --man)
	printf '%s\n' "$commands" | sed -e "s|@PREFIX@|$PREFIX|; s|@VERSION@|$(version)|; s|@DATE@|$(dated)|" \
		-e '/^@COMMANDS@$/{r /dev/stdin' -e 'd}' "$1"
}

# file_install MODE TARGET SOURCE
file_install() {
	case $3 in
	*.in) text=$(filled "$3") ;;
	completion\ *) text=$("$BUILD/snarl" completion "${3#completion }") ;;
	*) install -D -m "$1" "$3" "$2" && return ;;
	esac
	printf '%s\n' "$text" | install -D -m "$1" /dev/stdin "$2"
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

dated() {
	date -u -d "$(sed -n 's/^ -- .*>  //p' debian/changelog | head -n 1)" +%Y-%m-%d
}

command=$1
shift
files "$@" | while read -r mode place source; do
	case $command in
	install) file_install "$mode" "${DESTDIR:-}$PREFIX/$place" "$source" ;;
	uninstall) file_uninstall "${DESTDIR:-}$PREFIX" "$place" ;;
	esac
done
