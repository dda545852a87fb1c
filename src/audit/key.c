#include "audit/key.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/random.h"

/* The group may read, so that a daemon need not own its keys. */
enum { TOO_OPEN = S_IWGRP | S_IXGRP | S_IRWXO };

static enum err check_mode(const char *path, struct buf *why)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & TOO_OPEN) != 0) {
		buf_print(why,
			  "%s has mode %04o, so others can get at it; make it "
			  "0600",
			  path, (unsigned)st.st_mode & 07777U);
		return ERR_NOT_ALLOWED;
	}
	return ERR_OK;
}

static enum err check_length(const char *path, size_t len, struct buf *why)
{
	if (len == AUDIT_KEY)
		return ERR_OK;
	buf_print(why,
		  "%s is not an audit key: it has %zu bytes, not %d; put back "
		  "the key that was there",
		  path, len, AUDIT_KEY);
	return ERR_BAD_INPUT;
}

enum err audit_key_load(const char *path, struct secret **key_r,
			struct buf *why)
{
	AUTO(buf_wipe) struct buf bytes = { 0 };
	enum err e = file_read(path, 4096, &bytes);

	*key_r = NULL;
	if (e == ERR_BAD_INPUT) {
		buf_print(why, "%s is not an audit key: a file of %d bytes",
			  path, AUDIT_KEY);
		return e;
	}
	if (e != ERR_OK) {
		buf_print(why, "the audit key %s: %s", path, err_words(e));
		return e;
	}
	e = check_mode(path, why);
	if (e == ERR_OK)
		e = check_length(path, buf_len(&bytes), why);
	if (e == ERR_OK)
		*key_r = secret_new(buf_at(&bytes), buf_len(&bytes));
	return e;
}

enum err audit_key_make(const char *path, struct buf *why)
{
	AUTO(mem_free_text) char *folder = file_folder(path);
	uint8_t bytes[AUDIT_KEY];
	enum err e;

	(void)mkdir(folder, 0700); /* if it fails, so does what follows */
	random_bytes(bytes, sizeof(bytes));
	e = file_create(path, 0600, bytes, sizeof(bytes));
	mem_wipe(bytes, sizeof(bytes));
	if (e != ERR_OK)
		buf_print(why,
			  "the audit key %s cannot be made: %s; make it with "
			  "(umask 077 && head -c %d /dev/urandom >%s)",
			  path, err_words(e), AUDIT_KEY, path);
	return e;
}
