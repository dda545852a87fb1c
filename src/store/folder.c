#include "store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { LOG_DIGITS = 10, NAMES_MOST = 100000 };

static const char lock_name[] = "lock";

static enum err refuse(struct buf *why, const char *dir, const char *what,
		       int number)
{
	buf_print(why, "%s: %s: %s", dir, what, strerror(number));
	return file_err(number);
}

/* The directory that a path's last name is in. */
static char *parent_of(const char *dir)
{
	AUTO(mem_free_text) char *path = mem_text(dir);
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	return file_beside(path, ".");
}

enum err folder_sync_parent(const char *dir)
{
	AUTO(mem_free_text) char *parent = parent_of(dir);

	return file_sync_folder(parent);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Goes up from fd, which it closes, to the root. */
static bool leads_up_to(int fd, const struct stat *outer)
{
	struct stat here = { 0 };
	struct stat below;
	bool is_found = false;

	do {
		int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		below = here;
		if (fstat(fd, &here) == 0)
			is_found = is_same(&here, outer);
		close(fd);
		fd = up;
	} while (!is_found && fd >= 0 && !is_same(&here, &below));
	if (fd >= 0)
		close(fd);
	return is_found;
}

bool folder_is_within(const char *dir, int outer_fd)
{
	AUTO(mem_free_text) char *parent = parent_of(dir);
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat outer;

	if (fd < 0)
		fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false; /* whoever makes it says why not */
	if (fstat(outer_fd, &outer) != 0) {
		close(fd);
		return false;
	}
	return leads_up_to(fd, &outer);
}

static enum err check(const char *dir, int fd, struct buf *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(why, dir, "cannot be examined", errno);
	if (st.st_uid != geteuid()) {
		const struct passwd *owner = getpwuid(st.st_uid);

		if (owner != NULL)
			buf_print(why,
				  "%s belongs to the user %s: run this as %s",
				  dir, owner->pw_name, owner->pw_name);
		else
			buf_print(why,
				  "%s belongs to the user number %ju: run this "
				  "as that user",
				  dir, (uintmax_t)st.st_uid);
		return ERR_NOT_ALLOWED;
	}
	if ((st.st_mode & S_IWOTH) != 0) {
		buf_print(why,
			  "%s can be written by anybody: chmod 700 makes it "
			  "private",
			  dir);
		return ERR_NOT_ALLOWED;
	}
	if ((st.st_mode & S_IRWXU) != S_IRWXU) {
		buf_print(why,
			  "%s has mode %03o, so its owner cannot use it: "
			  "chmod 700 helps",
			  dir, (unsigned)st.st_mode & 0777U);
		return ERR_NOT_ALLOWED;
	}
	return ERR_OK;
}

enum err folder_open(const char *dir, int *fd_r, struct buf *why)
{
	enum err e;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOTDIR) {
		buf_print(why, "%s is not a directory", dir);
		return ERR_IO;
	}
	if (fd < 0)
		return refuse(why, dir, "cannot be opened", errno);
	e = check(dir, fd, why);
	if (e != ERR_OK) {
		close(fd);
		return e;
	}
	*fd_r = fd;
	return ERR_OK;
}

enum err folder_open_or_make(const char *dir, int *fd_r, bool *made_r,
			     struct buf *why)
{
	*made_r = mkdir(dir, 0700) == 0;
	if (!*made_r && errno != EEXIST)
		return refuse(why, dir, "cannot be made", errno);
	if (*made_r && folder_sync_parent(dir) != ERR_OK) {
		buf_print(why, "%s: its name cannot be made durable", dir);
		return ERR_IO;
	}
	return folder_open(dir, fd_r, why);
}

