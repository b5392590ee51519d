/* path.c - parts of paths. */
#include "path.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

const char *path_below(const char *root, const char *path)
{
	size_t length = strlen(root);

	if (strncmp(path, root, length) != 0 || (path[length] != '/' && path[length]))
		return path;
	return path[length] ? path + length + 1 : ".";
}

char *path_plain(const char *folder, const char *path)
{
	bool whole = !folder || (path && *path == '/');
	char *plain = format("%s%s%s", whole ? "" : folder, whole ? "" : "/", path ? path : "");
	char *to = plain;

	for (const char *from = plain; *from;) {
		size_t part = strcspn(from, "/"), with = part + (from[part] == '/');

		if (part == 2 && strncmp(from, "..", 2) == 0 && to > plain) {
			to -= to > plain + 1 || *plain != '/'; /* the root's parent is the root */
			while (to > plain && to[-1] != '/')
				to--;
		} else if (part != 1 || *from != '.') {
			memmove(to, from, with);
			to += with;
		}
		from += with;
	}
	*to = '\0';
	return plain;
}
