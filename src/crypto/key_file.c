#include "crypto/key_file.h"

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

enum err key_file_read(const char *path, const char *noun, struct buf *key,
		       struct buf *why)
{
	enum err e;

	/* Room for every read: what grows leaves copies behind. */
	buf_reserve(key, 3 * (size_t)KEY_FILE_MOST);
	e = file_read(path, KEY_FILE_MOST, key);
	if (e == ERR_OK)
		return check_mode(path, why);
	if (e == ERR_BAD_INPUT)
		buf_print(why, "%s is not an %s: no file of at most %d bytes",
			  path, noun, KEY_FILE_MOST);
	else
		buf_print(why, "the %s %s: %s", noun, path, err_words(e));
	return e;
}

enum err key_file_make(const char *path, const char *noun, const void *key,
		       size_t len, struct buf *why)
{
	AUTO(mem_free_text) char *folder = file_folder(path);
	enum err e;

	(void)mkdir(folder, 0700); /* if it fails, so does what follows */
	e = file_create(path, 0600, key, len);
	if (e != ERR_OK)
		buf_print(why, "the %s %s cannot be made: %s", noun, path,
			  err_words(e));
	return e;
}

enum err key_file_read_random(const char *path, const char *noun, size_t size,
			      struct secret **key_r, struct buf *why)
{
	AUTO(buf_wipe) struct buf bytes = { 0 };
	enum err e = key_file_read(path, noun, &bytes, why);

	*key_r = NULL;
	if (e != ERR_OK)
		return e;
	if (buf_len(&bytes) != size) {
		buf_print(why,
			  "%s is not an %s: it has %zu bytes, not %zu; put "
			  "back the key that was there",
			  path, noun, buf_len(&bytes), size);
		return ERR_BAD_INPUT;
	}
	*key_r = secret_new(buf_at(&bytes), buf_len(&bytes));
	return ERR_OK;
}

enum err key_file_make_random(const char *path, const char *noun, size_t size,
			      struct buf *why)
{
	AUTO(buf_wipe) struct buf bytes = { 0 };
	enum err e;

	random_bytes(buf_reserve(&bytes, size), size);
	buf_added(&bytes, size);
	e = key_file_make(path, noun, buf_at(&bytes), size, why);
	if (e != ERR_OK)
		buf_print(why,
			  "; make it with (umask 077 && head -c %zu "
			  "/dev/urandom >%s), for the daemon to read",
			  size, path);
	return e;
}
