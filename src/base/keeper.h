/*
 * The keeper: one thread that does what must be done now and then, one chore
 * after another, so that no chore needs a thread of its own. What it does
 * can wait a little, so it is niced by 10.
 */
#ifndef RIALTO_BASE_KEEPER_H
#define RIALTO_BASE_KEEPER_H

#include <stdint.h>

struct keeper;

/* A new keeper without chores; nothing runs before keeper_start(). */
struct keeper *keeper_new(void);

/* Waits for the running chore, ends the thread and frees *k. */
void keeper_free(struct keeper **k);

/*
 * Adds a chore that runs every period_ms, first one period after the start.
 * Only before keeper_start(). arg is borrowed and must outlive the keeper.
 */
void keeper_add(struct keeper *k, int64_t period_ms, void (*fn)(void *arg),
		void *arg);

void keeper_start(struct keeper *k);

/* The chore that is due next need not wait for its moment. Any thread. */
void keeper_hurry(struct keeper *k);

#endif
