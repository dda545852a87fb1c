/*
 * Searches in what was said: the newest first, over several rooms by time, a
 * page at a time. A search goes through a room backwards in windows of
 * numbers, of whichever room has the newest that were not looked at; so what
 * it holds, and what one step costs, is bounded. One owner; steps are for
 * jobs, which give the thread up between them.
 *
 *     search = search_new(chat, &what);
 *     search_add_room(search, room);
 *     do
 *         e = search_step(search);
 *     while (e == ERR_OK && !search_is_done(search));
 *     ... search_hit(search, 0) ...
 *     search_turn(search);    and again, for the next page
 */
#ifndef RIALTO_CHAT_SEARCH_H
#define RIALTO_CHAT_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/history/saying.h"
#include "chat/history/whose.h"
#include "chat/message.h"

struct chat;
struct room;
struct search;

enum {
	SEARCH_PAGE = 20,
	SEARCH_WORDS = 16,
	SEARCH_STEP = 4096,       /* messages looked at in one step, at most */
	SEARCH_PATIENCE = 200000, /* for one page, or a little more */
};

/* What is looked for: all of it must fit. */
struct search_what {
	/* Words and phrases, which must occur, however they are written. */
	const char *words[SEARCH_WORDS];
	size_t count;

	struct whose whose; /* empty: anybody's */
	int64_t since_ms;   /* 0: of whatever time */
	int64_t until_ms;   /* said before; 0: likewise */

	uint64_t patience; /* 0: SEARCH_PATIENCE */

	/* One more condition, or NULL. It may be asked twice. */
	bool (*fits)(const struct saying *saying, void *arg);
	void *arg;
};

/* Copies what; NULL when a word has nothing in it that can be looked for. */
struct search *search_new(struct chat *chat, const struct search_what *what);

/* Accepts NULL. */
void search_free(struct search **search);

/* Before the first step. Takes a reference of its own. */
void search_add_room(struct search *search, struct room *room);

/* Between pages: goes on without the rooms of which this is not true. */
void search_keep_rooms(struct search *search,
		       bool (*may)(struct room *room, void *arg), void *arg);

/* Job. The errors of store_view(), ERR_CORRUPT. */
NODISCARD enum err search_step(struct search *search);

/* The page is full, or all was looked at, or patience is at its end. */
bool search_is_done(const struct search *search);

/* Is it for the words of somebody? */
bool search_is_by(const struct search *search);

/* When it is done: what was found, newest first; borrowed, NULL past the end.
 */
const struct message *search_hit(const struct search *search, size_t i);

/* When it is done: is there something that was not looked at? */
bool search_has_more(const struct search *search);

/*
 * When it is done: how many messages were looked at for this page, and the time
 * down to which all were looked at, 0 if there is none.
 */
uint64_t search_looked(const struct search *search);
int64_t search_reached_ms(const struct search *search);

/* Goes on to the next page. */
void search_turn(struct search *search);

#endif
