#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum err file_err(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_NOT_ALLOWED;
	case EEXIST:
		return ERR_EXISTS;
	case ENOSPC:
	case EDQUOT:
		return ERR_STORAGE_FULL;
	default:
		return ERR_IO;
	}
}

static enum err read_all(int fd, size_t most, struct buf *out)
{
	size_t total = 0;
	ssize_t n;

	do {
		n = read(fd, buf_reserve(out, 4096), 4096);
		if (n < 0 && errno != EINTR)
			return file_err(errno);
		if (n > 0) {
			buf_added(out, (size_t)n);
			total += (size_t)n;
		}
		if (total > most)
			return ERR_BAD_INPUT;
	} while (n != 0);
	return ERR_OK;
}

enum err file_read(const char *path, size_t most, struct buf *out)
{
	struct stat st;
	enum err e;
	size_t before = buf_len(out);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return file_err(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		e = ERR_BAD_INPUT;
	else
		e = read_all(fd, most, out);
	close(fd);
	if (e != ERR_OK)
		buf_cut(out, before);
	return e;
}

static enum err write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_err(errno);
		bytes += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0 ? ERR_OK : file_err(errno);
}

char *file_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_text(".");
	if (slash == path)
		return mem_text("/");
	return mem_print("%.*s", (int)(slash - path), path);
}

enum err file_sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err e = ERR_OK;

	if (fd < 0)
		return file_err(errno);
	if (fsync(fd) != 0)
		e = file_err(errno);
	close(fd);
	return e;
}

static enum err write_new(const char *path, mode_t mode, const void *bytes,
			  size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	enum err e;

	if (fd < 0)
		return file_err(errno);
	e = fchmod(fd, mode) == 0 ? ERR_OK : file_err(errno);
	if (e == ERR_OK)
		e = write_all(fd, bytes, len);
	close(fd);
	if (e != ERR_OK)
		unlink(path);
	return e;
}

/* Writes the bytes to a new file beside path, whose name goes to *fresh_r. */
static enum err write_beside(const char *path, mode_t mode, const void *bytes,
			     size_t len, char **fresh_r)
{
	*fresh_r = mem_print("%s.new", path);
	unlink(*fresh_r);
	return write_new(*fresh_r, mode, bytes, len);
}

/* Puts the fresh file in the place of path, or removes it. */
static enum err put_in_place(const char *fresh, const char *path)
{
	AUTO(mem_free_text) char *folder = file_folder(path);
	enum err e;

	if (rename(fresh, path) == 0)
		return file_sync_folder(folder);
	e = file_err(errno);
	unlink(fresh);
	return e;
}

enum err file_write(const char *path, mode_t mode, const void *bytes,
		    size_t len)
{
	AUTO(mem_free_text) char *fresh = NULL;
	enum err e = write_beside(path, mode, bytes, len, &fresh);

	return e == ERR_OK ? put_in_place(fresh, path) : e;
}

enum err file_replace(const char *path, const void *bytes, size_t len)
{
	AUTO(mem_free_text) char *fresh = NULL;
	struct stat st;
	enum err e;

	if (stat(path, &st) != 0)
		return file_err(errno);
	e = write_beside(path, 0600, bytes, len, &fresh);
	if (e != ERR_OK)
		return e;
	if (lchown(fresh, st.st_uid, st.st_gid) != 0 && errno != EPERM)
		e = file_err(errno);
	/* After the owner, whose change may take bits away. */
	if (e == ERR_OK && chmod(fresh, st.st_mode & 0777) != 0)
		e = file_err(errno);
	if (e == ERR_OK)
		return put_in_place(fresh, path);
	unlink(fresh);
	return e;
}

enum err file_create(const char *path, mode_t mode, const void *bytes,
		     size_t len)
{
	AUTO(mem_free_text) char *folder = file_folder(path);
	AUTO(mem_free_text) char *fresh = NULL;
	enum err e = write_beside(path, mode, bytes, len, &fresh);

	if (e != ERR_OK)
		return e;
	/* Unlike a rename, a link never replaces. */
	if (link(fresh, path) != 0)
		e = file_err(errno);
	unlink(fresh);
	return e == ERR_OK ? file_sync_folder(folder) : e;
}

char *file_beside(const char *path, const char *name)
{
	AUTO(mem_free_text) char *folder = file_folder(path);

	return name[0] == '/' ? mem_text(name) : file_join(folder, name);
}

char *file_join(const char *folder, const char *name)
{
	return mem_print("%s/%s", folder, name);
}
