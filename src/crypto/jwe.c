#include "crypto/jwe.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/base64url.h"
#include "crypto/cbc_hs512.h"
#include "crypto/random.h"

enum {
	PARTS = 5,
	HEADER = 64, /* bytes, as we write it, with a NUL */
	HEADER_TEXT = BASE64URL_TEXT(HEADER),
	HEADER_MOST = 512, /* characters, as others may write it */
	IV_TEXT = BASE64URL_TEXT(CBC_HS512_IV),
	TAG_TEXT = BASE64URL_TEXT(CBC_HS512_TAG),
};

_Static_assert((int)JWE_KEY == (int)CBC_HS512_KEY, "they are one key");

struct jwe {
	struct cbc_hs512 cipher;
	uint64_t next;
};

/* A message between its dots. */
enum part { IS_HEADER, IS_KEY, IS_IV, IS_SEALED, IS_TAG };

struct parts {
	const char *at[PARTS];
	size_t len[PARTS];
};

static struct jwe *make(void (*init)(struct cbc_hs512 *, const uint8_t *),
			const uint8_t key[JWE_KEY])
{
	struct jwe *jwe = mem_zero(sizeof(*jwe));

	init(&jwe->cipher, key);
	mem_wipe_stack(); /* ciphers spread their keys there */
	return jwe;
}

struct jwe *jwe_new_to_seal(const uint8_t key[JWE_KEY])
{
	return make(cbc_hs512_init_to_seal, key);
}

struct jwe *jwe_new_to_open(const uint8_t key[JWE_KEY])
{
	return make(cbc_hs512_init_to_open, key);
}

void jwe_free(struct jwe **jwe)
{
	if (*jwe == NULL)
		return;
	cbc_hs512_wipe(&(*jwe)->cipher);
	mem_free(*jwe);
	*jwe = NULL;
}

uint64_t jwe_next(const struct jwe *jwe)
{
	return jwe->next;
}

/* The header of the next message, as we write it; returns its length. */
static size_t write_header(const struct jwe *jwe, char text_r[HEADER_TEXT])
{
	char header[HEADER];
	int len = snprintf(header, sizeof(header),
			   "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\","
			   "\"seq\":%" PRIu64 "}",
			   jwe->next);

	base64url_write(header, (size_t)len, text_r);
	return BASE64URL_TEXT((size_t)len);
}

void jwe_seal(struct jwe *jwe, const void *text, size_t len, struct buf *out)
{
	char header[HEADER_TEXT];
	uint8_t iv[CBC_HS512_IV];
	uint8_t tag[CBC_HS512_TAG];
	size_t sealed_len = cbc_hs512_sealed_len(len);
	uint8_t *sealed = mem_alloc(sealed_len);
	struct cbc_hs512_message m = { .beside = header,
				       .beside_len = write_header(jwe, header),
				       .iv = iv,
				       .sealed = sealed,
				       .sealed_len = sealed_len };

	random_bytes(iv, sizeof(iv));
	cbc_hs512_encrypt(&jwe->cipher, iv, text, len, sealed);
	cbc_hs512_sign(&jwe->cipher, &m, tag);
	buf_reserve(out, m.beside_len + IV_TEXT + BASE64URL_TEXT(sealed_len) +
				 TAG_TEXT + PARTS - 1);
	buf_add(out, header, m.beside_len);
	buf_add(out, "..", 2);
	base64url_add(out, iv, sizeof(iv));
	buf_add_char(out, '.');
	base64url_add(out, sealed, sealed_len);
	buf_add_char(out, '.');
	base64url_add(out, tag, sizeof(tag));
	mem_free(sealed);
	jwe->next++;
}

static bool split(const char *message, size_t len, struct parts *parts_r)
{
	const char *end = message + len;

	if (len == 0)
		return false;
	for (size_t i = 0; i < PARTS; i++) {
		const char *dot = memchr(message, '.', (size_t)(end - message));

		parts_r->at[i] = message;
		parts_r->len[i] = (size_t)((dot != NULL ? dot : end) - message);
		if (dot == NULL)
			return i == PARTS - 1;
		message = dot + 1;
	}
	return false; /* more than five */
}

