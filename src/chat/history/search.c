#include "chat/history/search.h"

#include <string.h>

#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/excerpt.h"
#include "chat/history/history_table.h"
#include "chat/history/needles.h"
#include "chat/room_fields.h"

enum { WINDOW_LEAST = 256 };

/* How far one room has been looked at. */
struct front {
	struct room *room; /* a reference */
	bool is_found;     /* the rest is known */
	bool is_over;      /* there is no more */
	uint64_t below;    /* what has a number below was not looked at, */
	int64_t time_ms;   /* and is not newer */
	uint64_t oldest;   /* there is nothing below this number */
	uint64_t window;   /* numbers to look at next */
	/* The newest that was found, but is for the next page. */
	uint64_t put_off; /* its number; 0: there is none */
	int64_t put_off_ms;
};

struct hit {
	struct message *m; /* a reference */
	struct front *front;
};

struct search {
	struct chat *chat;
	struct search_what what; /* but its words */
	struct needles needles;
	struct front *fronts;
	size_t front_count;
	struct hit hits[SEARCH_PAGE + 1]; /* newest first */
	size_t count;
	uint64_t looked;
	bool is_done;
};

struct search *search_new(struct chat *chat, const struct search_what *what)
{
	struct search *s = mem_zero(sizeof(*s));

	s->chat = chat;
	s->what = *what;
	if (what->patience == 0)
		s->what.patience = SEARCH_PATIENCE;
	for (size_t i = 0; i < what->count; i++) {
		if (!needles_add(&s->needles, what->words[i])) {
			search_free(&s);
			return NULL;
		}
	}
	return s;
}

static void drop_hits(struct search *s)
{
	while (s->count > 0)
		message_unref(&s->hits[--s->count].m);
}

void search_free(struct search **search)
{
	struct search *s = *search;

	*search = NULL;
	if (s == NULL)
		return;
	drop_hits(s);
	for (size_t i = 0; i < s->front_count; i++)
		room_unref(&s->fronts[i].room);
	mem_free(s->fronts);
	needles_fini(&s->needles);
	mem_free(s);
}

void search_add_room(struct search *search, struct room *room)
{
	search->fronts =
		mem_resize(search->fronts, (search->front_count + 1) *
						   sizeof(search->fronts[0]));
	search->fronts[search->front_count++] =
		(struct front){ .room = room_ref(room),
				.time_ms = INT64_MAX,
				.window = WINDOW_LEAST };
}

void search_keep_rooms(struct search *search,
		       bool (*may)(struct room *room, void *arg), void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < search->front_count; i++) {
		if (may(search->fronts[i].room, arg))
			search->fronts[kept++] = search->fronts[i];
		else
			room_unref(&search->fronts[i].room);
	}
	search->front_count = kept;
}

/* The newest that was not looked at is of this room; NULL: all was. */
static struct front *newest_front(const struct search *s)
{
	struct front *newest = NULL;

	for (size_t i = 0; i < s->front_count; i++) {
		struct front *front = &s->fronts[i];

		if (!front->is_over &&
		    (newest == NULL || front->time_ms > newest->time_ms))
			newest = front;
	}
	return newest;
}

static void put_off(const struct hit *hit)
{
	struct front *front = hit->front;

	if (hit->m->id > front->put_off) {
		front->put_off = hit->m->id;
		front->put_off_ms = hit->m->time_ms;
	}
}

/* Said later; of one room at one moment, the one with the greater number. */
static bool is_newer(const struct message *a, const struct message *b)
{
	return a->time_ms > b->time_ms ||
	       (a->time_ms == b->time_ms && a->id > b->id);
}

/* Those that no page needs yet are found again later. */
static void add_hit(struct search *s, struct front *front, struct message *m)
{
	size_t at = s->count;

	while (at > 0 && is_newer(m, s->hits[at - 1].m))
		at--;
	memmove(&s->hits[at + 1], &s->hits[at],
		(s->count - at) * sizeof(s->hits[0]));
	s->hits[at] = (struct hit){ message_ref(m), front };
	if (s->count < SEARCH_PAGE) {
		s->count++;
		return;
	}
	put_off(&s->hits[SEARCH_PAGE]);
	message_unref(&s->hits[SEARCH_PAGE].m);
}

/* The newest of a window: a ring. */
struct looking {
	struct search *s;
	struct front *front;
	struct message *ring[SEARCH_PAGE + 1];
	size_t found;
	uint64_t looked;
	int64_t first_ms; /* the least and the greatest time */
	int64_t last_ms;
};

static void look_begin(void *arg)
{
	struct looking *l = arg;

	for (size_t i = 0; i < COUNT(l->ring); i++)
		message_unref(&l->ring[i]);
	l->found = 0;
	l->looked = 0;
	l->first_ms = INT64_MAX;
	l->last_ms = INT64_MIN;
}

static bool fits(struct search *s, const struct saying *saying)
{
	const struct search_what *what = &s->what;

	return saying->time_ms >= what->since_ms &&
	       (what->until_ms == 0 || saying->time_ms < what->until_ms) &&
	       whose_fits(&what->whose, saying->user, saying->from) &&
	       needles_fit(&s->needles, saying->text, saying->text_len) &&
	       (what->fits == NULL || what->fits(saying, what->arg));
}

