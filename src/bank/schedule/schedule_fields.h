/* The fields of the schedule, for the files of this folder that act on it. */
#ifndef RIALTO_BANK_SCHEDULE_FIELDS_H
#define RIALTO_BANK_SCHEDULE_FIELDS_H

#include "bank/schedule/schedule.h"
#include "base/attr.h"
#include "base/err.h"

struct schedule {
	struct schedule_parts parts; /* immutable */
	struct standings standings;  /* likewise */
	struct currency currency;    /* of this run */
	int64_t today;               /* likewise */

	int64_t wall_ms; /* of the last run; 0: there was none */
	int64_t mono_ms;
	int64_t doubt_until_ms; /* monotonic */
	int64_t sweep_ms;       /* monotonic: when to look again */
	bool is_doubted;        /* the clock: that was logged last */
	enum err trouble;       /* likewise */
};

/*
 * Pieces of work: *more_r when something is left. An error, which is logged,
 * leaves all for the next time.
 */
typedef enum err schedule_piece_fn(struct schedule *schedule, bool *more_r);
schedule_piece_fn schedule_interest, schedule_low, schedule_pay, schedule_sweep;

/* True: that, or not now but perhaps later; it says nothing of the order. */
bool schedule_is_trouble(enum err e);

#endif
