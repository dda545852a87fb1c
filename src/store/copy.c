#include "store/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { BLOCK = 1 << 18 };

static int make_file(int dir_fd, const char *name)
{
	return openat(dir_fd, name,
		      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0600);
}

static int write_at(int fd, const uint8_t *bytes, size_t len, off_t at)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, bytes, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes += n;
		len -= (size_t)n;
		at += n;
	}
	return 0;
}

static int finish(int fd, int rc)
{
	if (rc == 0 && fsync(fd) != 0)
		rc = errno;
	close(fd);
	return rc;
}

int copy_open(DB_ENV *env, const char *name, const char *dir, void **handle)
{
	AUTO(mem_free_text) char *path = file_join(dir, name);
	int *fd = mem_zero(sizeof(*fd));

	(void)env;
	*handle = NULL;
	*fd = make_file(AT_FDCWD, path);
	if (*fd < 0) {
		mem_free(fd);
		return errno;
	}
	*handle = fd;
	return 0;
}

int copy_write(DB_ENV *env, uint32_t gigabytes, uint32_t offset, uint32_t size,
	       uint8_t *bytes, void *handle)
{
	const int *fd = handle;

	(void)env;
	return write_at(*fd, bytes, size, ((off_t)gigabytes << 30) + offset);
}

int copy_close(DB_ENV *env, const char *name, void *handle)
{
	int *fd = handle;
	int rc;

	(void)env;
	(void)name;
	if (fd == NULL) /* it could not be opened */
		return 0;
	rc = finish(*fd, 0);
	mem_free(fd);
	return rc;
}

static int copy_bytes(int from, int to, uint64_t most)
{
	uint8_t *block = mem_alloc(BLOCK);
	uint64_t at = 0;
	int rc = 0;

	while (rc == 0 && at < most) {
		uint64_t left = most - at;
		ssize_t n = pread(from, block, left < BLOCK ? left : BLOCK,
				  (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = errno;
		if (n <= 0)
			break;
		rc = write_at(to, block, (size_t)n, (off_t)at);
		at += (uint64_t)n;
	}
	mem_free(block);
	return rc;
}

enum err copy_file(int from_dir_fd, int to_dir_fd, const char *name,
		   uint64_t most)
{
	int from = openat(from_dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int to;
	int rc;

	if (from < 0)
		return file_err(errno);
	to = make_file(to_dir_fd, name);
	if (to < 0) {
		rc = errno;
		close(from);
		return file_err(rc);
	}
	rc = finish(to, copy_bytes(from, to, most));
	close(from);
	return rc == 0 ? ERR_OK : file_err(rc);
}
