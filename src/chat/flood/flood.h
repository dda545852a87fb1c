/*
 * Flood control: how much one person may say, join and repeat in all rooms,
 * and how much all may in one room. What is too much is refused; whoever goes
 * on is graded up, and down again after a while of peace.
 *
 * Rates are as in user/quota.h: so many at once, and then one more each time
 * its share of the period has passed. Any thread.
 */
#ifndef RIALTO_CHAT_FLOOD_H
#define RIALTO_CHAT_FLOOD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/thread.h"
#include "chat/settings.h"

enum flood_kind { FLOOD_MESSAGES, FLOOD_JOINS, FLOOD_REPEATS, FLOOD_KINDS };

/* What becomes of one who goes on. */
enum flood_grade { FLOOD_WARN, FLOOD_QUIET, FLOOD_KICK, FLOOD_BAN };

enum {
	FLOOD_TEXTS = 4, /* of the last ones, for repeats */

	/* Outside rooms nothing goes for so long, until there is a mute. */
	FLOOD_PAUSE_S = 3,

	/* In a room, a message counts once more for each so many bytes. */
	FLOOD_WEIGHT = 512,

	/* Several people may say the same in a room when it is shorter. */
	FLOOD_SAME_LEAST = 16,
};

/* May be read and set in any thread; a rate may be seen half set for once. */
struct flood_rate {
	atomic_int_least64_t count; /* 0: no limit */
	atomic_int_least64_t period_us;
};

struct flood_rules {
	struct flood_rate person[FLOOD_KINDS];
	struct flood_rate room[FLOOD_KINDS];
	struct flood_rate patience;   /* refusals before the next grade */
	atomic_int_least64_t quiet_s; /* 0: nobody is quieted, nor paused */
	atomic_int_least64_t ban_s;   /* 0: nobody is banned */
	atomic_int_least64_t decay_s;
};

void flood_rules_set(struct flood_rules *rules,
		     const struct chat_settings *settings);

/* Times of the monotonic clock at which what was taken is there again. */
struct flood_gauge {
	int64_t full_us[FLOOD_REPEATS];
	struct {
		uint64_t text; /* a hash */
		int64_t full_us;
	} texts[FLOOD_TEXTS];
};

/* What is known of one person. Times are of the monotonic clock. */
struct flood_state {
	struct flood_gauge gauge;
	int64_t refused_us; /* the gauge of refusals */
	int64_t last_us;    /* the last refusal; 0: none */
	int64_t paused_us;  /* outside rooms nothing goes */
	enum flood_grade grade;
};

/* The same, shared by the person's sessions. */
struct flood_meter {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct flood_state state GUARDED_BY(lock);
};

struct flood_try {
	enum flood_kind kind; /* FLOOD_MESSAGES or FLOOD_JOINS */
	const char *text;     /* of a message; NULL: repeats do not count */
	/* Of the room, whose lock is held; NULL: not in a room. */
	struct flood_gauge *room;
};

/* Why something is too much, and what comes of it. */
struct flood_finding {
	bool is_of_room;        /* too much is said there, by all of them */
	bool is_repeat;         /* too often the same */
	int64_t wait_s;         /* for so long, rounded up */
	enum flood_grade grade; /* above FLOOD_WARN: it is time for that */
};

/* Takes one; false when it is too much, and then nothing is taken. */
NODISCARD bool flood_take(const struct flood_rules *rules,
			  struct flood_meter *meter, const struct flood_try *t,
			  struct flood_finding *finding_r);

/* What was paused goes again. */
void flood_resume(struct flood_meter *meter);

/* Nothing is left of what was taken, refused and graded. */
bool flood_is_over(const struct flood_rules *rules,
		   const struct flood_state *state, int64_t now_us);

/* Makes *state the worse of both. */
void flood_worsen(const struct flood_rules *rules, struct flood_state *state,
		  const struct flood_state *other, int64_t now_us);

#endif
