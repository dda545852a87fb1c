/*
 * What was looked up lately, so that it need not be looked up again: short
 * values by short keys, as many as fit, the newest first. It never knows better
 * than what it was looked up from: who changes that forgets all, and who was
 * reading meanwhile keeps nothing. Any thread; its own lock.
 */
#ifndef RIALTO_BASE_RECALL_H
#define RIALTO_BASE_RECALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RECALL_KEY = 40,   /* the most bytes */
	RECALL_VALUE = 48, /* of a value, which all have the same length */
};

struct recall;

/* For so many, a power of two above three; memory is taken as it fills. */
struct recall *recall_new(size_t most, size_t value_len);
void recall_free(struct recall **recall);

/* False: look it up. */
bool recall_find(struct recall *recall, const void *key, size_t key_len,
		 void *value_r);

/* Before looking up; for recall_keep(). */
uint64_t recall_begin(struct recall *recall);

/* What was found, unless something was forgotten since `begun`. */
void recall_keep(struct recall *recall, uint64_t begun, const void *key,
		 size_t key_len, const void *value);

/* After a change has been made, and before anybody is told of it. */
void recall_forget(struct recall *recall);

#endif
