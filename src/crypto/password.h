/*
 * Password hashes by libxcrypt, in crypt(5) form: "$y$…" (yescrypt) or
 * "$2b$…" (bcrypt). Every call that hashes takes 10 to 300 ms of processor
 * time, whence the hashers. Any thread.
 */
#ifndef RIALTO_CRYPTO_PASSWORD_H
#define RIALTO_CRYPTO_PASSWORD_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "crypto/secret.h"

enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 512, PASSWORD_HASH_MOST = 384 };

enum password_method { PASSWORD_YESCRYPT, PASSWORD_BCRYPT };

/* For settings: "yescrypt", "bcrypt", NULL. */
extern const char *const password_methods[];

/*
 * Hashes password with a fresh salt. cost is the method's own scale: yescrypt
 * 1 to 11, bcrypt 4 to 31 (the settings are checked before; a wrong cost is a
 * bug). bcrypt looks at 72 bytes only and yescrypt takes 511, so longer
 * passwords are replaced by a digest (HMAC-SHA-256 in base64), here and when
 * verifying.
 */
void password_hash(const struct secret *password, enum password_method method,
		   int cost, char hash_r[PASSWORD_HASH_MOST]);

/* False also for a hash that is damaged or of an unknown method. */
NODISCARD bool password_verify(const struct secret *password, const char *hash);

/*
 * Takes as long as password_verify() with a hash made by these settings, for
 * names that do not exist.
 */
void password_verify_nobody(const struct secret *password,
			    enum password_method method, int cost);

/* The hash was made with another method or a lower cost than these. */
bool password_is_outdated(const char *hash, enum password_method method,
			  int cost);

#endif
