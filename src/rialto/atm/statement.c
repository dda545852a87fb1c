#include "rialto/atm/statement.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rialto/atm/accounts.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/list.h"
#include "rialto/atm/request.h"
#include "rialto/atm/view.h"
#include "rialto/atm/words.h"

enum { POSTINGS = 40 }; /* more than a page shows */

void statement_fini(struct statement *s)
{
	mem_free(s->account);
	json_decref(s->answer);
	memset(s, 0, sizeof(*s));
}

static int64_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* A page; what was shown stays as it was when there is none. */
static bool fetch(struct machine *m, const char *month, int64_t before,
		  enum at *next_r)
{
	struct statement *s = &m->statement;
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];

	request_begin(&request, month[0] != '\0' ? "statement" : "history", id);
	request_add(&request, "account", s->account);
	request_add(&request, "month", month);
	if (before != 0)
		request_add_number(&request, "before", before);
	request_add_number(&request, "limit", POSTINGS);
	request_end(&request);
	if (!machine_ask(m, &request, id, &answer, next_r))
		return false;
	json_decref(s->answer);
	s->answer = json_incref(answer.object);
	return true;
}

/* From the newest on. */
static enum at begin(struct machine *m, const char *month)
{
	struct statement *s = &m->statement;
	enum at next;

	if (!fetch(m, month, 0, &next))
		return next;
	(void)snprintf(s->month, sizeof(s->month), "%s", month);
	s->depth = 0;
	s->befores[0] = 0;
	return AT_STATEMENT;
}

enum at act_statement(struct machine *m)
{
	statement_fini(&m->statement);
	if (!accounts_are_many(m))
		return begin(m, "");
	return accounts_choose(m, AT_WHOSE);
}

enum at act_whose(struct machine *m, const json_t *account)
{
	machine_set(&m->statement.account, answer_text(account, "account"));
	return begin(m, "");
}

static bool is_month(const char *typed)
{
	static const char form[] = "0000-00";
	size_t i = 0;

	while (typed[i] != '\0' && form[i] != '\0' &&
	       (form[i] == '0' ? typed[i] >= '0' && typed[i] <= '9'
			       : typed[i] == form[i]))
		i++;
	return typed[i] == '\0' && form[i] == '\0';
}

enum at act_month(struct machine *m, const char *typed)
{
	enum at next = AT_TEXT;

	if (is_month(typed))
		next = begin(m, typed);
	else
		machine_say(m, "A month is written as 2026-11.");
	return next == AT_TEXT ? AT_MONTH : next;
}

enum at act_all(struct machine *m)
{
	return begin(m, "");
}

enum at act_older(struct machine *m)
{
	struct statement *s = &m->statement;
	int64_t before = s->older;
	enum at next;

	if (!fetch(m, s->month, before, &next))
		return next;
	if (s->depth + 1 == STATEMENT_PAGES) {
		memmove(s->befores, s->befores + 1,
			s->depth * sizeof(s->befores[0]));
		s->depth--;
	}
	s->befores[++s->depth] = before;
	return AT_STATEMENT;
}

enum at act_newer(struct machine *m)
{
	struct statement *s = &m->statement;
	int64_t before;
	enum at next;

	/* Behind those that are remembered lie the newest. */
	before = s->depth > 0 ? s->befores[s->depth - 1] : 0;
	if (!fetch(m, s->month, before, &next))
		return next;
	if (s->depth > 0)
		s->depth--;
	s->befores[s->depth] = before;
	return AT_STATEMENT;
}

bool statement_has_older(const struct machine *m)
{
	return m->statement.older != 0;
}

bool statement_has_newer(const struct machine *m)
{
	const struct statement *s = &m->statement;

	return s->befores[s->depth] != 0;
}

bool statement_has_month(const struct machine *m)
{
	return m->statement.month[0] != '\0';
}

static void print_posting(const void *context UNUSED, const json_t *posting,
			  size_t nth UNUSED, struct buf *line_r)
{
	words_posting(posting, line_r);
}

static void show_head(struct machine *m)
{
	const struct statement *s = &m->statement;

	if (s->month[0] != '\0')
		machine_say(m, "%s, %s. Opening balance: %s, closing: %s.",
			    answer_text(s->answer, "account"), s->month,
			    answer_text(s->answer, "opening"),
			    answer_text(s->answer, "closing"));
	else if (s->account != NULL)
		machine_say(m, "%s", s->account);
}

void statement_show(struct machine *m)
{
	struct statement *s = &m->statement;
	const json_t *postings = json_object_get(s->answer, "postings");
	size_t count = json_array_size(postings);
	struct lines_space space = { .columns = view_columns(),
				     .indent = 4,
				     .most = POSTINGS };
	size_t shown;

	show_head(m);
	machine_say(m, "%s",
		    count > 0 ? words_posting_head : "Nothing was moved.");
	space.rows = machine_room(m);
	shown = lines_fit(postings, 0, &space, print_posting, NULL, &m->text);
	s->older = shown < count ? number(json_array_get(postings, shown - 1),
					  "entry")
				 : number(s->answer, "next");
}
