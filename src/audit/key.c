#include "audit/key.h"

#include "base/mem.h"
#include "crypto/key_file.h"
#include "crypto/random.h"

static const char noun[] = "audit key";

enum err audit_key_load(const char *path, struct secret **key_r,
			struct buf *why)
{
	AUTO(buf_wipe) struct buf bytes = { 0 };
	enum err e = key_file_read(path, noun, &bytes, why);

	*key_r = NULL;
	if (e != ERR_OK)
		return e;
	if (buf_len(&bytes) != AUDIT_KEY) {
		buf_print(why,
			  "%s is not an audit key: it has %zu bytes, not %d; "
			  "put back the key that was there",
			  path, buf_len(&bytes), AUDIT_KEY);
		return ERR_BAD_INPUT;
	}
	*key_r = secret_new(buf_at(&bytes), buf_len(&bytes));
	return ERR_OK;
}

enum err audit_key_make(const char *path, struct buf *why)
{
	uint8_t bytes[AUDIT_KEY];
	enum err e;

	random_bytes(bytes, sizeof(bytes));
	e = key_file_make(path, noun, bytes, sizeof(bytes), why);
	mem_wipe(bytes, sizeof(bytes));
	if (e != ERR_OK)
		buf_print(why,
			  "; make it with (umask 077 && head -c %d "
			  "/dev/urandom >%s)",
			  AUDIT_KEY, path);
	return e;
}
