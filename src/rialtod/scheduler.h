/*
 * What the bank does by the clock is done by a job, which the keeper queues
 * once a second; see bank/schedule.h.
 */
#ifndef RIALTO_RIALTOD_SCHEDULER_H
#define RIALTO_RIALTOD_SCHEDULER_H

#include "base/keeper.h"
#include "command/realm.h"

struct scheduler;

/* Before the keeper starts. The realm with its jobs must outlive the keeper. */
struct scheduler *scheduler_new(struct realm *realm, struct keeper *keeper);

/* When keeper and jobs have stopped. */
void scheduler_free(struct scheduler **scheduler);

#endif
