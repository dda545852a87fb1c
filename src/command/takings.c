#include "command/takings.h"

#include <assert.h>
#include <search.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/thread.h"
#include "chat/tell.h"
#include "log/log.h"

enum {
	PENDING_MOST = 16, /* told while a login is under way */
	TOLD_MOST = 32,    /* tidings that are remembered as told */
	PIECE = 128,       /* users of one transaction */
	PIECES_MOST = 512, /* at a time; the rest waits for the next */
};

struct pending {
	struct takings_cause cause;
	char *text;
};

/* In the store it says so a little later. */
struct told_tiding {
	struct tiding_name name;
	bool is_written;
};

/* Whoever hears. */
struct ear {
	user_id user;
	unsigned coming; /* sessions that log in */
	unsigned inside;
	struct person *person; /* a reference, while somebody is inside */
	struct heard heard;
	bool is_known;    /* heard is what the store has, or more */
	bool is_gone;     /* the user was removed: nothing is written */
	uint64_t changes; /* of heard */
	struct list link; /* in changed */
	struct pending pending[PENDING_MOST];
	unsigned pending_count;
	bool is_cut; /* there was more than could be pending */
	struct told_tiding told[TOLD_MOST]; /* the oldest first */
	unsigned told_count;
};

struct takings {
	struct store *store;
	struct mutex writing; /* rank: LOCK_HEARD; before lock */

	struct mutex lock;           /* rank: LOCK_TABLE */
	void *ears GUARDED_BY(lock); /* a tsearch() tree */
	struct list changed GUARDED_BY(lock);
};

static int compare(const void *a, const void *b)
{
	user_id x = ((const struct ear *)a)->user;
	user_id y = ((const struct ear *)b)->user;

	return (x > y) - (x < y);
}

struct takings *takings_new(struct store *store)
{
	struct takings *t = mem_zero(sizeof(*t));

	t->store = store;
	mutex_init(&t->writing, LOCK_HEARD);
	mutex_init(&t->lock, LOCK_TABLE);
	list_init(&t->changed);
	return t;
}

static struct ear *find_locked(struct takings *t, user_id user)
	REQUIRES(t->lock)
{
	const struct ear key = { .user = user };
	void *node = tfind(&key, &t->ears, compare);

	return node == NULL ? NULL : *(struct ear **)node;
}

static struct ear *add_locked(struct takings *t, user_id user) REQUIRES(t->lock)
{
	struct ear *ear = mem_zero(sizeof(*ear));
	void *node;

	ear->user = user;
	list_init(&ear->link);
	node = tsearch(ear, &t->ears, compare);
	assert(node != NULL && *(struct ear **)node == ear);
	(void)node;
	return ear;
}

static void drop_pending(struct ear *ear)
{
	for (unsigned i = 0; i < ear->pending_count; i++)
		mem_free(ear->pending[i].text);
	ear->pending_count = 0;
	ear->is_cut = false;
}

static void drop_locked(struct takings *t, struct ear *ear) REQUIRES(t->lock)
{
	list_remove(&ear->link);
	tdelete(ear, &t->ears, compare);
	drop_pending(ear);
	person_unref(&ear->person);
	mem_free(ear);
}

/* What nobody needs any more. */
static void settle_locked(struct takings *t, struct ear *ear) REQUIRES(t->lock)
{
	if (ear->coming == 0 && ear->inside == 0 && list_is_empty(&ear->link))
		drop_locked(t, ear);
}

static void note_change_locked(struct takings *t, struct ear *ear)
	REQUIRES(t->lock)
{
	ear->changes++;
	if (ear->is_known && !ear->is_gone && list_is_empty(&ear->link))
		list_append(&t->changed, &ear->link);
}

void takings_free(struct takings **takings)
{
	struct takings *t = *takings;

	*takings = NULL;
	if (t == NULL)
		return;
	mutex_lock(&t->lock);
	while (t->ears != NULL)
		drop_locked(t, *(struct ear **)t->ears);
	mutex_unlock(&t->lock);
	mutex_fini(&t->lock);
	mutex_fini(&t->writing);
	mem_free(t);
}

/* What was read first counts: nobody writes while the user is coming. */
static void learn(struct takings *t, user_id user, struct heard *heard)
{
	struct ear *ear;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	if (!ear->is_known) {
		ear->heard = *heard;
		ear->is_known = true;
	}
	*heard = ear->heard;
	mutex_unlock(&t->lock);
}

