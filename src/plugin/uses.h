/*
 * What a plugin is asked and answers: uses with deadlines, and answers that
 * wait until the state that came with them is on the disk. The warden's
 * thread alone, save for saved().
 */
#ifndef RIALTO_PLUGIN_USES_H
#define RIALTO_PLUGIN_USES_H

#include <stdbool.h>
#include <stdint.h>

#include "plugin/process.h"

/* Takes the errand. */
void uses_add(struct process *process, struct errand *use, int64_t now_ms);
void uses_event(struct process *process, struct errand *event);

/* Takes what is in the message, but for the message itself. */
void uses_answer(struct process *process, struct plugin_message *message);
void uses_say(struct process *process, struct plugin_message *message,
	      int64_t now_ms);

/* Tells those whose time is over; returns when the next one's is. */
int64_t uses_expire(struct process *process, int64_t now_ms);

/* It runs no more: tells all who wait for an answer. */
void uses_drop(struct process *process);

/* What was being saved is on the disk, or is not. */
void uses_saved(struct process *process, enum err outcome);

/* Frees what was never told; for the end of the daemon. */
void uses_free(struct process *process);

#endif
