#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bank/schedule/calendar.h"
#include "bank/schedule/trust.h"
#include "base/clock.h"
#include "base/mem.h"

const struct audit_entry place_entry = { .action = "bank.standing.test" };

struct buf place_told;
bool place_is_deaf;

static bool tell(void *arg, const struct schedule_notice *notice)
{
	(void)arg;
	if (place_is_deaf)
		return false;
	buf_print(&place_told, "%d: %s\n", (int)notice->to, notice->text);
	return true;
}

static void begin(struct place *p)
{
	p->schedule = schedule_new(&(struct schedule_parts){
		.store = p->house.store,
		.trail = p->house.trail,
		.users = p->house.users,
		.ledger = p->house.ledger,
		.tell = tell,
	});
}

int place_set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	house_init(&p->house);
	p->ann = house_user(&p->house, "ann");
	p->ben = house_user(&p->house, "ben");
	p->anns = house_account(&p->house, p->ann, "");
	p->bens = house_account(&p->house, p->ben, "");
	house_fund(&p->house, p->anns, 100000);
	begin(p);
	place_is_deaf = false;
	*state = p;
	return 0;
}

int place_tear_down(void **state)
{
	struct place *p = *state;

	schedule_free(&p->schedule);
	house_fini(&p->house);
	mem_free(p);
	buf_fini(&place_told);
	return 0;
}

struct standings place_standings(const struct place *p)
{
	return (struct standings){ p->house.store, p->house.trail };
}

int64_t place_day(const char *text)
{
	int64_t day;

	assert_true(calendar_parse_day(text, &day));
	return day;
}

/* It is some minutes past midnight of that day. */
void place_go_to(const char *text)
{
	clock_fake(calendar_day_begin(place_day(text)) + 5 * 60 * 1000);
}

struct standing place_standing(const struct place *p, enum every every,
			       const char *first)
{
	struct standing s = { .user = p->ann,
			      .from = p->anns,
			      .to = p->bens,
			      .amount = 100,
			      .memo = "rent" };
	struct date date;

	calendar_day_to_date(place_day(first), &date);
	recurrence_init(&s.recurrence, every, date.day, place_day(first));
	s.due = s.recurrence.first;
	s.look = s.due;
	return s;
}

uint64_t place_add(const struct place *p, enum every every, const char *first)
{
	const struct standings where = place_standings(p);
	struct standing s = place_standing(p, every, first);

	assert_int_equal(standing_add(&where, &s, &place_entry), ERR_OK);
	return s.number;
}

/* Forgets what it knew, as a process that begins: nothing is in doubt. */
void place_trust(struct place *p)
{
	struct audit_entry entry = { .action = "bank.clock" };
	struct trust trust;

	assert_int_equal(
		trust_accept(p->house.store, p->house.trail, &entry, &trust),
		ERR_OK);
}

unsigned place_run(struct place *p)
{
	unsigned runs = 1;

	schedule_free(&p->schedule);
	begin(p);
	while (schedule_run(p->schedule))
		runs++;
	return runs;
}

void place_restart(struct place *p)
{
	schedule_free(&p->schedule);
	house_restart(&p->house);
	begin(p);
}

money place_got(struct place *p)
{
	return house_posted(&p->house, p->bens);
}

struct standing place_only(const struct place *p)
{
	const struct standings where = place_standings(p);
	struct standing *list;
	struct standing s;
	size_t count;

	assert_int_equal(standing_list(&where, p->ann, &list, &count), ERR_OK);
	assert_int_equal(count, 1);
	s = list[0];
	mem_free(list);
	return s;
}

size_t place_count(const struct place *p)
{
	const struct standings where = place_standings(p);
	struct standing *list;
	size_t count;

	assert_int_equal(standing_list(&where, p->ann, &list, &count), ERR_OK);
	mem_free(list);
	return count;
}
