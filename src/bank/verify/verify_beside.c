/*
 * What stands beside the journal: standing orders, marks of the schedule, how
 * far users have heard, what they are to hear, and what waits for a second
 * person.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/approval.h"
#include "bank/heard.h"
#include "bank/mark.h"
#include "bank/tiding.h"
#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

enum { MARK_NAME = 64 };

enum err verify_has_account(const struct verify *v, account_id id, bool *has_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e = verify_get_at(v, v->tables.accounts, id, &value);

	*has_r = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err verify_is_gone(const struct verify *v, user_id user, bool *is_gone_r)
{
	char name[MARK_NAME];
	struct user found;
	struct mark mark;
	enum err e;

	*is_gone_r = false;
	if (v->scope->users == NULL)
		return ERR_OK;
	e = users_get(v->scope->users, user, &found);
	if (e != ERR_NO_SUCH_USER)
		return e == ERR_CORRUPT ? ERR_OK : e; /* found elsewhere */
	(void)snprintf(name, sizeof(name), MARK_LEAVING "%020" PRIu64, user);
	e = mark_get(v->scope->store, name, &mark);
	*is_gone_r = e == ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND || e == ERR_CORRUPT ? ERR_OK : e;
}

/* Whose record is this? Told when that user is not there, and it still is. */
static enum err check_owner(struct verify *v, const char *table,
			    const struct store_record *record, user_id user)
{
	AUTO(buf_fini) struct buf value = { 0 };
	bool is_gone;
	enum err e = verify_is_gone(v, user, &is_gone);

	if (e != ERR_OK || !is_gone)
		return e;
	e = verify_get(v, store_table(v->scope->store, table), record->key,
		       record->key_len, &value);
	if (e == ERR_OK)
		verify_tell(v,
			    "%s: there is something of user #%" PRIu64
			    ", who is not there",
			    table, user);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Not beyond where the journal ends now. */
static enum err check_end(struct verify *v, uint64_t seq, const char *what,
			  uint64_t of)
{
	struct book_head head;
	enum err e = book_head(v->scope->store, &head);

	if (e == ERR_OK && seq > head.seq)
		verify_tell(v,
			    "%s #%" PRIu64 " is about entry #%" PRIu64
			    ", but the journal ends at #%" PRIu64,
			    what, of, seq, head.seq);
	return e == ERR_CORRUPT ? ERR_OK : e; /* found elsewhere */
}

/* Whether it can be read, heard_verify() says. */
static enum err heard_row(struct verify *v, const struct store_record *record)
{
	struct heard heard;
	user_id user;
	enum err e;

	if (record->key_len != RECORD_KEY)
		return ERR_OK;
	user = record_key_number(record->key);
	e = heard_get(v->scope->store, user, &heard);
	if (e != ERR_OK)
		return e == ERR_CORRUPT ? ERR_OK : e;
	e = check_end(
		v, heard.count > 0 ? heard.single[heard.count - 1] : heard.upto,
		"what was heard by user", user);
	return e == ERR_OK ? check_owner(v, "bank_heard", record, user) : e;
}

/* Whether it can be read, tiding_verify() says. */
static enum err tiding_row(struct verify *v, const struct store_record *record)
{
	struct tiding tiding;

	return tiding_decode(record, &tiding)
		       ? check_owner(v, TIDING_TABLES, record, tiding.user)
		       : ERR_OK;
}

/* "low:USER:ACCOUNT" */
static enum err check_low(struct verify *v, const struct store_record *record,
			  const char *rest, const struct mark *mark)
{
	char *end;
	user_id user = strtoull(rest, &end, 10);
	account_id account = *end == ':' ? strtoull(end + 1, &end, 10) : 0;
	bool is_there;
	enum err e = verify_has_account(v, account, &is_there);

	if (e == ERR_OK && !is_there)
		verify_tell(v,
			    "bank_marks: low:%s names account #%" PRIu64
			    ", which is not there",
			    rest, account);
	if (e == ERR_OK)
		e = check_end(v, mark->at, "the low balance of account",
			      account);
	return e == ERR_OK ? check_owner(v, "bank_marks", record, user) : e;
}

static bool is_month(const struct mark *mark)
{
	return mark->period / 100 >= 1970 && mark->period / 100 <= 9999 &&
	       mark->period % 100 >= 1 && mark->period % 100 <= 12 &&
	       mark->at >= 1;
}

static bool is_time(const struct mark *mark)
{
	return mark->period > 0;
}

static bool is_any(const struct mark *mark UNUSED)
{
	return true;
}

static const struct {
	const char *name;
	bool (*is_sound)(const struct mark *mark);
} marks[] = {
	{ "interest", is_month },
	{ "clock", is_time },
	{ "main", is_any },
	{ "witness", is_any },
};

static void check_mark(struct verify *v, const char *name,
		       const struct mark *mark)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (strcmp(name, marks[i].name) != 0)
			continue;
		if (!marks[i].is_sound(mark))
			verify_tell(v, "bank_marks: %s is no such time", name);
		return;
	}
	verify_tell(v, "bank_marks: there is nothing called \"%s\"", name);
}

