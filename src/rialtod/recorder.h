/*
 * What was said reaches the disk by a job, which the keeper queues: not by the
 * keeper itself, which may be long at a checkpoint.
 */
#ifndef RIALTO_RIALTOD_RECORDER_H
#define RIALTO_RIALTOD_RECORDER_H

#include <stdatomic.h>

#include "base/keeper.h"
#include "chat/chat.h"
#include "net/jobs.h"

struct recorder {
	struct job job;
	atomic_bool is_under_way; /* the job is queued, or runs */
	struct jobs *jobs;        /* borrowed */
	struct chat *chat;        /* borrowed */
};

/* Before the keeper starts. It, jobs and chat must outlive the keeper. */
void recorder_begin(struct recorder *r, struct keeper *keeper,
		    struct jobs *jobs, struct chat *chat);

#endif
