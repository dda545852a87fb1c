/* Random bytes fit for keys and nonces (gnutls_rnd). Any thread. */
#ifndef RIALTO_CRYPTO_RANDOM_H
#define RIALTO_CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills bytes; a system without randomness ends the program. */
void random_bytes(void *bytes, size_t len);

/* A number below limit, without bias; limit is above 0. */
uint64_t random_below(uint64_t limit);

#endif
