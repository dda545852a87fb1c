#include "client/channel.h"

#include "base/mem.h"
#include "crypto/jwe.h"

struct channel {
	struct jwe *requests;
	struct jwe *answers;
};

struct channel *channel_new(const struct session_keys *keys)
{
	struct channel *c = mem_zero(sizeof(*c));

	c->requests = jwe_new_to_seal(keys->request);
	c->answers = jwe_new_to_open(keys->response);
	return c;
}

void channel_free(struct channel **c)
{
	if (*c == NULL)
		return;
	jwe_free(&(*c)->requests);
	jwe_free(&(*c)->answers);
	mem_free(*c);
	*c = NULL;
}

void channel_seal(struct channel *c, const void *text, size_t len,
		  struct buf *out)
{
	jwe_seal(c->requests, text, len, out);
	buf_add_char(out, '\n');
}

enum err channel_open(struct channel *c, const char *line, size_t len,
		      struct buf *text_r)
{
	return jwe_open(c->answers, line, len, text_r);
}
