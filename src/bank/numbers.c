#include "bank/numbers.h"

#include "base/mem.h"

enum { ROOM_FIRST = 64 };

/* Numbers often come in order: all bits shall count. */
static struct numbered **place(const struct numbers *n, uint64_t number)
{
	uint64_t mix = number * UINT64_C(0x9e3779b97f4a7c15);

	return &n->slots[(mix >> 32) & (n->room - 1)];
}

static void put(struct numbers *n, struct numbered *thing)
{
	struct numbered **first = place(n, thing->number);

	thing->next = *first;
	*first = thing;
}

static void grow(struct numbers *n)
{
	struct numbers wider = { .room = n->room > 0 ? 2 * n->room : ROOM_FIRST,
				 .count = n->count };

	wider.slots = mem_array(wider.room, sizeof(struct numbered *));
	for (size_t i = 0; i < n->room; i++) {
		struct numbered *thing = n->slots[i];

		while (thing != NULL) {
			struct numbered *next = thing->next;

			put(&wider, thing);
			thing = next;
		}
	}
	mem_free(n->slots);
	*n = wider;
}

void numbers_fini(struct numbers *n)
{
	for (size_t i = 0; i < n->room; i++) {
		struct numbered *thing = n->slots[i];

		while (thing != NULL) {
			struct numbered *next = thing->next;

			mem_free(thing);
			thing = next;
		}
	}
	mem_free(n->slots);
	*n = (struct numbers){ 0 };
}

void *numbers_find(const struct numbers *n, uint64_t number)
{
	struct numbered *thing;

	if (n->count == 0)
		return NULL;
	thing = *place(n, number);
	while (thing != NULL && thing->number != number)
		thing = thing->next;
	return thing;
}

void numbers_add(struct numbers *n, struct numbered *thing)
{
	if (n->count == n->room)
		grow(n);
	put(n, thing);
	n->count++;
}

void *numbers_take(struct numbers *n, uint64_t number)
{
	struct numbered **at;
	struct numbered *thing;

	if (n->count == 0)
		return NULL;
	at = place(n, number);
	while (*at != NULL && (*at)->number != number)
		at = &(*at)->next;
	thing = *at;
	if (thing == NULL)
		return NULL;
	*at = thing->next;
	n->count--;
	return thing;
}

void numbers_each(const struct numbers *n,
		  void (*fn)(struct numbered *thing, void *arg), void *arg)
{
	for (size_t i = 0; i < n->room; i++)
		for (struct numbered *thing = n->slots[i]; thing != NULL;
		     thing = thing->next)
			fn(thing, arg);
}
