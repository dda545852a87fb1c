#include "joke/supply.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "joke/bundle.h"
#include "joke/fetch.h"
#include "joke/reading.h"
#include "joke/stock.h"

enum {
	FIRST_WAIT_MS = 1000,
	MOST_WAIT_MS = 300000,
	MINUTE_MS = 60000,
};

struct supply {
	struct bundle *bundle;
	struct stock stock;
	size_t prefetch;
	struct fetch *fetch; /* NULL without a URL */

	int64_t wait_ms;               /* after the next failure */
	int64_t due_ms;                /* no request before */
	int64_t asked_ms[SUPPLY_RATE]; /* when the last ones were made */
	size_t oldest;                 /* of these */

	char trouble[128]; /* why there was nothing lately; "" when well */
	char news[512];
	bool has_news;
};

struct supply *supply_new(void)
{
	struct supply *s = mem_zero(sizeof(*s));

	s->bundle = bundle_new();
	s->wait_ms = FIRST_WAIT_MS;
	for (size_t i = 0; i < SUPPLY_RATE; i++)
		s->asked_ms[i] = -MINUTE_MS;
	return s;
}

void supply_free(struct supply **supply)
{
	struct supply *s = *supply;

	if (s == NULL)
		return;
	fetch_free(&s->fetch);
	stock_fini(&s->stock);
	bundle_free(&s->bundle);
	mem_free(s);
	*supply = NULL;
}

const char *supply_open(struct supply *s, const char *url, int64_t prefetch,
			int64_t timeout_ms)
{
	const char *flaw;

	s->prefetch = (size_t)prefetch;
	s->fetch = fetch_new(url, timeout_ms, &flaw);
	return flaw;
}

struct joke *supply_take(struct supply *s)
{
	struct joke *joke = stock_take(&s->stock);
	const struct joke *known;

	if (joke != NULL)
		return joke;
	known = bundle_next(s->bundle);
	return joke_new(known->setup, known->punchline);
}

/* Tells the log when a trouble begins, changes or ends. */
static void note(struct supply *s, const char *trouble)
{
	if (strcmp(s->trouble, trouble) == 0)
		return;
	snprintf(s->trouble, sizeof(s->trouble), "%s", trouble);
	if (trouble[0] == '\0')
		snprintf(s->news, sizeof(s->news), "jokes come from %s again",
			 fetch_host(s->fetch));
	else
		snprintf(s->news, sizeof(s->news), "no jokes from %s: %s",
			 fetch_host(s->fetch), trouble);
	s->has_news = true;
}

static void wait_longer(struct supply *s)
{
	s->due_ms = clock_mono_ms() + s->wait_ms;
	s->wait_ms *= 2;
	if (s->wait_ms > MOST_WAIT_MS)
		s->wait_ms = MOST_WAIT_MS;
}

static void fill(struct supply *s)
{
	const struct buf *body = fetch_body(s->fetch);
	enum err e = reading_add(buf_at(body), buf_len(body), &s->stock);

	switch (e) {
	case ERR_OK:
		s->wait_ms = FIRST_WAIT_MS;
		break;
	case ERR_EXISTS:
		wait_longer(s);
		break;
	default:
		wait_longer(s);
		note(s, e == ERR_NOT_FOUND
				? "the answer holds no joke that may be told"
				: "the answer is no JSON");
		return;
	}
	note(s, "");
}

/* When the next request may be made. */
static int64_t due(const struct supply *s)
{
	int64_t again_ms = s->asked_ms[s->oldest] + MINUTE_MS;

	return again_ms > s->due_ms ? again_ms : s->due_ms;
}

static bool is_wanting(const struct supply *s)
{
	return s->fetch != NULL && !fetch_is_running(s->fetch) &&
	       s->stock.count < s->prefetch;
}

static void ask(struct supply *s)
{
	int64_t now_ms = clock_mono_ms();

	if (!is_wanting(s) || now_ms < due(s))
		return;
	s->asked_ms[s->oldest] = now_ms;
	s->oldest = (s->oldest + 1) % SUPPLY_RATE;
	fetch_start(s->fetch);
}

void supply_step(struct supply *s)
{
	ask(s);
	if (s->fetch == NULL || !fetch_is_running(s->fetch))
		return;
	switch (fetch_step(s->fetch)) {
	case FETCH_RUNNING:
		break;
	case FETCH_DONE:
		fill(s);
		break;
	case FETCH_FAILED:
		wait_longer(s);
		note(s, fetch_reason(s->fetch));
		break;
	}
}

const char *supply_news(struct supply *s)
{
	if (!s->has_news)
		return NULL;
	s->has_news = false;
	return s->news;
}

void supply_wait(struct supply *s, int fd)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };
	int64_t left_ms = MINUTE_MS; /* libcurl looks after its own times */

	if (s->fetch == NULL) {
		poll(&input, 1, -1);
		return;
	}
	if (is_wanting(s))
		left_ms = due(s) - clock_mono_ms();
	if (left_ms > MINUTE_MS)
		left_ms = MINUTE_MS;
	fetch_wait(s->fetch, fd, left_ms > 0 ? (int)left_ms : 0);
}
