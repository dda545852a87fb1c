#include "rialto/known_hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "rialto/folder.h"

static bool is_fingerprint(const char *text, size_t len)
{
	static const char lead[] = "SHA256:";

	return len > sizeof(lead) - 1 && len < FINGERPRINT_TEXT &&
	       memcmp(text, lead, sizeof(lead) - 1) == 0;
}

/* Takes one line; true when it is about host. */
static bool match(const char *line, size_t len, const char *host,
		  char fingerprint_r[FINGERPRINT_TEXT])
{
	size_t host_len = strlen(host);
	const char *rest = line + host_len + 1;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len <= host_len + 1 || memcmp(line, host, host_len) != 0 ||
	    line[host_len] != ' ' || !is_fingerprint(rest, len - host_len - 1))
		return false;
	memcpy(fingerprint_r, rest, len - host_len - 1);
	fingerprint_r[len - host_len - 1] = '\0';
	return true;
}

enum err known_hosts_find(const char *text, size_t len, const char *host,
			  struct known_host *known_r)
{
	const char *end = text + len;
	enum err e = ERR_NOT_FOUND;

	for (unsigned number = 1; text < end; number++) {
		const char *next = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((next != NULL ? next : end) - text);

		if (match(text, line, host, known_r->fingerprint)) {
			known_r->line = number;
			e = ERR_OK;
		}
		text += line + 1;
	}
	return e;
}

enum err known_hosts_read(const char *path, const char *host,
			  struct known_host *known_r)
{
	AUTO(buf_fini) struct buf text = { 0 };
	enum err e = file_read(path, KNOWN_HOSTS_MOST, &text);

	if (e != ERR_OK)
		return e;
	return known_hosts_find(buf_text(&text), buf_len(&text), host, known_r);
}

/* Opens the folder of path and locks it against other clients. */
static enum err lock_folder(const char *path, int *fd_r)
{
	AUTO(mem_free_text) char *folder = file_beside(path, ".");
	enum err e = folder_make(folder);
	int fd;

	if (e != ERR_OK)
		return e;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return file_err(errno);
	if (flock(fd, LOCK_EX) != 0) {
		e = file_err(errno);
		close(fd);
		return e;
	}
	*fd_r = fd;
	return ERR_OK;
}

enum err known_hosts_add(const char *path, const char *host,
			 const char *fingerprint)
{
	AUTO(buf_fini) struct buf text = { 0 };
	int lock = -1;
	enum err e = lock_folder(path, &lock);

	if (e != ERR_OK)
		return e;
	e = file_read(path, KNOWN_HOSTS_MOST, &text);
	if (e == ERR_OK || e == ERR_NOT_FOUND) {
		if (buf_len(&text) > 0 &&
		    buf_at(&text)[buf_len(&text) - 1] != '\n')
			buf_add_char(&text, '\n');
		buf_print(&text, "%s %s\n", host, fingerprint);
		e = file_write(path, 0600, buf_at(&text), buf_len(&text));
	}
	close(lock);
	return e;
}

char *known_hosts_path(void)
{
	return folder_file("XDG_STATE_HOME", ".local/state",
			   "rialto/known_hosts");
}
