/*
 * The sealed archive, bytes only: a file is a header and frames.
 *
 *     header   magic (8), version (4), number (8), salt (32), first (8),
 *              before (32), previous (32), tag (16)
 *     frame    length (4), sealed record (length), its tag among them
 *
 * The key of a file is HKDF-SHA256(audit key, salt, "rialto/1 audit
 * archive"). Everything is sealed with AES-256-GCM: the header's tag is that
 * of nothing beside the header, with nonce 0; frame n has nonce n, and beside
 * it lies the chain so far: SHA-256 of the header, then of the chain and the
 * frame, and so on. Each header holds where the chain of the file before it
 * ends. A frame that is written a second time, after a failure, is the same.
 *
 * One owner; numbers are big-endian.
 */
#ifndef RIALTO_AUDIT_ARCHIVE_H
#define RIALTO_AUDIT_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/secret.h"

enum {
	ARCHIVE_SALT = 32,
	ARCHIVE_PLAIN = 8 + 4 + 8 + ARCHIVE_SALT + 8 + 2 * DIGEST_BYTES,
	ARCHIVE_HEADER = ARCHIVE_PLAIN + SEAL_TAG,
	ARCHIVE_LENGTH = 4,
	ARCHIVE_FRAME_MOST = 16384, /* of a length */
};

struct archive_header {
	uint64_t number; /* 1, 2, 3 …, as in the file's name */
	uint8_t salt[ARCHIVE_SALT];
	uint64_t first;                 /* the first record's sequence */
	uint8_t before[DIGEST_BYTES];   /* the hash of the record before it */
	uint8_t previous[DIGEST_BYTES]; /* the end of the file before; zeros */
};

/* A place between two frames. */
struct archive_place {
	uint64_t file; /* 0: there is no archive yet */
	uint64_t offset;
	uint64_t frames;           /* before it */
	uint8_t end[DIGEST_BYTES]; /* the chain up to it */
};

/* What seals, or opens, one file from its start to its end. */
struct archive_chain {
	struct seal *seal;
	struct archive_place place;
};

void archive_chain_fini(struct archive_chain *chain);

/* Begins a file: a new salt goes into the header, and its bytes to out. */
void archive_begin(struct archive_chain *chain, const struct secret *key,
		   struct archive_header *header, struct buf *out);

/* Adds the frame of a record. */
void archive_add(struct archive_chain *chain, const void *record, size_t len,
		 struct buf *out);

/*
 * Reads a header. ERR_AGAIN: the bytes end within it; ERR_CORRUPT: this key
 * did not seal it, or it was changed; ERR_NEWER: another version.
 */
NODISCARD enum err archive_open(struct archive_chain *chain,
				const struct secret *key, const void *bytes,
				size_t len, struct archive_header *header_r);

/*
 * Opens the next frame; record is emptied first. ERR_NOT_FOUND: there are no
 * bytes; ERR_AGAIN: they end within it; ERR_CORRUPT. The chain, whose place
 * says how many bytes were used, moves only on ERR_OK.
 */
NODISCARD enum err archive_next(struct archive_chain *chain, const void *bytes,
				size_t len, struct buf *record);

#endif
