#include "rialtod/ask.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "client/terminal.h"
#include "crypto/password.h"

enum { LINE_BYTES = PASSWORD_MOST + 2 };

/* A line without its end, read byte by byte so that no more is taken. */
static struct secret *read_line(void)
{
	char line[LINE_BYTES];
	struct secret *secret = NULL;
	size_t len = 0;
	char c = '\n';
	ssize_t n;

	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n') {
		if (len < sizeof(line) - 1)
			line[len++] = c;
	}
	if (n == 1 || len > 0)
		secret = secret_new(line, len);
	mem_wipe(line, sizeof(line));
	return secret;
}

static struct secret *ask_twice(const char *name)
{
	AUTO(secret_free) struct secret *again = NULL;
	struct secret *first = NULL;

	fprintf(stderr, "A password for %s, %d to %d bytes.\n", name,
		PASSWORD_LEAST, PASSWORD_MOST);
	if (terminal_ask("new password: ", false, &first) == TERMINAL_OK &&
	    terminal_ask("repeat password: ", false, &again) == TERMINAL_OK) {
		if (secret_equal(first, again))
			return first;
		fputs("The two are not the same.\n", stderr);
	}
	secret_free(&first);
	return NULL;
}

struct secret *ask_new_password(const char *name)
{
	struct secret *password =
		isatty(STDIN_FILENO) ? ask_twice(name) : read_line();
	const char *flaw = NULL;

	if (password == NULL)
		return NULL;
	if (password->len < PASSWORD_LEAST || password->len > PASSWORD_MOST)
		flaw = "A password has 8 to 512 bytes.";
	else if (text_flaw(password->bytes, password->len) != NULL)
		flaw = "A password is UTF-8 text without control characters.";
	else if (name_compare(password->bytes, name) == 0)
		flaw = "The name is no password.";
	if (flaw == NULL)
		return password;
	fprintf(stderr, "%s\n", flaw);
	secret_free(&password);
	return NULL;
}
