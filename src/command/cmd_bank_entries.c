/* The journal of the bank, looked through for auditors. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "bank/book.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "base/text.h"
#include "base/when.h"
#include "command/entry_text.h"
#include "command/families.h"
#include "command/task.h"

enum {
	PAGE = 50,
	WINDOW = 4096, /* entries of one job */
	BYTES_MOST = 400,
	WORD = BOOK_NAME,
};

struct hunt {
	struct task task;
	struct bank_text text;
	char *asked; /* the line without before:, for "more" */
	char *line;  /* cut into words */

	/* What is looked for. */
	char account[WORD]; /* "": the whole journal */
	const char *by;     /* a part of line, or NULL */
	user_id actor;      /* of that name; 0: none is */
	int64_t since_ms;
	int64_t until_ms; /* 0: no limit */
	money least;
	money most; /* 0: no limits */
	enum entry_kind kind;

	struct account of;
	uint64_t before;          /* only those before it, 0: all */
	struct entry found[PAGE]; /* the newest first */
	size_t count;

	/* Of one job. */
	struct entry window[PAGE]; /* a ring of the newest that fit */
	size_t fitting;
	size_t looked;
	uint64_t last; /* the entry that was looked at last */
	int64_t newest_ms;
};

static void drop(struct task *task)
{
	struct hunt *h = CONTAINER(task, struct hunt, task);

	mem_free(h->asked);
	mem_free(h->line);
}

static bool take_by(struct hunt *h, char *value)
{
	h->by = value;
	return *value != '\0';
}

static bool take_since(struct hunt *h, char *value)
{
	return when_parse(value, clock_wall_ms(), &h->since_ms);
}

static bool take_until(struct hunt *h, char *value)
{
	return when_parse_end(value, clock_wall_ms(), &h->until_ms) &&
	       h->until_ms > 0;
}

static bool take_before(struct hunt *h, char *value)
{
	return quantity_id(value, &h->before);
}

static bool take_kind(struct hunt *h, char *value)
{
	for (int i = ENTRY_CURRENCY; i < ENTRY_KINDS; i++)
		if (strcasecmp(value, entry_kind_word((enum entry_kind)i)) == 0)
			h->kind = (enum entry_kind)i;
	return h->kind != 0;
}

/* "10" or "10-20" */
static bool take_amount(struct hunt *h, char *value)
{
	const struct currency *currency = &h->text.currency;
	char *dash = strchr(value, '-');

	if (dash != NULL)
		*dash = '\0';
	return money_parse(value, currency, &h->least) &&
	       money_parse(dash != NULL ? dash + 1 : value, currency, &h->most);
}

static const struct mark {
	const char *word;
	bool (*take)(struct hunt *h, char *value);
	const char *wants;
} marks[] = {
	{ "by:", take_by, "a name" },
	{ "since:", take_since, when_words },
	{ "until:", take_until, when_words },
	{ "amount:", take_amount, "an amount, or two as 10-20" },
	{ "kind:", take_kind, "a kind of entry, such as pay or deposit" },
	{ "before:", take_before, "the number of an entry" },
};

static const struct mark *find_mark(const char *word)
{
	for (size_t i = 0; i < COUNT(marks); i++)
		if (strncasecmp(word, marks[i].word, strlen(marks[i].word)) ==
		    0)
			return &marks[i];
	return NULL;
}

static enum err take_account(struct call *call, struct hunt *h,
			     const char *word)
{
	if (h->account[0] != '\0')
		return call_usage(call);
	if (strlen(word) >= sizeof(h->account))
		return call_refuse(call, ERR_NO_SUCH_ACCOUNT,
				   "No account has a name as long as that.");
	memcpy(h->account, word, strlen(word) + 1);
	return ERR_OK;
}

/* What "more" repeats: all but where it begins. */
static void keep_asked(struct buf *asked, const struct mark *mark,
		       const char *word)
{
	if (mark != NULL && mark->take == take_before)
		return;
	buf_print(asked, " %s%s%s%s", mark != NULL ? mark->word : "",
		  strchr(word, ' ') != NULL ? "\"" : "", word,
		  strchr(word, ' ') != NULL ? "\"" : "");
}

static enum err parse(struct call *call, struct hunt *h, struct buf *asked)
{
	char *at = h->line + strspn(h->line, " ");
	enum err e = ERR_OK;

	if (strlen(at) > BYTES_MOST)
		return call_usage(call);
	while (e == ERR_OK && *at != '\0') {
		const struct mark *mark = find_mark(at);
		char *value;

		at += mark == NULL ? 0 : strlen(mark->word);
		value = text_cut(&at);
		keep_asked(asked, mark, value);
		if (mark == NULL)
			e = take_account(call, h, value);
		else if (!mark->take(h, value))
			e = call_refuse(call, ERR_USAGE,
					"Behind %s belongs %s.", mark->word,
					mark->wants);
		at += strspn(at, " ");
	}
	return e;
}

static bool fits_amount(const struct hunt *h, const struct entry *entry)
{
	if (h->most == 0)
		return true;
	for (unsigned i = 0; i < entry->leg_count; i++)
		if (entry->legs[i].amount >= h->least &&
		    entry->legs[i].amount <= h->most)
			return true;
	return entry->leg_count == 0 && entry->amount >= h->least &&
	       entry->amount <= h->most;
}