bool takings_come(struct takings *takings, user_id user, struct heard *heard_r,
		  enum err *e_r)
{
	struct takings *t = takings;
	struct ear *ear;
	bool is_in;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	if (ear == NULL)
		ear = add_locked(t, user);
	ear->coming++;
	is_in = ear->inside > 0;
	mutex_unlock(&t->lock);
	if (is_in)
		return false;
	*e_r = heard_get(t->store, user, heard_r);
	if (*e_r == ERR_OK)
		learn(t, user, heard_r);
	return true;
}

static void send_pending(struct takings *t, struct person *person,
			 struct pending *list, unsigned count, bool is_cut)
{
	for (unsigned i = 0; i < count; i++) {
		(void)takings_tell_of(t, person_user(person), &list[i].cause,
				      list[i].text);
		mem_free(list[i].text);
	}
	if (is_cut)
		tell_notice(person, 0,
			    "More came in meanwhile: /history shows it.");
}

void takings_enter(struct takings *takings, user_id user, struct person *person,
		   uint64_t upto)
{
	struct takings *t = takings;
	struct pending pending[PENDING_MOST];
	struct person *before;
	struct ear *ear;
	unsigned count;
	bool is_cut;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	ear->coming--;
	ear->inside++;
	before = ear->person;
	ear->person = person_ref(person);
	if (upto > ear->heard.upto) {
		heard_advance(&ear->heard, upto);
		note_change_locked(t, ear);
	}
	count = ear->pending_count;
	memcpy(pending, ear->pending, sizeof(pending));
	is_cut = ear->is_cut;
	ear->pending_count = 0;
	ear->is_cut = false;
	mutex_unlock(&t->lock);
	person_unref(&before);
	send_pending(t, person, pending, count, is_cut);
}

void takings_leave(struct takings *takings, user_id user, bool was_in)
{
	struct takings *t = takings;
	struct person *person = NULL;
	struct ear *ear;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	if (was_in)
		ear->inside--;
	else
		ear->coming--;
	if (ear->inside == 0) {
		person = ear->person;
		ear->person = NULL;
	}
	settle_locked(t, ear);
	mutex_unlock(&t->lock);
	person_unref(&person);
}

/* It is told when the session is in, or found in the journal by the next. */
static void keep_pending_locked(struct ear *ear,
				const struct takings_cause *cause,
				const char *text)
{
	if (ear->pending_count == PENDING_MOST) {
		ear->is_cut = true;
		return;
	}
	ear->pending[ear->pending_count++] =
		(struct pending){ *cause, mem_text(text) };
}

static bool was_told(const struct ear *ear, const struct tiding_name *name)
{
	for (unsigned i = 0; i < ear->told_count; i++)
		if (ear->told[i].name.kind == name->kind &&
		    ear->told[i].name.number == name->number)
			return true;
	return false;
}

/* When there are too many, the oldest may be told again. */
static void add_told(struct ear *ear, const struct tiding_name *name)
{
	if (ear->told_count == TOLD_MOST)
		memmove(ear->told, ear->told + 1,
			--ear->told_count * sizeof(*ear->told));
	ear->told[ear->told_count++] = (struct told_tiding){ *name, false };
}

/* Who is to be told now: a reference, or NULL. */
static struct person *hear_locked(struct takings *t, struct ear *ear,
				  const struct takings_cause *cause)
	REQUIRES(t->lock)
{
	bool is_tiding = cause->tiding.kind != TIDING_NONE;

	if ((cause->seq != 0 && heard_has(&ear->heard, cause->seq)) ||
	    (is_tiding && was_told(ear, &cause->tiding)))
		return NULL;
	if (cause->seq != 0)
		heard_add(&ear->heard, cause->seq);
	if (is_tiding)
		add_told(ear, &cause->tiding);
	if (cause->seq != 0 || is_tiding)
		note_change_locked(t, ear);
	return person_ref(ear->person);
}

bool takings_is_wanted(struct takings *takings, user_id user)
{
	struct takings *t = takings;
	const struct ear *ear;
	bool is_wanted;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	is_wanted = ear != NULL && (ear->inside > 0 || ear->coming > 0);
	mutex_unlock(&t->lock);
	return is_wanted;
}

bool takings_tell(struct takings *takings, user_id user, uint64_t seq,
		  const char *text)
{
	return takings_tell_of(takings, user,
			       &(struct takings_cause){ .seq = seq }, text);
}

bool takings_tell_of(struct takings *takings, user_id user,
		     const struct takings_cause *cause, const char *text)
{
	struct takings *t = takings;
	struct person *person = NULL;
	struct ear *ear;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	if (ear != NULL && ear->inside > 0)
		person = hear_locked(t, ear, cause);
	else if (ear != NULL && ear->coming > 0)
		keep_pending_locked(ear, cause, text);
	mutex_unlock(&t->lock);
	if (person == NULL)
		return false;
	tell_notice(person, 0, text);
	person_unref(&person);
	return true;
}

