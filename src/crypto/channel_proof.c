#include "crypto/channel_proof.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "crypto/base64url.h"
#include "crypto/jws.h"

/* What stands in the payload, beside "v". */
static const struct {
	const char *name;
	size_t offset; /* in struct channel_proof */
} members[] = {
	{ "confirm", offsetof(struct channel_proof, confirm) },
	{ "client_nonce", offsetof(struct channel_proof, client_nonce) },
	{ "server_nonce", offsetof(struct channel_proof, server_nonce) },
};

enum { BYTES = 32 };

_Static_assert((int)SESSION_CONFIRM == (int)BYTES &&
		       (int)SESSION_NONCE == (int)BYTES,
	       "all of them have as many");

static const uint8_t *member_of(const struct channel_proof *channel, size_t i)
{
	return (const uint8_t *)channel + members[i].offset;
}

void channel_proof_sign(const struct identity_key *key,
			const struct channel_proof *channel, struct buf *out)
{
	AUTO(buf_fini) struct buf payload = { 0 };

	buf_add_text(&payload, "{\"v\":1");
	for (size_t i = 0; i < COUNT(members); i++) {
		buf_print(&payload, ",\"%s\":\"", members[i].name);
		base64url_add(&payload, member_of(channel, i), BYTES);
		buf_add_char(&payload, '"');
	}
	buf_add_char(&payload, '}');
	jws_sign(key, NULL, buf_at(&payload), buf_len(&payload), out);
}

/* The member as bytes; false when it is none of 32. */
static bool read_member(const json_t *object, size_t i, uint8_t bytes_r[BYTES])
{
	const json_t *text = json_object_get(object, members[i].name);

	return json_is_string(text) &&
	       base64url_read_exactly(json_string_value(text),
				      json_string_length(text), bytes_r, BYTES);
}

static enum err check_object(const json_t *object,
			     const struct channel_proof *channel)
{
	const json_t *version = json_object_get(object, "v");
	bool is_ours = true;

	if (!json_is_integer(version) || json_integer_value(version) != 1)
		return ERR_BAD_INPUT;
	for (size_t i = 0; i < COUNT(members); i++) {
		uint8_t bytes[BYTES];

		if (!read_member(object, i, bytes))
			return ERR_BAD_INPUT;
		is_ours = is_ours &&
			  memcmp(bytes, member_of(channel, i), BYTES) == 0;
	}
	return is_ours ? ERR_OK : ERR_MAC_FAILED;
}

enum err channel_proof_check(const char *jws, size_t len,
			     const struct channel_proof *channel,
			     uint8_t public_r[IDENTITY_PUBLIC])
{
	AUTO(buf_fini) struct buf payload = { 0 };
	json_t *object;
	enum err e = jws_open(jws, len, NULL, &payload, public_r);

	if (e != ERR_OK)
		return e;
	object = json_loadb(buf_at(&payload), buf_len(&payload),
			    JSON_REJECT_DUPLICATES, NULL);
	e = check_object(object, channel);
	json_decref(object);
	return e;
}
