/* Where one's name was said. */
#include <inttypes.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/mention/mentions.h"
#include "command/families.h"
#include "command/history_text.h"
#include "command/quest.h"

enum { LISTED_USUAL = 20, LISTED_MOST = 100 };

struct hunt {
	struct quest quest;
	struct mentions *mentions;
	size_t most;
	struct message *found[LISTED_MOST]; /* references, newest first */
	size_t count;
	bool is_given; /* how many: then one cannot go on */
};

/* It begins with its quest. */
static const struct hunt *hunt_of(const struct quest *quest)
{
	return (const void *)quest;
}

static void fini(struct quest *quest)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);

	for (size_t i = 0; i < h->count; i++)
		message_unref(&h->found[i]);
	mentions_free(&h->mentions);
}

static struct search *search_of(const struct quest *quest)
{
	return mentions_search(hunt_of(quest)->mentions);
}

static void print_end(const struct hunt *h, struct buf *out)
{
	const struct search *search = mentions_search(h->mentions);
	char when[CLOCK_TEXT];

	if (mentions_has_more(h->mentions) && h->count == h->most) {
		buf_add_text(out, h->is_given ? "There are older ones.\n"
					      : "Older ones: /mentions more\n");
	} else if (mentions_has_more(h->mentions)) {
		clock_print(search_reached_ms(search), when);
		buf_print(out,
			  "Looked through %" PRIu64 " messages, back to %s. "
			  "Further: /mentions more\n",
			  search_looked(search), when);
	} else if (h->count == 0) {
		buf_add_text(out, h->quest.is_more
					  ? "There are no older ones.\n"
					  : "Nobody has mentioned you.\n");
	}
}

static void print_page(const struct quest *quest, struct buf *out)
{
	const struct hunt *h = hunt_of(quest);
	int64_t now_ms = clock_wall_ms();

	for (size_t i = h->count; i-- > 0;)
		history_text_line(h->found[i], now_ms, out);
	print_end(h, out);
}

/* True when a step must be made for more. */
static bool collect(struct quest *quest)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);
	size_t before = h->count;

	while (h->count < h->most) {
		h->found[h->count] = mentions_next(h->mentions);
		if (h->found[h->count] == NULL)
			break;
		h->count++;
	}
	/* Patience is for one page of the search. */
	if (h->count == h->most || h->count == before ||
	    !mentions_has_more(h->mentions))
		return false;
	mentions_go_on(h->mentions);
	return true;
}

static enum err begin(struct quest *quest)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);
	const struct task *task = &quest->task;

	h->mentions =
		mentions_new(task->realm->chat, task->person, task->actor.name);
	return ERR_OK;
}

static bool turn(struct quest *quest)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);

	if (!mentions_has_more(h->mentions) ||
	    (h->is_given && h->count == h->most))
		return false;
	mentions_go_on(h->mentions);
	return true;
}

static void keep(struct quest *quest, struct caller *caller)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);

	caller->mentions = h->mentions;
	h->mentions = NULL;
}

static const struct quest_kind kind = {
	.begin = begin,
	.search = search_of,
	.collect = collect,
	.print = print_page,
	.turn = turn,
	.keep = keep,
	.fini = fini,
	.no_room = "You are in no room: name one.",
};

static struct hunt *new_hunt(void)
{
	struct hunt *h = mem_zero(sizeof(*h));

	h->quest.kind = &kind;
	h->most = LISTED_USUAL;
	return h;
}

static enum err list_more(struct call *call)
{
	struct hunt *h;

	if (call->caller->mentions == NULL)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There are no older ones.");
	h = new_hunt();
	h->mentions = call->caller->mentions;
	call->caller->mentions = NULL;
	return quest_go_on(call, &h->quest);
}

/* "[ROOM] [N]"; *room_r is the name, or NULL. */
static bool parse(const struct call *call, struct hunt *h, const char **room_r)
{
	int i = call->argc > 0 && name_is_valid(call->argv[0]);
	int64_t most = LISTED_USUAL;

	*room_r = i > 0 ? call->argv[0] : NULL;
	h->is_given = i < call->argc;
	if (h->is_given &&
	    (!quantity_number(call->argv[i++], &most) || most == 0))
		return false;
	h->most = most < LISTED_MOST ? (size_t)most : LISTED_MOST;
	return i == call->argc;
}

static enum err cmd_mentions(struct call *call)
{
	struct quest *quest;
	struct hunt *h;
	const char *room;
	enum err e;

	if (call->argc == 1 && strcasecmp(call->argv[0], "more") == 0)
		return list_more(call);
	mentions_free(&call->caller->mentions);
	h = new_hunt();
	quest = &h->quest;
	e = parse(call, h, &room) ? ERR_OK : call_usage(call);
	if (e == ERR_OK && room != NULL)
		quest->room = call_room_named(call, room, &e);
	if (e == ERR_OK)
		return quest_start(call, quest);
	quest_free(&quest);
	return e;
}

const struct command commands_mentions[] = {
	{ "mentions", 0, 2, ROLE_GUEST, COMMAND_PERSON, cmd_mentions,
	  "[ROOM] [N]|more", "where your name was said" },
	{ 0 },
};
