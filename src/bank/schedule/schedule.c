#include "bank/schedule/schedule.h"

#include "bank/schedule/calendar.h"
#include "bank/schedule/schedule_fields.h"
#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"

struct schedule *schedule_new(const struct schedule_parts *parts)
{
	struct schedule *schedule = mem_zero(sizeof(*schedule));

	schedule->parts = *parts;
	schedule->standings = (struct standings){ parts->store, parts->trail };
	return schedule;
}

void schedule_free(struct schedule **schedule)
{
	mem_free(*schedule);
	*schedule = NULL;
}

bool schedule_is_trouble(enum err e)
{
	switch (e) {
	case ERR_AGAIN:
	case ERR_BUSY:
	case ERR_FLOOD:
	case ERR_IO:
	case ERR_CORRUPT:
	case ERR_STORAGE_FULL:
	case ERR_AUDIT_DOWN:
		return true;
	default:
		return false;
	}
}

/* Has the wall clock gone on as much as the other one has? */
static bool is_doubtful(struct schedule *s)
{
	int64_t wall_ms = clock_wall_ms();
	int64_t mono_ms = clock_mono_ms();
	int64_t ahead_ms = (wall_ms - s->wall_ms) - (mono_ms - s->mono_ms);

	if (s->wall_ms != 0 && ahead_ms > SCHEDULE_JUMP_MS) {
		s->doubt_until_ms = mono_ms + SCHEDULE_DOUBT_MS;
		log_warning("bank", "the clock has jumped ahead: what is due "
				    "by it waits for ten minutes");
	}
	s->wall_ms = wall_ms;
	s->mono_ms = mono_ms;
	return mono_ms < s->doubt_until_ms;
}

bool schedule_run(struct schedule *schedule)
{
	static schedule_piece_fn *const pieces[] = {
		schedule_sweep, schedule_low, schedule_interest, schedule_pay
	};
	enum { TIMELESS = 2 }; /* the first do not ask for the day */
	bool doubts = is_doubtful(schedule);
	enum err trouble = ERR_OK;
	struct bank_settings settings;
	bool more = false;

	ledger_settings(schedule->parts.ledger, &settings);
	schedule->currency = settings.currency;
	schedule->today = calendar_day(clock_wall_ms());
	for (size_t i = 0; i < COUNT(pieces) && !(doubts && i >= TIMELESS);
	     i++) {
		bool has_more = false;
		enum err e = pieces[i](schedule, &has_more);

		more |= e == ERR_OK && has_more;
		trouble = trouble == ERR_OK ? e : trouble;
	}
	if (trouble != ERR_OK && trouble != schedule->trouble)
		log_warning("bank", "what is due has to wait: %s",
			    err_words(trouble));
	schedule->trouble = trouble;
	return more;
}
