/*
 * Berkeley DB's checksum of pages and of records of the log, several bytes at
 * a step. The library's own takes them one by one, which was a twentieth of
 * all that a payment costs: a program that this is linked into has it called
 * in that one's place.
 */
#ifndef RIALTO_STORE_CHECKSUM_H
#define RIALTO_STORE_CHECKSUM_H

#include <db.h>
#include <stddef.h>
#include <stdint.h>

/* sum of what came before, 0 at first, gone on with: 33 * sum + byte each. */
uint32_t checksum_add(uint32_t sum, const void *bytes, size_t len);

/* What the library calls; db is not looked at. Any thread. */
uint32_t checksum_for_library(DB *db, const void *bytes,
			      uint32_t len) __asm__("__ham_func4");

#endif
