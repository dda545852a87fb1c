/* Looking for what was said. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "chat/history/search.h"
#include "command/families.h"
#include "command/history_text.h"
#include "command/quest.h"

enum { BYTES_MOST = 1000 };

struct hunt {
	struct quest quest;
	char *text; /* the line, cut into words; NULL when going on */
	struct search_what what;
	const char *in; /* a part of text, or NULL */
	const char *by; /* likewise */
	struct search *search;
};

/* It begins with its quest. */
static const struct hunt *hunt_of(const struct quest *quest)
{
	return (const void *)quest;
}

static void fini(struct quest *quest)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);

	search_free(&h->search);
	mem_free(h->text);
}

/* What stands before a colon, and takes what is behind it. */
static bool take_in(struct hunt *h, const char *value)
{
	h->in = value;
	return name_is_valid(value);
}

static bool take_by(struct hunt *h, const char *value)
{
	h->by = value;
	return name_is_valid(value);
}

static bool take_since(struct hunt *h, const char *value)
{
	return when_parse(value, clock_wall_ms(), &h->what.since_ms);
}

static bool take_until(struct hunt *h, const char *value)
{
	bool is_read =
		when_parse_end(value, clock_wall_ms(), &h->what.until_ms);

	if (is_read && h->what.until_ms <= 0)
		h->what.until_ms = 1; /* 0 would be no limit */
	return is_read;
}

static const struct mark {
	const char *word;
	bool (*take)(struct hunt *h, const char *value);
	const char *wants;
} marks[] = {
	{ "in:", take_in, "a room" },
	{ "by:", take_by, "a name" },
	{ "since:", take_since, when_words },
	{ "until:", take_until, when_words },
};

static const struct mark *find_mark(const char *word)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (strncasecmp(word, marks[i].word, strlen(marks[i].word)) ==
		    0)
			return &marks[i];
	}
	return NULL;
}

static enum err take_word(struct call *call, struct hunt *h, const char *word)
{
	if (h->what.count == SEARCH_WORDS)
		return call_refuse(call, ERR_BAD_INPUT,
				   "At most %d words can be looked for.",
				   SEARCH_WORDS);
	if (word[strspn(word, " ")] != '\0')
		h->what.words[h->what.count++] = word;
	return ERR_OK;
}

static enum err parse(struct call *call, struct hunt *h)
{
	char *at = h->text + strspn(h->text, " ");
	bool is_limited = false;

	/* What the session keeps of it is bounded. */
	if (strlen(at) > BYTES_MOST)
		return call_refuse(call, ERR_BAD_INPUT,
				   "At most %d bytes can be looked for.",
				   BYTES_MOST);
	while (*at != '\0') {
		const struct mark *mark = find_mark(at);
		const char *value;

		at += mark == NULL ? 0 : strlen(mark->word);
		value = text_cut(&at);
		if (mark != NULL && !mark->take(h, value))
			return call_refuse(call, ERR_USAGE,
					   "Behind %s belongs %s.", mark->word,
					   mark->wants);
		if (mark == NULL && take_word(call, h, value) != ERR_OK)
			return ERR_BAD_INPUT;
		is_limited |= mark != NULL;
		at += strspn(at, " ");
	}
	return is_limited || h->what.count > 0 ? ERR_OK : call_usage(call);
}

static void print_end(const struct hunt *h, size_t count, struct buf *out)
{
	bool has_more = search_has_more(h->search);
	char when[CLOCK_TEXT];

	if (has_more && count == SEARCH_PAGE) {
		buf_add_text(out, "More: /search more\n");
	} else if (has_more) {
		clock_print(search_reached_ms(h->search), when);
		buf_print(out,
			  "Looked through %" PRIu64 " messages, back to %s. "
			  "Further: /search more\n",
			  search_looked(h->search), when);
	} else if (count == 0) {
		buf_print(out, "Nothing %swas found.\n",
			  h->quest.is_more ? "more " : "");
	}
}

static void print_page(const struct quest *quest, struct buf *out)
{
	const struct hunt *h = hunt_of(quest);
	int64_t now_ms = clock_wall_ms();
	/* Whom one asks for, one wants to hear. */
	bool is_asked = search_is_by(h->search);
	const struct message *m;
	size_t count;

	for (count = 0; (m = search_hit(h->search, count)) != NULL; count++) {
		if (is_asked || !history_text_hides(quest->task.person, m))
			history_text_line(m, now_ms, out);
	}
	print_end(h, count, out);
}

static enum err begin(struct quest *quest)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);
	const struct realm *realm = quest->task.realm;
	enum err e = h->by == NULL
			     ? ERR_OK
			     : whose_find(realm->users, h->by, &h->what.whose);

	if (e != ERR_OK)
		return e;
	h->search = search_new(realm->chat, &h->what);
	return h->search != NULL
		       ? ERR_OK
		       : refusal_give(&quest->task.why, ERR_BAD_INPUT,
				      "There is a word that cannot be seen.");
}

static struct search *search_of(const struct quest *quest)
{
	return hunt_of(quest)->search;
}

static bool turn(struct quest *quest)
{
	struct search *search = search_of(quest);

	if (!search_has_more(search))
		return false;
	search_turn(search);
	return true;
}

static void keep(struct quest *quest, struct caller *caller)
{
	struct hunt *h = CONTAINER(quest, struct hunt, quest);

	caller->search = h->search;
	h->search = NULL;
}

static const struct quest_kind kind = {
	.begin = begin,
	.search = search_of,
	.print = print_page,
	.turn = turn,
	.keep = keep,
	.fini = fini,
	.no_room = "You are in no room: write in:ROOM.",
};

static struct hunt *new_hunt(void)
{
	struct hunt *h = mem_zero(sizeof(*h));

	h->quest.kind = &kind;
	return h;
}

static enum err search_more(struct call *call)
{
	struct hunt *h;

	if (call->caller->search == NULL)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is nothing more.");
	h = new_hunt();
	h->search = call->caller->search;
	call->caller->search = NULL;
	return quest_go_on(call, &h->quest);
}

static enum err cmd_search(struct call *call)
{
	struct quest *quest;
	struct hunt *h;
	enum err e;

	if (strcasecmp(call->argv[0], "more") == 0)
		return search_more(call);
	search_free(&call->caller->search);
	h = new_hunt();
	quest = &h->quest;
	h->text = mem_text(call->argv[0]);
	e = parse(call, h);
	if (e == ERR_OK && h->in != NULL)
		quest->room = call_room_named(call, h->in, &e);
	if (e == ERR_OK)
		return quest_start(call, quest);
	quest_free(&quest);
	return e;
}

const struct command commands_search[] = {
	{ "search", 1, 1, ROLE_GUEST, COMMAND_REST, cmd_search,
	  "WORDS [in:ROOM by:NAME since:WHEN]|more", "find what was said" },
	{ 0 },
};
