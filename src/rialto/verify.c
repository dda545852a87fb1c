#include "rialto/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "client/receipt.h"
#include "rialto/identities.h"

enum { NOT_VALID = 1, UNREADABLE = 2, CHUNK = 4096 };

static enum err read_all(int fd, struct buf *text)
{
	ssize_t n;

	do {
		n = read(fd, buf_reserve(text, CHUNK), CHUNK);
		if (n > 0)
			buf_added(text, (size_t)n);
	} while ((n > 0 && buf_len(text) <= RECEIPT_MOST) ||
		 (n < 0 && errno == EINTR));
	return n < 0 ? file_err(errno) : ERR_OK;
}

static enum err read_file(const char *path, struct buf *text)
{
	enum err e;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return file_err(errno);
	e = read_all(fd, text);
	close(fd);
	return e;
}

static int refuse(const char *why)
{
	printf("not valid: %s\n", why);
	return NOT_VALID;
}

/* By the identity that was given. */
static int judge_given(const char *identity, const char *given)
{
	if (strcmp(identity, given) != 0)
		return refuse("that is not the identity that was given");
	puts("valid");
	return 0;
}

/* By those that were remembered, of one host or of any. */
static int judge_known(const char *identity, const char *host)
{
	AUTO(buf_fini) struct buf whose = { 0 };
	AUTO(mem_free_text) char *path = identities_path();
	enum err e = path != NULL
			     ? identities_search(path, host, identity, &whose)
			     : ERR_NOT_FOUND;

	if (e == ERR_OK) {
		printf("Known as: %s\nvalid\n", buf_text(&whose));
		return 0;
	}
	if (e != ERR_NOT_FOUND) {
		fprintf(stderr, "rialto: %s: %s\n", path, err_code(e));
		return UNREADABLE;
	}
	return refuse(host != NULL
			      ? "that is no identity that is known of the host"
			      : "that identity is not known here; if it is "
				"right, give it by --identity");
}

int verify_run(const struct options *o)
{
	AUTO(buf_fini) struct buf text = { 0 }, words = { 0 };
	char identity[IDENTITY_TEXT];
	const char *why = NULL;
	enum err e = read_file(o->receipt_file, &text);

	if (e != ERR_OK) {
		fprintf(stderr, "rialto: %s: %s\n", o->receipt_file,
			err_code(e));
		return UNREADABLE;
	}
	e = receipt_open(buf_text(&text), buf_len(&text), &words, identity,
			 &why);
	if (e != ERR_OK)
		return refuse(why);
	printf("%sSigned:   %s\n", buf_text(&words), identity);
	if (o->identity[0] != '\0')
		return judge_given(identity, o->identity);
	return judge_known(identity, o->address.host);
}