static bool look_at(const struct saying *saying, void *arg)
{
	struct looking *l = arg;
	struct message **slot = &l->ring[l->found % COUNT(l->ring)];

	if (saying->id >= l->front->below)
		return false;
	l->looked++;
	if (saying->time_ms < l->first_ms)
		l->first_ms = saying->time_ms;
	if (saying->time_ms > l->last_ms)
		l->last_ms = saying->time_ms;
	if (!fits(l->s, saying))
		return true;
	message_unref(slot);
	*slot = saying_message(saying, l->front->room);
	l->found++;
	return true;
}

/* Where the room is to be looked at next; low is where the window began. */
static void move_front(struct front *front, const struct looking *l,
		       uint64_t low)
{
	/* The oldest in the ring, when others were pushed out of it. */
	const struct message *edge =
		l->found > COUNT(l->ring) ? l->ring[l->found % COUNT(l->ring)]
					  : NULL;

	front->below = edge == NULL ? low : edge->id;
	if (edge != NULL)
		front->time_ms = edge->time_ms;
	else if (l->looked > 0)
		front->time_ms = l->first_ms;
	if (front->window < SEARCH_STEP)
		front->window *= 2;
	front->is_over = front->below <= front->oldest ||
			 (l->looked > 0 && l->last_ms < l->s->what.since_ms);
}

static enum err look_through(struct search *s, struct front *front)
{
	struct looking l = { .s = s, .front = front };
	AUTO(erasures_fini) struct erasures gone = { 0 };
	struct history_walk walk = { .store = s->chat->store,
				     .room = room_name(front->room),
				     .visit = look_at,
				     .begin = look_begin,
				     .arg = &l,
				     .gone = &gone };
	uint64_t low = front->below > front->window + front->oldest
			       ? front->below - front->window
			       : front->oldest;
	enum err e;

	history_erasures(front->room, &gone);
	e = history_scan(&walk, low);
	s->looked += l.looked;
	if (e == ERR_OK) {
		move_front(front, &l, low);
		for (size_t i = 0; i < COUNT(l.ring); i++) {
			if (l.ring[i] != NULL)
				add_hit(s, front, l.ring[i]);
		}
	}
	look_begin(&l);
	return e;
}

static bool take_edge(const struct saying *saying, void *arg)
{
	*(struct saying *)arg = *saying;
	return false;
}

/* Where the room begins, for this search, and where it ends. */
static enum err find_front(struct search *s, struct front *front)
{
	struct saying edge = { 0 };
	struct history_walk walk = { .store = s->chat->store,
				     .room = room_name(front->room),
				     .visit = take_edge,
				     .arg = &edge };
	enum err e;

	front->below = UINT64_MAX;
	if (s->what.until_ms != 0) {
		e = excerpt_find(s->chat, front->room, s->what.until_ms,
				 &front->below);
		if (e != ERR_OK)
			return e;
	}
	e = history_walk_down(&walk, front->below);
	if (e != ERR_OK)
		return e;
	front->is_found = true;
	front->is_over = edge.id == 0 || edge.time_ms < s->what.since_ms;
	if (front->is_over)
		return ERR_OK;
	front->below = edge.id + 1;
	front->time_ms = edge.time_ms;
	e = history_walk_up(&walk, 1);
	front->oldest = edge.id;
	return e;
}

/* Nothing that was not looked at is newer than the last of the page. */
static bool is_full(const struct search *s, const struct front *newest)
{
	return s->count == SEARCH_PAGE &&
	       s->hits[SEARCH_PAGE - 1].m->time_ms >= newest->time_ms;
}

/* Leaves what something newer may be in between of for the next page. */
static void end_page(struct search *s, const struct front *newest)
{
	s->is_done = true;
	while (newest != NULL && s->count > 0 &&
	       s->hits[s->count - 1].m->time_ms < newest->time_ms) {
		put_off(&s->hits[--s->count]);
		message_unref(&s->hits[s->count].m);
	}
}

enum err search_step(struct search *s)
{
	struct front *front = newest_front(s);
	uint64_t before = s->looked;
	enum err e = ERR_OK;

	while (e == ERR_OK && front != NULL && !is_full(s, front) &&
	       s->looked - before < SEARCH_STEP &&
	       s->looked < s->what.patience) {
		e = front->is_found ? look_through(s, front)
				    : find_front(s, front);
		front = newest_front(s);
	}
	if (front == NULL || is_full(s, front) || s->looked >= s->what.patience)
		end_page(s, front);
	return e;
}

bool search_is_done(const struct search *search)
{
	return search->is_done;
}

bool search_is_by(const struct search *search)
{
	return !whose_is_anybody(&search->what.whose);
}

const struct message *search_hit(const struct search *search, size_t i)
{
	return i < search->count ? search->hits[i].m : NULL;
}

bool search_has_more(const struct search *search)
{
	for (size_t i = 0; i < search->front_count; i++) {
		if (!search->fronts[i].is_over ||
		    search->fronts[i].put_off != 0)
			return true;
	}
	return false;
}

uint64_t search_looked(const struct search *search)
{
	return search->looked;
}

int64_t search_reached_ms(const struct search *search)
{
	const struct front *newest = newest_front(search);

	return newest == NULL ? 0 : newest->time_ms;
}

void search_turn(struct search *search)
{
	drop_hits(search);
	buf_fini(&search->needles.folded);
	search->looked = 0;
	search->is_done = false;
	for (size_t i = 0; i < search->front_count; i++) {
		struct front *front = &search->fronts[i];

		if (front->put_off == 0)
			continue;
		front->below = front->put_off + 1;
		front->time_ms = front->put_off_ms;
		front->is_over = false;
		front->put_off = 0;
		front->window = WINDOW_LEAST;
	}
}
