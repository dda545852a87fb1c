#include "rialto/folder.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

char *folder_file(const char *variable, const char *usual, const char *name)
{
	const char *given = getenv(variable);
	const char *home = getenv("HOME");
	const struct passwd *entry;

	if (given != NULL && given[0] == '/')
		return mem_print("%s/%s", given, name);
	if (home == NULL || home[0] != '/') {
		entry = getpwuid(getuid());
		home = entry != NULL ? entry->pw_dir : NULL;
	}
	if (home == NULL || home[0] != '/')
		return NULL;
	return mem_print("%s/%s/%s", home, usual, name);
}

enum err folder_make(const char *folder)
{
	AUTO(mem_free_text) char *path = mem_text(folder);

	for (char *slash = path + 1; slash != NULL;) {
		slash = strchr(slash, '/');
		if (slash != NULL)
			*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return file_err(errno);
		if (slash != NULL)
			*slash++ = '/';
	}
	return ERR_OK;
}
