#include "rialto/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { CHUNK = 4096 };

static enum err read_all(int fd, size_t most, struct buf *text)
{
	ssize_t n;

	do {
		n = read(fd, buf_reserve(text, CHUNK), CHUNK);
		if (n > 0)
			buf_added(text, (size_t)n);
		if (buf_len(text) > most)
			return ERR_BAD_INPUT;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? file_err(errno) : ERR_OK;
}

enum err source_read(const char *path, size_t most, struct buf *text)
{
	enum err e;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, most, text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return file_err(errno);
	e = read_all(fd, most, text);
	close(fd);
	return e;
}
