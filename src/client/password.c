#include "client/password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

/* The length of the first line of bytes; SIZE_MAX when it is unfit. */
static size_t line_length(const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);

	if (end != NULL)
		len = (size_t)(end - bytes);
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	if (len == 0 || len > PASSWORD_LINE_MOST ||
	    memchr(bytes, '\0', len) != NULL)
		return SIZE_MAX;
	return len;
}

enum err password_from_fd(int fd, struct secret **password_r)
{
	char bytes[PASSWORD_LINE_MOST + 2];
	enum err e = ERR_OK;
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, bytes + len, sizeof(bytes) - len);
		if (n > 0)
			len += (size_t)n;
	} while ((n > 0 && len < sizeof(bytes) &&
		  memchr(bytes, '\n', len) == NULL) ||
		 (n < 0 && errno == EINTR));
	if (n < 0)
		e = file_err(errno);
	else if (line_length(bytes, len) == SIZE_MAX)
		e = ERR_BAD_INPUT;
	else
		*password_r = secret_new(bytes, line_length(bytes, len));
	mem_wipe(bytes, sizeof(bytes));
	return e;
}

enum err password_from_file(const char *path, struct secret **password_r)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e;

	if (fd < 0)
		return file_err(errno);
	e = password_from_fd(fd, password_r);
	close(fd);
	return e;
}