static bool fits(const struct hunt *h, const struct entry *entry)
{
	bool is_by = h->by == NULL ||
		     (h->actor != 0 ? entry->actor == h->actor
				    : strcasecmp(entry->by, h->by) == 0);

	return is_by && entry->time_ms >= h->since_ms &&
	       (h->until_ms == 0 || entry->time_ms <= h->until_ms) &&
	       (h->kind == 0 || entry->kind == h->kind) &&
	       fits_amount(h, entry);
}

static void look_at(struct hunt *h, const struct entry *entry)
{
	h->looked++;
	h->last = entry->seq;
	if (entry->time_ms > h->newest_ms)
		h->newest_ms = entry->time_ms;
}

/* Of the whole journal: forwards through a window that ends at before. */
static bool visit_forwards(const struct entry *entry, void *arg)
{
	struct hunt *h = arg;

	if (entry->seq >= h->before)
		return false;
	look_at(h, entry);
	if (fits(h, entry))
		h->window[h->fitting++ % PAGE] = *entry;
	return true;
}

static void take_window(struct hunt *h)
{
	for (size_t i = 0; i < PAGE && i < h->fitting && h->count < PAGE; i++)
		h->found[h->count++] = h->window[(h->fitting - 1 - i) % PAGE];
}

static enum err step_journal(struct hunt *h)
{
	uint64_t from = h->before > WINDOW ? h->before - WINDOW : 1;
	enum err e;

	e = book_entries(h->task.realm->store, from, visit_forwards, h);
	take_window(h);
	h->before = from;
	return e;
}

/* Of an account: backwards, as its entries are chained. */
static bool visit_backwards(const struct entry *entry, void *arg)
{
	struct hunt *h = arg;

	look_at(h, entry);
	if (fits(h, entry))
		h->found[h->count++] = *entry;
	return h->count < PAGE && h->looked < WINDOW;
}

static enum err step_account(struct hunt *h)
{
	enum err e = book_statement(h->task.realm->store, &h->of, h->before,
				    visit_backwards, h);

	h->before = h->looked > 0 && h->last > h->of.id ? h->last : 1;
	return e;
}

static void print_page(struct hunt *h, struct buf *out)
{
	for (size_t i = h->count; i > 0; i--)
		entry_text_line(&h->text, &h->found[i - 1], out);
	if (h->count == 0)
		buf_add_text(out, "There are no such entries.\n");
	if (h->count == PAGE && h->found[PAGE - 1].seq > 1)
		buf_print(out, "More: /bank entries%s before:#%" PRIu64 "\n",
			  h->asked, h->found[PAGE - 1].seq);
}

/* A window all of whose entries are too old is the last one. */
static bool is_over(const struct hunt *h)
{
	return h->count == PAGE || h->before <= 1 ||
	       (h->looked > 0 && h->newest_ms < h->since_ms);
}

static void stage_step(struct task *task)
{
	struct hunt *h = CONTAINER(task, struct hunt, task);
	enum err e;

	h->looked = 0;
	h->fitting = 0;
	h->newest_ms = 0;
	e = h->account[0] != '\0' ? step_account(h) : step_journal(h);
	if (e == ERR_OK && !is_over(h)) {
		task_next(task, TASK_JOBS, stage_step);
		return;
	}
	if (e == ERR_OK)
		print_page(h, &task->text);
	task_answer(task, e);
}

static enum err find_account(struct hunt *h)
{
	const struct realm *realm = h->task.realm;
	enum err e =
		book_resolve(realm->store, realm->users, 0, h->account, &h->of);

	if (e == ERR_NO_SUCH_USER)
		e = ERR_NO_SUCH_ACCOUNT;
	return e != ERR_NO_SUCH_ACCOUNT
		       ? e
		       : refusal_give(&h->task.why, e,
				      "There is no account %s; /bank accounts "
				      "lists them.",
				      h->account);
}

static enum err find_actor(struct hunt *h)
{
	struct user user;
	enum err e = users_find(h->task.realm->users, h->by, &user);

	if (e == ERR_OK)
		h->actor = user.id;
	return e == ERR_NO_SUCH_USER ? ERR_OK : e;
}

static enum err find_end(struct hunt *h)
{
	struct book_head head;
	enum err e = book_head(h->task.realm->store, &head);

	if (e == ERR_OK && (h->before == 0 || h->before > head.seq))
		h->before = head.seq + 1;
	return e;
}

static void stage_begin(struct task *task)
{
	struct hunt *h = CONTAINER(task, struct hunt, task);
	enum err e = h->account[0] != '\0' ? find_account(h) : ERR_OK;

	if (e == ERR_OK && h->by != NULL)
		e = find_actor(h);
	if (e == ERR_OK)
		e = find_end(h);
	if (e == ERR_OK)
		stage_step(task);
	else
		task_answer(task, e);
}

static enum err cmd_entries(struct call *call)
{
	AUTO(buf_fini) struct buf asked = { 0 };
	struct hunt *h = mem_zero(sizeof(*h));
	enum err e;

	bank_text_init(&h->text, call->realm, 0);
	h->line = mem_text(call->argc > 0 ? call->argv[0] : "");
	e = parse(call, h, &asked);
	h->asked = mem_text(buf_text(&asked));
	if (e == ERR_OK)
		return task_start(call, &h->task, TASK_JOBS, stage_begin, NULL,
				  drop);
	drop(&h->task);
	mem_free(h);
	return e;
}

const struct command commands_bank_entries[] = {
	{ "bank entries", 0, 1, ROLE_ADMIN | ROLE_AUDITOR, COMMAND_REST,
	  cmd_entries, "[ACCOUNT by:NAME since:WHEN]",
	  "look through the bank's journal" },
	{ 0 },
};
