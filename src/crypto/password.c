/*
 * crypt(3) ends at a NUL and refuses 512 bytes or more, and bcrypt reads only
 * 72. A password beyond its method's reach is replaced by its digest, by the
 * same rule when it is hashed and when it is verified, so that every byte
 * counts and plain hashes made elsewhere verify as they are.
 */
#include "crypto/password.h"

#include <assert.h>
#include <crypt.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "log/log.h"

enum { SALT_BYTES = 16 };

static const struct method {
	const char *prefix; /* of the hash, crypt(5) */
	size_t reach;       /* the longest password it looks at wholly */
	int cost_least;
	int cost_most;
} methods[] = {
	[PASSWORD_YESCRYPT] = { "$y$", CRYPT_MAX_PASSPHRASE_SIZE - 1, 1, 11 },
	[PASSWORD_BCRYPT] = { "$2b$", 72, 4, 31 },
};

const char *const password_methods[] = {
	[PASSWORD_YESCRYPT] = "yescrypt",
	[PASSWORD_BCRYPT] = "bcrypt",
	NULL,
};

_Static_assert((int)PASSWORD_HASH_MOST == (int)CRYPT_OUTPUT_SIZE,
	       "a hash must fit");

static NORETURN void cannot_hash(const char *why)
{
	log_error("password", "cannot hash a password: %s", why);
	_exit(71); /* EX_OSERR */
}

static const struct method *method_of(const char *hash)
{
	for (size_t i = 0; i < COUNT(methods); i++) {
		if (strncmp(hash, methods[i].prefix,
			    strlen(methods[i].prefix)) == 0)
			return &methods[i];
	}
	return NULL;
}

/* Writes what crypt(5) calls a setting: method, cost and salt. */
static void make_setting(const struct method *method, int cost,
			 const void *salt, char setting_r[PASSWORD_HASH_MOST])
{
	assert(cost >= method->cost_least && cost <= method->cost_most);
	if (crypt_gensalt_rn(method->prefix, (unsigned long)cost, salt,
			     SALT_BYTES, setting_r, PASSWORD_HASH_MOST) == NULL)
		cannot_hash(strerror(errno));
}

/*
 * A keyed digest, so that a plain SHA-256 of the password that was stolen
 * somewhere else is of no use here.
 */
static struct secret *digest(const struct secret *password)
{
	static const char key[] = "rialto/1 password";
	uint8_t bytes[MAC_BYTES];
	gnutls_datum_t raw = { bytes, sizeof(bytes) };
	gnutls_datum_t text;
	struct secret *s;

	mac_make(key, sizeof(key) - 1, password->bytes, password->len, bytes);
	if (gnutls_base64_encode2(&raw, &text) < 0)
		cannot_hash("no digest");
	s = secret_new(text.data, text.size);
	mem_wipe(bytes, sizeof(bytes));
	mem_wipe(text.data, text.size);
	gnutls_free(text.data);
	return s;
}

/* The password itself, or its digest, for the caller to free. */
static struct secret *within_reach(const struct secret *password,
				   const struct method *method)
{
	if (password->len > method->reach ||
	    memchr(password->bytes, '\0', password->len) != NULL)
		return digest(password);
	return secret_new(password->bytes, password->len);
}

/* False when crypt(3) does not take the setting. */
static bool hash_with(const struct secret *password,
		      const struct method *method, const char *setting,
		      char hash_r[PASSWORD_HASH_MOST])
{
	AUTO(secret_free)
	struct secret *phrase = within_reach(password, method);
	struct crypt_data *data = mem_zero(sizeof(*data));
	const char *hash =
		crypt_rn(phrase->bytes, setting, data, (int)sizeof(*data));

	if (hash == NULL && errno == ENOMEM)
		cannot_hash("out of memory");
	if (hash != NULL)
		snprintf(hash_r, PASSWORD_HASH_MOST, "%s", hash);
	mem_wipe(data, sizeof(*data));
	mem_free(data);
	return hash != NULL;
}

void password_hash(const struct secret *password, enum password_method method,
		   int cost, char hash_r[PASSWORD_HASH_MOST])
{
	char setting[PASSWORD_HASH_MOST];
	uint8_t salt[SALT_BYTES];

	random_bytes(salt, sizeof(salt));
	make_setting(&methods[method], cost, salt, setting);
	if (!hash_with(password, &methods[method], setting, hash_r))
		cannot_hash(strerror(errno));
}

bool password_verify(const struct secret *password, const char *hash)
{
	const struct method *method = method_of(hash);
	char again[PASSWORD_HASH_MOST];
	size_t len = strlen(hash);

	if (method == NULL || !hash_with(password, method, hash, again))
		return false;
	return len == strlen(again) && gnutls_memcmp(hash, again, len) == 0;
}

void password_verify_nobody(const struct secret *password,
			    enum password_method method, int cost)
{
	static const uint8_t salt[SALT_BYTES];
	char setting[PASSWORD_HASH_MOST];
	char hash[PASSWORD_HASH_MOST];

	make_setting(&methods[method], cost, salt, setting);
	if (!hash_with(password, &methods[method], setting, hash))
		cannot_hash(strerror(errno));
}

/* The length of "$method$cost$", or 0 when it is not whole. */
static size_t head_of(const char *hash)
{
	const char *at = hash;

	for (int dollars = 0; dollars < 3; at++) {
		if (*at == '\0')
			return 0;
		dollars += *at == '$';
	}
	return (size_t)(at - hash);
}

bool password_is_outdated(const char *hash, enum password_method method,
			  int cost)
{
	static const uint8_t salt[SALT_BYTES];
	char setting[PASSWORD_HASH_MOST];
	size_t head = head_of(hash);

	for (int c = cost; c <= methods[method].cost_most; c++) {
		make_setting(&methods[method], c, salt, setting);
		if (head == head_of(setting) &&
		    strncmp(hash, setting, head) == 0)
			return false;
	}
	return true;
}
