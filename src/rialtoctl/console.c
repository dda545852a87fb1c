#include "rialtoctl/console.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "client/line.h"

struct console {
	int fd;
	struct buf in;
};

static enum err connect_to(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		return ERR_BAD_INPUT;
	memcpy(address.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return ERR_OK;
	return errno == ECONNREFUSED ? ERR_NOT_FOUND : file_err(errno);
}

enum err console_open(const char *path, struct console **console_r)
{
	struct console *c = mem_zero(sizeof(*c));
	enum err e;

	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	e = c->fd < 0 ? file_err(errno) : connect_to(c->fd, path);
	if (e == ERR_OK)
		*console_r = c;
	else
		console_close(&c);
	return e;
}

void console_close(struct console **c)
{
	if (*c == NULL)
		return;
	if ((*c)->fd >= 0)
		close((*c)->fd);
	buf_fini(&(*c)->in);
	mem_free(*c);
	*c = NULL;
}

/* What cannot be sent any more, what is there to read explains. */
static void send_all(struct console *c, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

/* The next line; false when the daemon closed the connection. */
static bool receive(struct console *c, struct buf *line)
{
	ssize_t n;

	while (!line_take(&c->in, line)) {
		n = recv(c->fd, buf_reserve(&c->in, 4096), 4096, 0);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0)
			buf_added(&c->in, (size_t)n);
	}
	return true;
}

/* Waits for the end of an answer, showing it on out (NULL: not). */
static bool await_end(struct console *c, FILE *out, FILE *complaints)
{
	AUTO(buf_fini) struct buf text = { 0 };
	bool is_refused = false;
	struct line line;

	while (receive(c, &text)) {
		line_parse(buf_text(&text), &line);
		if (line.kind == LINE_END)
			return span_is(line.code, "ok");
		if (line.kind == LINE_ANSWER && out != NULL)
			fprintf(out, "%s\n", line.words);
		if (line.kind != LINE_REFUSAL)
			continue;
		fprintf(complaints, "rialtoctl: %.*s: %s\n", (int)line.code.len,
			line.code.at, line.words);
		is_refused = true;
	}
	if (!is_refused)
		fputs("rialtoctl: the daemon closed the connection before it "
		      "answered\n",
		      complaints);
	return false;
}

bool console_run(struct console *c, const struct buf *line, FILE *out,
		 FILE *complaints)
{
	static const char machine[] = "/mode machine\n";

	send_all(c, machine, strlen(machine));
	if (!await_end(c, NULL, complaints))
		return false;
	send_all(c, buf_at(line), buf_len(line));
	return await_end(c, out, complaints);
}