static bool any_name(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

enum err folder_make(const char *dir, int *fd_r, bool *made_r, struct buf *why)
{
	struct names names;
	enum err e = folder_open_or_make(dir, fd_r, made_r, why);

	if (e != ERR_OK)
		return e;
	names_init(&names);
	e = names_find(&names, *fd_r, any_name);
	if (e == ERR_OK && names.count > 0) {
		buf_print(why,
			  "%s is not empty (%s is in it): name a directory "
			  "that is not there yet",
			  dir, names.list[0]);
		e = ERR_EXISTS;
	} else if (e != ERR_OK) {
		buf_print(why, "%s cannot be listed", dir);
	}
	names_fini(&names);
	if (e != ERR_OK) {
		close(*fd_r);
		*fd_r = -1;
	}
	return e;
}

/* Whom to name: the holder writes its number into the file. */
static void say_who(const char *dir, int fd, struct buf *why)
{
	char text[16] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;

	if (pid > 0)
		buf_print(why, "another rialtod (process %ld) uses %s", pid,
			  dir);
	else
		buf_print(why, "another process uses %s", dir);
}

enum err folder_lock(const char *dir, int dir_fd, int *lock_fd_r,
		     struct buf *why)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char text[16];
	int n;
	int fd = openat(dir_fd, lock_name,
			O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return refuse(why, dir, "its file `lock` cannot be opened",
			      errno);
	if (fcntl(fd, F_OFD_SETLK, &all) != 0) {
		int number = errno;

		if (number == EAGAIN || number == EACCES)
			say_who(dir, fd, why);
		else
			buf_print(why, "%s/%s: %s", dir, lock_name,
				  strerror(number));
		close(fd);
		return number == EAGAIN || number == EACCES ? ERR_BUSY : ERR_IO;
	}
	/* Only a courtesy to whoever comes second; a full disk may refuse. */
	n = snprintf(text, sizeof(text), "%-14ld\n", (long)getpid());
	(void)!pwrite(fd, text, (size_t)n, 0);
	*lock_fd_r = fd;
	return ERR_OK;
}

bool folder_has(int dir_fd, const char *name)
{
	struct stat st;

	return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

void names_init(struct names *names)
{
	names->list = NULL;
	names->count = 0;
}

void names_fini(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->list[i]);
	mem_free(names->list);
	names_init(names);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum err names_find(struct names *names, int dir_fd,
		    bool (*wanted)(const char *name))
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *item;
	enum err e;

	if (dir == NULL) {
		e = file_err(errno);
		if (fd >= 0)
			close(fd);
		return e;
	}
	errno = 0;
	while ((item = readdir(dir)) != NULL && names->count < NAMES_MOST) {
		if (!any_name(item->d_name) || !wanted(item->d_name))
			continue;
		names->list = mem_resize(names->list,
					 (names->count + 1) * sizeof(char *));
		names->list[names->count++] = mem_text(item->d_name);
		errno = 0;
	}
	e = item == NULL && errno != 0 ? file_err(errno) : ERR_OK;
	closedir(dir);
	if (names->count > 1)
		qsort(names->list, names->count, sizeof(char *), compare);
	return e;
}

bool name_is_table(const char *name)
{
	size_t len = strlen(name);

	return len > 3 && name[0] != '_' && name[0] != '.' &&
	       strcmp(name + len - 3, ".db") == 0 && strchr(name, '/') == NULL;
}

uint32_t name_log_number(const char *name)
{
	uint64_t number = 0;

	if (strncmp(name, "log.", 4) != 0 || strlen(name) != 4 + LOG_DIGITS)
		return 0;
	for (const char *digit = name + 4; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9')
			return 0;
		number = number * 10 + (uint64_t)(*digit - '0');
	}
	return number <= UINT32_MAX ? (uint32_t)number : 0;
}

bool name_is_log(const char *name)
{
	return name_log_number(name) != 0;
}

uint64_t names_bytes(const struct names *names, int dir_fd)
{
	uint64_t bytes = 0;
	struct stat st;

	for (size_t i = 0; i < names->count; i++)
		if (fstatat(dir_fd, names->list[i], &st, AT_SYMLINK_NOFOLLOW) ==
		    0)
			bytes += (uint64_t)st.st_size;
	return bytes;
}
