/*
 * The tally: records of what is in no transaction, since nothing is stored for
 * it, or strangers could fill the trail with it. Who reports waits for nothing
 * and is never refused; the keeper writes a moment later, and what cannot be
 * written yet is kept.
 *
 * An end of a session is noted, a record each. What anybody can cause as often
 * as he likes (wrong passwords, guests, broken lines) is counted: within a
 * minute the same action, outcome, actor, target and address are one record,
 * which says how often. Past TALLY_OF_ADDRESS of them from one address its
 * names are left out, and past TALLY_MOST in all the addresses as well.
 */
#ifndef RIALTO_AUDIT_TALLY_H
#define RIALTO_AUDIT_TALLY_H

#include "audit/entry.h"
#include "audit/trail.h"

struct tally;

enum {
	TALLY_MINUTE_MS = 60 * 1000,
	TALLY_MOST = 1024,     /* counted at a time */
	TALLY_OF_ADDRESS = 64, /* of one action, from one address */
	TALLY_NOTED = 16384,   /* that wait to be written; more are counted */
};

/* Borrows the trail. */
struct tally *tally_new(struct trail *trail);
void tally_free(struct tally **tally);

/* Any thread. */
void tally_note(struct tally *tally, const struct audit_entry *entry);
void tally_count(struct tally *tally, const struct audit_entry *entry);

/* The keeper's chore: writes what is due, at most TALLY_MOST records. */
void tally_tick(struct tally *tally);

/* Writes everything, as far as it can, when nobody reports any more. */
void tally_finish(struct tally *tally);

#endif
