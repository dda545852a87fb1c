#include "audit/key.h"

#include "crypto/key_file.h"

static const char noun[] = "audit key";

enum err audit_key_load(const char *path, struct secret **key_r,
			struct buf *why)
{
	return key_file_read_random(path, noun, AUDIT_KEY, key_r, why);
}

enum err audit_key_make(const char *path, struct buf *why)
{
	return key_file_make_random(path, noun, AUDIT_KEY, why);
}
