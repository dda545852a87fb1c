#include "bank/schedule/schedule.h"

#include "bank/schedule/calendar.h"
#include "bank/schedule/schedule_fields.h"
#include "bank/schedule/trust.h"
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

/* A clock that is far from all that is known is told about once. */
static enum err look_at_clock(struct schedule *s, bool is_jump,
			      bool *is_trusted_r)
{
	AUTO(buf_fini) struct buf words = { 0 };
	struct trust trust;
	enum err e = trust_look(s->parts.store, &trust);

	*is_trusted_r = e == ERR_OK && !trust.is_doubted;
	if (e == ERR_OK && !is_jump)
		e = trust_keep(s->parts.store, &trust);
	if (e != ERR_OK || trust.is_doubted == s->is_doubted)
		return e;
	s->is_doubted = trust.is_doubted;
	trust_print(&trust, &words);
	if (trust.is_doubted)
		log_warning("bank",
			    "%s: what is due by it waits until it is "
			    "put right, or accepted by \"bank clock "
			    "accept\"",
			    buf_text(&words));
	else
		log_notice("bank", "%s again", buf_text(&words));
	return e;
}

/* The pieces of a run, and what they need to be done. */
static const struct {
	schedule_piece_fn *run;
	bool by_clock; /* of this year, at least */
	bool by_day;   /* and not just put forward */
} pieces[] = {
	{ schedule_sweep, true, false },
	{ schedule_low, false, false },
	{ schedule_interest, true, true },
	{ schedule_pay, true, true },
};

bool schedule_run(struct schedule *schedule)
{
	bool is_jump = is_doubtful(schedule);
	struct bank_settings settings;
	bool is_trusted;
	enum err trouble = look_at_clock(schedule, is_jump, &is_trusted);
	bool more = false;

	ledger_settings(schedule->parts.ledger, &settings);
	schedule->currency = settings.currency;
	schedule->today = calendar_day(clock_wall_ms());
	for (size_t i = 0; i < COUNT(pieces); i++) {
		bool has_more = false;
		enum err e;

		if ((pieces[i].by_clock && !is_trusted) ||
		    (pieces[i].by_day && is_jump))
			continue;
		e = pieces[i].run(schedule, &has_more);
		more |= e == ERR_OK && has_more;
		trouble = trouble == ERR_OK ? e : trouble;
	}
	if (trouble != ERR_OK && trouble != schedule->trouble)
		log_warning("bank", "what is due has to wait: %s",
			    err_words(trouble));
	schedule->trouble = trouble;
	return more;
}
