#include "crypto/secret.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "base/mem.h"

struct secret *secret_new(const void *bytes, size_t len)
{
	struct secret *s = mem_alloc(sizeof(*s) + len + 1);

	s->len = len;
	if (len > 0)
		memcpy(s->bytes, bytes, len);
	s->bytes[len] = '\0';
	return s;
}

void secret_free(struct secret **s)
{
	if (*s == NULL)
		return;
	mem_wipe(*s, sizeof(**s) + (*s)->len + 1);
	mem_free(*s);
	*s = NULL;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
	return a->len == b->len &&
	       gnutls_memcmp(a->bytes, b->bytes, a->len) == 0;
}
