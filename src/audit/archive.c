#include "audit/archive.h"

#include <assert.h>
#include <string.h>

#include "audit/key.h"
#include "base/mem.h"
#include "crypto/hkdf.h"
#include "crypto/random.h"

enum { VERSION = 1, MAGIC = 8 };

static const char magic[MAGIC + 1] = "RIALTOAU";
static const char info[] = "rialto/1 audit archive";

static void put_number(struct buf *out, uint64_t number, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buf_add_char(out, (char)(number >> (8 * i)));
}

static uint64_t get_number(const uint8_t *at, int bytes)
{
	uint64_t number = 0;

	for (int i = 0; i < bytes; i++)
		number = number << 8 | at[i];
	return number;
}

void archive_chain_fini(struct archive_chain *chain)
{
	seal_free(&chain->seal);
}

static void init_chain(struct archive_chain *chain, const struct secret *key,
		       const struct archive_header *header)
{
	uint8_t subkey[SEAL_KEY];

	assert(key->len == AUDIT_KEY);
	hkdf_make(key->bytes, key->len, header->salt, sizeof(header->salt),
		  info, subkey, sizeof(subkey));
	memset(chain, 0, sizeof(*chain));
	chain->seal = seal_new(subkey);
	mem_wipe(subkey, sizeof(subkey));
	chain->place.file = header->number;
	chain->place.offset = ARCHIVE_HEADER;
}

static void put_header(const struct archive_header *header, struct buf *out)
{
	buf_add(out, magic, MAGIC);
	put_number(out, VERSION, 4);
	put_number(out, header->number, 8);
	buf_add(out, header->salt, sizeof(header->salt));
	put_number(out, header->first, 8);
	buf_add(out, header->before, sizeof(header->before));
	buf_add(out, header->previous, sizeof(header->previous));
}

static void get_header(const uint8_t *at, struct archive_header *header_r)
{
	at += MAGIC + 4;
	header_r->number = get_number(at, 8);
	at += 8;
	memcpy(header_r->salt, at, sizeof(header_r->salt));
	at += sizeof(header_r->salt);
	header_r->first = get_number(at, 8);
	at += 8;
	memcpy(header_r->before, at, sizeof(header_r->before));
	at += sizeof(header_r->before);
	memcpy(header_r->previous, at, sizeof(header_r->previous));
}

void archive_begin(struct archive_chain *chain, const struct secret *key,
		   struct archive_header *header, struct buf *out)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct seal_beside beside;
	uint8_t tag[SEAL_TAG];

	random_bytes(header->salt, sizeof(header->salt));
	init_chain(chain, key, header);
	put_header(header, &bytes);
	beside = (struct seal_beside){ buf_at(&bytes), buf_len(&bytes) };
	seal_make(chain->seal, 0, beside, "", 0, tag);
	buf_add(&bytes, tag, sizeof(tag));
	buf_add(out, buf_at(&bytes), buf_len(&bytes));
	digest_make(buf_at(&bytes), buf_len(&bytes), NULL, 0, chain->place.end);
}

static struct seal_beside beside_of(const struct archive_chain *chain)
{
	struct seal_beside beside = { chain->place.end,
				      sizeof(chain->place.end) };

	return beside;
}

static void move_on(struct archive_chain *chain, const void *frame, size_t len)
{
	struct archive_place *place = &chain->place;

	place->frames++;
	place->offset += len;
	digest_make(place->end, sizeof(place->end), frame, len, place->end);
}

void archive_add(struct archive_chain *chain, const void *record, size_t len,
		 struct buf *out)
{
	size_t sealed = len + SEAL_TAG;
	char *at;

	assert(len > 0 && sealed <= ARCHIVE_FRAME_MOST);
	put_number(out, sealed, ARCHIVE_LENGTH);
	at = buf_reserve(out, sealed);
	seal_make(chain->seal, chain->place.frames + 1, beside_of(chain),
		  record, len, at);
	buf_added(out, sealed);
	move_on(chain, at - ARCHIVE_LENGTH, ARCHIVE_LENGTH + sealed);
}

enum err archive_open(struct archive_chain *chain, const struct secret *key,
		      const void *bytes, size_t len,
		      struct archive_header *header_r)
{
	struct seal_beside beside = { bytes, ARCHIVE_PLAIN };
	const uint8_t *at = bytes;
	uint8_t nothing;

	memset(chain, 0, sizeof(*chain));
	if (len < ARCHIVE_HEADER)
		return ERR_AGAIN;
	if (memcmp(at, magic, MAGIC) != 0)
		return ERR_CORRUPT;
	if (get_number(at + MAGIC, 4) != VERSION)
		return ERR_NEWER;
	get_header(at, header_r);
	init_chain(chain, key, header_r);
	if (!seal_open(chain->seal, 0, beside, at + ARCHIVE_PLAIN, SEAL_TAG,
		       &nothing)) {
		archive_chain_fini(chain);
		return ERR_CORRUPT;
	}
	digest_make(bytes, ARCHIVE_HEADER, NULL, 0, chain->place.end);
	return ERR_OK;
}

enum err archive_next(struct archive_chain *chain, const void *bytes,
		      size_t len, struct buf *record)
{
	const uint8_t *at = bytes;
	uint64_t sealed;
	char *opened;

	buf_reset(record);
	if (len == 0)
		return ERR_NOT_FOUND;
	if (len < ARCHIVE_LENGTH)
		return ERR_AGAIN;
	sealed = get_number(at, ARCHIVE_LENGTH);
	if (sealed <= SEAL_TAG || sealed > ARCHIVE_FRAME_MOST)
		return ERR_CORRUPT;
	if (len - ARCHIVE_LENGTH < sealed)
		return ERR_AGAIN;
	opened = buf_reserve(record, sealed);
	if (!seal_open(chain->seal, chain->place.frames + 1, beside_of(chain),
		       at + ARCHIVE_LENGTH, sealed, opened))
		return ERR_CORRUPT;
	buf_added(record, sealed - SEAL_TAG);
	move_on(chain, bytes, ARCHIVE_LENGTH + sealed);
	return ERR_OK;
}