static void mark_gone(struct takings *t, user_id user)
{
	struct ear *ear;

	mutex_lock(&t->lock);
	ear = find_locked(t, user);
	if (ear != NULL) {
		ear->is_gone = true;
		list_remove(&ear->link);
		settle_locked(t, ear);
	}
	mutex_unlock(&t->lock);
}

enum err takings_forget(struct takings *takings, user_id user)
{
	enum err e;

	mutex_lock(&takings->writing);
	mark_gone(takings, user);
	e = heard_drop(takings->store, user);
	if (e == ERR_OK)
		e = tiding_forget(takings->store, user);
	mutex_unlock(&takings->writing);
	return e;
}

bool takings_are_due(struct takings *takings)
{
	bool are;

	mutex_lock(&takings->lock);
	are = !list_is_empty(&takings->changed);
	mutex_unlock(&takings->lock);
	return are;
}

/* A copy of what is to be written. */
struct slip {
	user_id user;
	struct heard heard;
	uint64_t changes;
	struct tiding_name told[TOLD_MOST]; /* to be written */
	unsigned told_count;
};

struct piece {
	struct store *store;
	struct slip notes[PIECE];
	unsigned count;
};

static void take_slip(const struct ear *ear, struct slip *slip)
{
	*slip = (struct slip){ .user = ear->user,
			       .heard = ear->heard,
			       .changes = ear->changes };
	for (unsigned i = 0; i < ear->told_count; i++)
		if (!ear->told[i].is_written)
			slip->told[slip->told_count++] = ear->told[i].name;
}

static void take_piece(struct takings *t, struct piece *piece)
{
	struct list *link;

	piece->count = 0;
	mutex_lock(&t->lock);
	for (link = t->changed.next;
	     link != &t->changed && piece->count < PIECE; link = link->next) {
		const struct ear *ear = LIST_ITEM(link, struct ear, link);

		take_slip(ear, &piece->notes[piece->count++]);
	}
	mutex_unlock(&t->lock);
}

static enum err write_slip(struct store_txn *txn, struct store *store,
			   const struct slip *slip)
{
	enum err e = heard_put(txn, store, slip->user, &slip->heard);

	for (unsigned i = 0; e == ERR_OK && i < slip->told_count; i++)
		e = tiding_heard(txn, store_table(store, TIDING_TABLES),
				 slip->user, &slip->told[i]);
	return e;
}

static enum err write_piece(struct store_txn *txn, void *arg)
{
	const struct piece *piece = arg;
	enum err e = ERR_OK;

	for (unsigned i = 0; e == ERR_OK && i < piece->count; i++)
		e = write_slip(txn, piece->store, &piece->notes[i]);
	return e;
}

static void mark_written(struct ear *ear, const struct slip *slip)
{
	for (unsigned i = 0; i < ear->told_count; i++)
		for (unsigned j = 0; j < slip->told_count; j++)
			ear->told[i].is_written |=
				ear->told[i].name.kind == slip->told[j].kind &&
				ear->told[i].name.number ==
					slip->told[j].number;
}

/* What has changed meanwhile is written again, behind the others. */
static void end_piece(struct takings *t, const struct piece *piece)
{
	mutex_lock(&t->lock);
	for (unsigned i = 0; i < piece->count; i++) {
		struct ear *ear = find_locked(t, piece->notes[i].user);

		list_remove(&ear->link);
		mark_written(ear, &piece->notes[i]);
		if (ear->changes != piece->notes[i].changes)
			list_append(&t->changed, &ear->link);
		settle_locked(t, ear);
	}
	mutex_unlock(&t->lock);
}

void takings_keep(struct takings *takings)
{
	struct piece *piece = mem_zero(sizeof(*piece));
	unsigned pieces = 0;
	enum err e = ERR_OK;

	piece->store = takings->store;
	mutex_lock(&takings->writing);
	do {
		take_piece(takings, piece);
		if (piece->count > 0)
			e = store_run(takings->store, write_piece, piece);
		if (e == ERR_OK)
			end_piece(takings, piece);
	} while (e == ERR_OK && piece->count == PIECE &&
		 ++pieces < PIECES_MOST);
	mutex_unlock(&takings->writing);
	mem_free(piece);
	if (e != ERR_OK && e != ERR_STORAGE_FULL)
		log_warning("bank", "what users have heard is not kept: %s",
			    err_words(e));
}