static bool is_text(const json_t *member, const char *text)
{
	return json_is_string(member) &&
	       json_string_length(member) == strlen(text) &&
	       memcmp(json_string_value(member), text, strlen(text)) == 0;
}

/* Three members and no other; says whether "seq" is the next. */
static bool judge_header(const struct jwe *jwe, const json_t *header,
			 bool *is_next_r)
{
	const json_t *seq = json_object_get(header, "seq");

	*is_next_r = json_integer_value(seq) == (json_int_t)jwe->next;
	return json_object_size(header) == 3 && json_is_integer(seq) &&
	       is_text(json_object_get(header, "alg"), "dir") &&
	       is_text(json_object_get(header, "enc"), "A256CBC-HS512");
}

/* A header that is not what we would have written may still say the same. */
static bool read_header(const struct jwe *jwe, const char *text, size_t len,
			bool *is_next_r)
{
	char usual[HEADER_TEXT];
	char bytes[BASE64URL_BYTES(HEADER_MOST)];
	json_t *header;
	bool is_read;

	*is_next_r = len == write_header(jwe, usual) &&
		     memcmp(text, usual, len) == 0;
	if (*is_next_r)
		return true;
	if (len > HEADER_MOST || !base64url_read(text, len, bytes))
		return false;
	header = json_loadb(bytes, BASE64URL_BYTES(len), JSON_REJECT_DUPLICATES,
			    NULL);
	is_read = judge_header(jwe, header, is_next_r);
	json_decref(header);
	return is_read;
}

/* What is between the dots, as bytes. */
struct opened {
	uint8_t iv[CBC_HS512_IV];
	uint8_t tag[CBC_HS512_TAG];
	uint8_t *sealed;
	size_t sealed_len;
};

static bool read_parts(const struct parts *p, struct opened *o)
{
	o->sealed_len = BASE64URL_BYTES(p->len[IS_SEALED]);
	if (p->len[IS_KEY] != 0 || o->sealed_len == 0 ||
	    o->sealed_len % CBC_HS512_BLOCK != 0 ||
	    !base64url_read_exactly(p->at[IS_IV], p->len[IS_IV], o->iv,
				    sizeof(o->iv)) ||
	    !base64url_read_exactly(p->at[IS_TAG], p->len[IS_TAG], o->tag,
				    sizeof(o->tag)))
		return false;
	o->sealed = mem_alloc(o->sealed_len);
	return base64url_read(p->at[IS_SEALED], p->len[IS_SEALED], o->sealed);
}

static enum err decrypt(struct jwe *jwe, const struct cbc_hs512_message *m,
			struct buf *text_r)
{
	char *text = buf_reserve(text_r, m->sealed_len);
	size_t len;

	if (!cbc_hs512_decrypt(&jwe->cipher, m, (uint8_t *)text, &len)) {
		mem_wipe(text, m->sealed_len);
		return ERR_MAC_FAILED;
	}
	buf_added(text_r, len);
	jwe->next++;
	return ERR_OK;
}

static enum err open_parts(struct jwe *jwe, const struct parts *p,
			   struct opened *o, struct buf *text_r)
{
	struct cbc_hs512_message m = { .beside = p->at[IS_HEADER],
				       .beside_len = p->len[IS_HEADER],
				       .iv = o->iv };
	bool is_next;

	if (!read_parts(p, o) ||
	    !read_header(jwe, m.beside, m.beside_len, &is_next))
		return ERR_MAC_FAILED;
	m.sealed = o->sealed;
	m.sealed_len = o->sealed_len;
	if (!cbc_hs512_is_genuine(&jwe->cipher, &m, o->tag))
		return ERR_MAC_FAILED;
	return is_next ? decrypt(jwe, &m, text_r) : ERR_REPLAY;
}

enum err jwe_open(struct jwe *jwe, const char *message, size_t len,
		  struct buf *text_r)
{
	struct opened o = { .sealed = NULL };
	struct parts p;
	enum err e;

	if (!split(message, len, &p))
		return ERR_MAC_FAILED;
	e = open_parts(jwe, &p, &o, text_r);
	mem_free(o.sealed);
	return e;
}
