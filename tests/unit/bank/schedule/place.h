/*
 * A house with a schedule, and two people: ann has 1000.00 R, ben nothing. The
 * clock stands still but for place_go_to() and clock_fake_advance().
 */
#ifndef RIALTO_TESTS_UNIT_BANK_PLACE_H
#define RIALTO_TESTS_UNIT_BANK_PLACE_H

#include "../house.h"
#include "bank/schedule/schedule.h"
#include "bank/schedule/standing.h"
#include "base/buf.h"

struct place {
	struct house house;
	struct schedule *schedule;
	user_id ann;
	user_id ben;
	account_id anns;
	account_id bens;
};

/* For audited acts. */
extern const struct audit_entry place_entry;

/* What users were told, a line each: "2: Standing order ...". */
extern struct buf place_told;
extern bool place_is_deaf; /* nobody is here */

/* For cmocka: *state is the place. */
int place_set_up(void **state);
int place_tear_down(void **state);

/* Closes all and opens it from the disk. */
void place_restart(struct place *p);

struct standings place_standings(const struct place *p);

/* Of "2026-11-30"; and makes it some minutes past midnight of that day. */
int64_t place_day(const char *text);
void place_go_to(const char *text);
/* An administrator says that the clock, which is far away, is right. */
void place_trust(struct place *p);

/* 1.00 R from ann to ben; stored, its number. */
struct standing place_standing(const struct place *p, enum every every,
			       const char *first);
uint64_t place_add(const struct place *p, enum every every, const char *first);

/* Runs a new schedule until nothing is due; how often it was called. */
unsigned place_run(struct place *p);

/* What ben has. */
money place_got(struct place *p);

/* How many standing orders ann has; the only one. */
size_t place_count(const struct place *p);
struct standing place_only(const struct place *p);

#endif
