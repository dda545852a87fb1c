#include "user/factor/factor_key.h"

#include "base/mem.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "log/log.h"

static const char noun[] = "authenticator key";

static enum err load(const char *path, struct secret **key_r, struct buf *why)
{
	AUTO(buf_wipe) struct buf bytes = { 0 };
	enum err e = key_file_read(path, noun, &bytes, why);

	if (e != ERR_OK)
		return e;
	if (buf_len(&bytes) != FACTOR_KEY) {
		buf_print(why,
			  "%s is not an %s: it has %zu bytes, not %d; put "
			  "back the key that was there",
			  path, noun, buf_len(&bytes), FACTOR_KEY);
		return ERR_BAD_INPUT;
	}
	*key_r = secret_new(buf_at(&bytes), buf_len(&bytes));
	return ERR_OK;
}

enum err factor_key_make(const char *path, struct buf *why)
{
	uint8_t bytes[FACTOR_KEY];
	enum err e;

	random_bytes(bytes, sizeof(bytes));
	e = key_file_make(path, noun, bytes, sizeof(bytes), why);
	mem_wipe(bytes, sizeof(bytes));
	if (e != ERR_OK)
		buf_print(why,
			  "; make it with (umask 077 && head -c %d "
			  "/dev/urandom >%s), for the daemon to read",
			  FACTOR_KEY, path);
	return e;
}

enum err factor_key_get(const char *path, struct secret **key_r,
			struct buf *why)
{
	enum err e = load(path, key_r, why);

	if (e != ERR_NOT_FOUND)
		return e;
	buf_reset(why);
	if (factor_key_make(path, why) != ERR_OK)
		return ERR_NOT_FOUND;
	log_notice("user",
		   "the key %s is made; keep a copy of it apart from this "
		   "machine and from backups",
		   path);
	return load(path, key_r, why);
}
