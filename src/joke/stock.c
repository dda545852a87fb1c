#include "joke/stock.h"

#include <string.h>

void stock_fini(struct stock *s)
{
	while (s->count > 0)
		joke_free(&s->jokes[--s->count]);
}

bool stock_add(struct stock *s, struct joke *joke)
{
	bool is_new = s->count < STOCK_MOST;

	for (size_t i = 0; is_new && i < s->count; i++)
		is_new = !joke_is_same(s->jokes[i], joke);
	if (is_new)
		s->jokes[s->count++] = joke;
	else
		joke_free(&joke);
	return is_new;
}

struct joke *stock_take(struct stock *s)
{
	struct joke *joke = s->jokes[0];

	if (s->count == 0)
		return NULL;
	s->count--;
	memmove(s->jokes, s->jokes + 1, s->count * sizeof(s->jokes[0]));
	return joke;
}