static enum err mark_row(struct verify *v, const struct store_record *record)
{
	static const char low[] = "low:";
	static const char leaving[] = MARK_LEAVING;
	char name[MARK_NAME] = "";
	struct mark mark;

	if (record->key_len < sizeof(name))
		memcpy(name, record->key, record->key_len);
	verify_clean(name);
	if (!mark_decode(record->value, record->value_len, &mark))
		verify_tell(v, "bank_marks: %s cannot be read", name);
	else if (strncmp(name, low, strlen(low)) == 0)
		return check_low(v, record, name + strlen(low), &mark);
	else if (strncmp(name, leaving, strlen(leaving)) != 0)
		check_mark(v, name, &mark);
	return ERR_OK;
}

static enum err check_named(struct verify *v, uint64_t number, account_id id)
{
	bool is_there = true;
	enum err e = id == 0 ? ERR_OK : verify_has_account(v, id, &is_there);

	if (e == ERR_OK && !is_there)
		verify_tell(v,
			    "what waits for approval as #%" PRIu64
			    " names account #%" PRIu64 ", which is not there",
			    number, id);
	return e;
}

/* Whether it can be read, approval_verify() says. */
static enum err approval_row(struct verify *v,
			     const struct store_record *record)
{
	struct approval *a = mem_zero(sizeof(*a));
	enum err e = ERR_OK;

	if (approval_decode(record->value, record->value_len, a)) {
		e = check_named(v, a->number, a->order.from);
		if (e == ERR_OK)
			e = check_named(v, a->number, a->order.to);
		if (e == ERR_OK && a->order.kind == ORDER_REVERSE)
			e = check_end(v, a->order.reference,
				      "what waits for approval as", a->number);
		if (e == ERR_OK)
			e = check_owner(v, "bank_approvals", record,
					a->order.by.user);
	}
	mem_free(a);
	return e;
}

/* They read all at once, and add lines of their own. */
static enum err add_report(struct verify *v, enum err (*fn)(struct store *store,
							    struct buf *report))
{
	AUTO(buf_fini) struct buf report = { 0 };
	AUTO(mem_free_text) char *text = NULL;
	enum err e = fn(v->scope->store, &report);
	char *at;
	char *line;

	if (e != ERR_CORRUPT || buf_len(&report) == 0)
		return e;
	text = mem_text(buf_text(&report));
	at = text;
	while ((line = strsep(&at, "\n")) != NULL)
		if (line[0] != '\0')
			verify_tell(v, "%s", line);
	return ERR_OK;
}

enum err verify_beside(struct verify *v)
{
	static const struct {
		const char *table;
		verify_row_fn *row;
	} parts[] = {
		{ "bank_standing", verify_standing_row },
		{ "bank_standing_index", verify_standing_mark },
		{ "bank_marks", mark_row },
		{ "bank_heard", heard_row },
		{ TIDING_TABLES, tiding_row },
		{ "bank_approvals", approval_row },
	};
	enum err e = add_report(v, heard_verify);

	if (e == ERR_OK)
		e = add_report(v, tiding_verify);
	if (e == ERR_OK)
		e = add_report(v, approval_verify);
	for (size_t i = 0; e == ERR_OK && i < COUNT(parts); i++)
		e = verify_scan(v, store_table(v->scope->store, parts[i].table),
				parts[i].row);
	return e;
}
