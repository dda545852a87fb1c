/*
 * The daily witness: once a day the members of a room, bank.witness, are told
 * where the bank's journal ends, so that nothing before can be changed without
 * them knowing. It stands in the room's history as the bank's words.
 */
#ifndef RIALTO_RIALTOD_WITNESS_H
#define RIALTO_RIALTOD_WITNESS_H

#include <stdint.h>

#include "command/realm.h"

struct witness {
	struct realm *realm; /* borrowed */
	int64_t day;         /* it was told last; -1: not known */
	int64_t complained;  /* the day on which the log heard of trouble */
	int64_t patient_ms;  /* monotonic: until then nothing is tried */
};

void witness_init(struct witness *witness, struct realm *realm);

/*
 * Tells the room, unless that was done today, also before a restart. A day
 * without the daemon, or without the room, is not made up for. A job; one at a
 * time.
 */
void witness_run(struct witness *witness);

#endif
