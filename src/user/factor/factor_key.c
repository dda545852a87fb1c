#include "user/factor/factor_key.h"

#include "crypto/key_file.h"
#include "log/log.h"

static const char noun[] = "authenticator key";

enum err factor_key_make(const char *path, struct buf *why)
{
	return key_file_make_random(path, noun, FACTOR_KEY, why);
}

enum err factor_key_get(const char *path, struct secret **key_r,
			struct buf *why)
{
	enum err e = key_file_read_random(path, noun, FACTOR_KEY, key_r, why);

	if (e != ERR_NOT_FOUND)
		return e;
	buf_reset(why);
	if (factor_key_make(path, why) != ERR_OK)
		return ERR_NOT_FOUND;
	log_notice("user",
		   "the key %s is made; keep a copy of it apart from this "
		   "machine and from backups",
		   path);
	return key_file_read_random(path, noun, FACTOR_KEY, key_r, why);
}
