#include "rialto/verify.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "client/receipt.h"
#include "rialto/identities.h"
#include "rialto/source.h"

enum { NOT_VALID = 1, UNREADABLE = 2 };

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
	enum err e = source_read(o->receipt_file, RECEIPT_MOST, &text);

	if (e == ERR_BAD_INPUT)
		return refuse("it is too long for a receipt");
	if (e != ERR_OK) {
		fprintf(stderr, "rialto: %s: %s\n", o->receipt_file,
			err_words(e));
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
