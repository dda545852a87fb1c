#include "chat/board/board.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/herald.h"
#include "chat/place.h"
#include "chat/rank.h"
#include "store/record.h"

enum { POST_VERSION = 1 };

struct board {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct post posts[BOARD_PARTS] GUARDED_BY(lock);
};

static const struct {
	const char *word; /* also of its record among those of the place */
	const char *action;
	const char *name;
} parts[BOARD_PARTS] = {
	[BOARD_RULES] = { "rules", "server.rules", "the rules" },
	[BOARD_MOTD] = { "motd", "server.motd", "the message of the day" },
};

void post_encode(const struct post *post, struct buf *out)
{
	record_begin(out, POST_VERSION);
	record_put_u64(out, post->version);
	record_put_i64(out, post->time_ms);
	record_put_text(out, post->by);
	record_put_text(out, post->text);
}

bool post_decode(const void *bytes, size_t len, struct post *post_r)
{
	struct record_reader r;

	memset(post_r, 0, sizeof(*post_r));
	record_open(&r, bytes, len);
	post_r->version = record_get_u64(&r);
	post_r->time_ms = record_get_i64(&r);
	record_get_text(&r, post_r->by, sizeof(post_r->by));
	record_get_text(&r, post_r->text, sizeof(post_r->text));
	return record_close(&r) && r.version == POST_VERSION &&
	       post_r->version != 0;
}

bool post_is_sound(const void *bytes, size_t len)
{
	struct post post;

	return post_decode(bytes, len, &post);
}

struct board *board_new(void)
{
	struct board *board = mem_zero(sizeof(*board));

	mutex_init(&board->lock, LOCK_TABLE);
	return board;
}

void board_free(struct board **board)
{
	if (*board == NULL)
		return;
	mutex_fini(&(*board)->lock);
	mem_free(*board);
	*board = NULL;
}

static void put(struct board *board, enum board_part part,
		const struct post *post)
{
	mutex_lock(&board->lock);
	board->posts[part] = *post;
	mutex_unlock(&board->lock);
}

enum err board_load(struct chat *chat)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct post post;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < BOARD_PARTS; i++) {
		e = place_get(chat->store, parts[i].word, &value);
		if (e != ERR_OK || buf_len(&value) == 0)
			continue;
		if (!post_decode(buf_at(&value), buf_len(&value), &post))
			return ERR_CORRUPT;
		put(chat->board, i, &post);
	}
	return e;
}

const char *board_word(enum board_part part)
{
	return parts[part].word;
}

bool board_get(struct chat *chat, enum board_part part, struct post *post_r)
{
	mutex_lock(&chat->board->lock);
	*post_r = chat->board->posts[part];
	mutex_unlock(&chat->board->lock);
	return post_r->text[0] != '\0';
}

struct change {
	struct store *store;
	enum board_part part;
	const struct post *post;
};

static enum err write(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;
	AUTO(buf_fini) struct buf value = { 0 };

	post_encode(change->post, &value);
	return place_put(txn, change->store, parts[change->part].word, &value);
}

static void tell(struct chat *chat, const struct actor *by,
		 enum board_part part)
{
	AUTO(buf_fini) struct buf text = { 0 };

	buf_print(&text, "%s changed %s; /%s shows it.", by->name,
		  parts[part].name, parts[part].word);
	herald_tell(chat, 0, by->origin, buf_text(&text));
}

/* With the change lock; post has the text. */
static enum err change(struct chat *chat, const struct actor *by,
		       enum board_part part, struct post *post,
		       const char *what)
{
	struct change change = { chat->store, part, post };
	struct act act = { .by = by,
			   .action = parts[part].action,
			   .detail = what };
	enum err e;

	post->version++;
	post->time_ms = clock_wall_ms();
	memcpy(post->by, by->name, sizeof(post->by));
	e = act_run(chat, &act, write, &change);
	if (e != ERR_OK)
		return e;
	put(chat->board, part, post);
	if (post->text[0] != '\0')
		tell(chat, by, part);
	return ERR_OK;
}

static enum err check_actor(const struct actor *by, struct refusal *why)
{
	enum err e = permit_check(PERMIT_BOARD, rank_of_roles(by->roles),
				  RANK_GUEST);

	return e == ERR_OK
		       ? e
		       : refusal_give(why, e, "That is for administrators.");
}

static size_t count_lines(const char *text)
{
	size_t lines = text[0] != '\0';

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* With the change lock. */
static enum err append(struct chat *chat, const struct actor *by,
		       enum board_part part, const char *line, bool is_first,
		       struct refusal *why)
{
	struct post post;
	bool is_there = board_get(chat, part, &post);
	size_t len;

	if (is_first)
		post.text[0] = '\0';
	len = strlen(post.text);
	if (len + 1 + strlen(line) > BOARD_TEXT_MOST ||
	    count_lines(post.text) >= BOARD_LINES_MOST)
		return refusal_give(why, ERR_LIMIT,
				    "%s have at most %d bytes in %d lines.",
				    part == BOARD_RULES ? "Rules" : "Messages",
				    BOARD_TEXT_MOST, BOARD_LINES_MOST);
	snprintf(post.text + len, sizeof(post.text) - len, "%s%s",
		 len == 0 ? "" : "\n", line);
	return change(chat, by, part, &post,
		      is_first || !is_there ? "set" : "a line more");
}

static enum err start(struct chat *chat, const struct actor *by,
		      enum board_part part, const char *line, bool is_first,
		      struct refusal *why)
{
	enum err e = check_actor(by, why);

	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->change);
	e = append(chat, by, part, line, is_first, why);
	mutex_unlock(&chat->change);
	return e;
}

enum err board_set(struct chat *chat, const struct actor *by,
		   enum board_part part, const char *line, struct refusal *why)
{
	return start(chat, by, part, line, true, why);
}

enum err board_add(struct chat *chat, const struct actor *by,
		   enum board_part part, const char *line, struct refusal *why)
{
	return start(chat, by, part, line, false, why);
}

enum err board_clear(struct chat *chat, const struct actor *by,
		     enum board_part part, struct refusal *why)
{
	struct post post;
	enum err e = check_actor(by, why);

	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->change);
	if (!board_get(chat, part, &post)) {
		e = ERR_NOT_FOUND;
	} else {
		/* The number stays, so that what comes next is new. */
		post.text[0] = '\0';
		e = change(chat, by, part, &post, "cleared");
	}
	mutex_unlock(&chat->change);
	return e;
}
