#include "chat/sanction/sanctions.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "chat/sanction/sieve.h"

void sanctions_fini(struct sanctions *all)
{
	for (size_t i = 0; i < all->count; i++)
		mem_free(all->list[i]);
	mem_free(all->list);
	sieve_free(&all->sieve);
	memset(all, 0, sizeof(*all));
}

/* Where the entry is, or would be. */
static size_t place(const struct sanctions *all, uint64_t id)
{
	size_t low = 0;
	size_t high = all->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->list[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct sanction *sanctions_find(const struct sanctions *all, uint64_t id)
{
	size_t i = place(all, id);

	return i < all->count && all->list[i]->id == id ? all->list[i] : NULL;
}

static bool is_same(const struct mask *a, const struct mask *b)
{
	if (a->user != 0 || b->user != 0)
		return a->user == b->user;
	return strcasecmp(a->text, b->text) == 0;
}

const struct sanction *sanctions_find_mask(const struct sanctions *all,
					   enum sanction_kind kind,
					   const struct mask *mask)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct sanction *s = all->list[i];

		if (s->kind == kind && is_same(&s->mask, mask))
			return s;
	}
	return NULL;
}

static void prepare(struct sanctions *all, bool has_new_filters)
{
	all->version++;
	all->first_end_ms = 0;
	memset(all->counts, 0, sizeof(all->counts));
	for (size_t i = 0; i < all->count; i++) {
		int64_t until_ms = all->list[i]->until_ms;

		all->counts[all->list[i]->kind]++;
		if (until_ms != 0 &&
		    (all->first_end_ms == 0 || until_ms < all->first_end_ms))
			all->first_end_ms = until_ms;
	}
	if (!has_new_filters)
		return;
	sieve_free(&all->sieve);
	for (size_t i = 0; i < all->count; i++) {
		const struct sanction *s = all->list[i];

		if (!sanction_is_filter(s->kind))
			continue;
		if (all->sieve == NULL)
			all->sieve = sieve_new();
		sieve_add(all->sieve, s);
	}
	if (all->sieve != NULL)
		sieve_prepare(all->sieve);
}

void sanctions_add(struct sanctions *all, const struct sanction *s)
{
	size_t i = place(all, s->id);

	all->list =
		mem_resize(all->list, (all->count + 1) * sizeof(all->list[0]));
	memmove(&all->list[i + 1], &all->list[i],
		(all->count - i) * sizeof(all->list[0]));
	all->list[i] = mem_copy(s, sizeof(*s));
	all->count++;
	prepare(all, sanction_is_filter(s->kind));
}

void sanctions_drop(struct sanctions *all, uint64_t id)
{
	size_t i = place(all, id);
	bool is_filter;

	if (i == all->count || all->list[i]->id != id)
		return;
	is_filter = sanction_is_filter(all->list[i]->kind);
	mem_free(all->list[i]);
	all->count--;
	memmove(&all->list[i], &all->list[i + 1],
		(all->count - i) * sizeof(all->list[0]));
	prepare(all, is_filter);
}

size_t sanctions_list_over(const struct sanctions *all, int64_t then_ms,
			   uint64_t ids_r[SANCTIONS_MOST])
{
	size_t count = 0;

	if (all->first_end_ms == 0 || all->first_end_ms > then_ms)
		return 0;
	for (size_t i = 0; i < all->count && count < SANCTIONS_MOST; i++) {
		if (sanction_is_over(all->list[i], then_ms))
			ids_r[count++] = all->list[i]->id;
	}
	return count;
}

/* b ends later than a. */
static bool is_longer(const struct sanction *a, const struct sanction *b)
{
	return a == NULL || (a->until_ms != 0 &&
			     (b->until_ms == 0 || b->until_ms > a->until_ms));
}

/* The highest rank whose exemption is for who; -1: none. */
static int exempting_rank(const struct sanctions *all,
			  const struct subject *who, int64_t now_ms)
{
	int highest = -1;

	for (size_t i = 0; all->counts[SANCTION_EXEMPT] > 0 && i < all->count;
	     i++) {
		const struct sanction *s = all->list[i];

		if (s->kind == SANCTION_EXEMPT && (int)s->by_rank > highest &&
		    !sanction_is_over(s, now_ms) && mask_match(&s->mask, who))
			highest = (int)s->by_rank;
	}
	return highest;
}

bool sanctions_exempt(const struct sanctions *all, const struct subject *who,
		      enum rank by_rank, int64_t now_ms)
{
	return exempting_rank(all, who, now_ms) >= (int)by_rank;
}

const struct sanction *sanctions_match(const struct sanctions *all,
				       enum sanction_kind kind,
				       const struct subject *who,
				       enum rank rank, int64_t now_ms)
{
	bool is_against = sanction_is_against(kind);
	const struct sanction *found = NULL;
	int exempt = -1;

	if (all->counts[kind] == 0)
		return NULL;
	if (is_against)
		exempt = exempting_rank(all, who, now_ms);
	for (size_t i = 0; i < all->count; i++) {
		const struct sanction *s = all->list[i];

		if (s->kind != kind || sanction_is_over(s, now_ms) ||
		    (is_against &&
		     (s->by_rank < rank || (int)s->by_rank <= exempt)))
			continue;
		if (is_longer(found, s) && sanction_is_for(s, who))
			found = s;
	}
	return found;
}

/* When the first of those that count now no longer does; 0: never. */
static int64_t next_end_ms(const struct sanctions *all, int64_t now_ms)
{
	int64_t next_ms = 0;

	for (size_t i = 0; i < all->count; i++) {
		int64_t until_ms = all->list[i]->until_ms;

		if (until_ms > now_ms && (next_ms == 0 || until_ms < next_ms))
			next_ms = until_ms;
	}
	return next_ms;
}

const struct sanction *sanctions_judge(const struct sanctions *all,
				       const struct subject *who,
				       enum rank rank, int64_t now_ms,
				       struct verdict *verdict)
{
	if (verdict->version == all->version && verdict->rank == rank &&
	    now_ms >= verdict->from_ms &&
	    (verdict->until_ms == 0 || now_ms < verdict->until_ms))
		return verdict->against;
	verdict->version = all->version;
	verdict->rank = rank;
	verdict->from_ms = now_ms;
	verdict->until_ms = next_end_ms(all, now_ms);
	verdict->against =
		sanctions_match(all, SANCTION_BAN, who, rank, now_ms);
	if (verdict->against == NULL)
		verdict->against =
			sanctions_match(all, SANCTION_QUIET, who, rank, now_ms);
	return verdict->against;
}

const struct sanction *sanctions_sift(const struct sanctions *all,
				      const char *text, int64_t now_ms)
{
	return all->sieve == NULL ? NULL
				  : sieve_catch(all->sieve, text, now_ms);
}
