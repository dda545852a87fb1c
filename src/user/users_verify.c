/*
 * Every name must lead to a user who has that name, and every user must be
 * where the name leads. All tables are walked, since any may hold what the
 * others do not.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "store/record.h"
#include "user/factor/factor.h"
#include "user/users.h"
#include "user/users_fields.h"
#include "user/users_tables.h"

enum { FINDINGS_MOST = 100 };

struct findings {
	const struct users_tables *tables;
	struct buf text;
	unsigned count;
};

static void find_fault(struct findings *f, const char *format, ...)
	PRINTF(2, 3);

static void find_fault(struct findings *f, const char *format, ...)
{
	va_list args;

	f->count++;
	if (f->count > FINDINGS_MOST)
		return;
	va_start(args, format);
	buf_add_text(&f->text, "users: ");
	buf_vprint(&f->text, format, args);
	buf_add_char(&f->text, '\n');
	va_end(args);
}

/* The key as a name; NULL when it is none. */
static const char *key_name(const struct users_step *step)
{
	char again[NAME_MOST + 1];

	if (memchr(step->key, '\0', step->len - 1) != NULL ||
	    !name_is_valid(step->key))
		return NULL;
	name_key(step->key, again);
	return strcmp(step->key, again) == 0 ? step->key : NULL;
}

static enum err check_name(struct store_txn *txn, struct findings *f,
			   const struct users_step *step,
			   const struct buf *value)
{
	const char *name = key_name(step);
	struct user user;
	user_id id;
	enum err e;

	if (name == NULL) {
		find_fault(f, "a name of %zu bytes is no name", step->len - 1);
		return ERR_OK;
	}
	if (!users_decode_name(buf_at(value), buf_len(value), &id)) {
		find_fault(f, "the entry of the name %s cannot be read", name);
		return ERR_OK;
	}
	e = users_get_record(txn, f->tables, id, &user);
	if (e == ERR_NO_SUCH_USER)
		find_fault(f,
			   "the name %s leads to user %" PRIu64
			   ", who is not there",
			   name, id);
	else if (e == ERR_OK && name_compare(user.name, name) != 0)
		find_fault(f,
			   "the name %s leads to user %" PRIu64
			   ", who is called %s",
			   name, id, user.name);
	/* A record that cannot be read is found on the other walk. */
	return e == ERR_NO_SUCH_USER || e == ERR_CORRUPT ? ERR_OK : e;
}

static enum err check_record(struct store_txn *txn, struct findings *f,
			     const struct users_step *step,
			     const struct buf *value)
{
	struct user user;
	user_id number;
	user_id id = 0;
	enum err e;

	if (step->len - 1 != RECORD_KEY) {
		find_fault(f, "a number of %zu bytes is no number",
			   step->len - 1);
		return ERR_OK;
	}
	number = record_key_number(step->key);
	if (!user_decode(buf_at(value), buf_len(value), &user) ||
	    user.id != number) {
		find_fault(f, "the record of user %" PRIu64 " cannot be read",
			   number);
		return ERR_OK;
	}
	e = users_get_name(txn, f->tables, user.name, &id);
	if (e == ERR_NO_SUCH_USER || (e == ERR_OK && id != number))
		find_fault(f,
			   "the name of user %" PRIu64
			   ", %s, does not lead there",
			   number, user.name);
	return e == ERR_NO_SUCH_USER || e == ERR_CORRUPT ? ERR_OK : e;
}

static enum err check_factor(struct store_txn *txn, struct findings *f,
			     const struct users_step *step,
			     const struct buf *value)
{
	struct factor factor;
	struct user user;
	user_id number;
	enum err e;

	if (step->len - 1 != RECORD_KEY) {
		find_fault(f,
			   "a second factor is under %zu bytes, which are no "
			   "number",
			   step->len - 1);
		return ERR_OK;
	}
	number = record_key_number(step->key);
	if (!factor_decode(buf_at(value), buf_len(value), &factor))
		find_fault(f,
			   "the second factor of user %" PRIu64
			   " cannot be read",
			   number);
	e = users_get_record(txn, f->tables, number, &user);
	if (e == ERR_NO_SUCH_USER)
		find_fault(f,
			   "there is a second factor of user %" PRIu64
			   ", who is not there",
			   number);
	/* A record that cannot be read is found on its own walk. */
	return e == ERR_NO_SUCH_USER || e == ERR_CORRUPT ? ERR_OK : e;
}

typedef enum err check_fn(struct store_txn *txn, struct findings *f,
			  const struct users_step *step,
			  const struct buf *value);

static enum err check_rows(struct store_txn *txn, struct findings *f,
			   struct store_table *table, check_fn *check)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct users_step step = { 0 };
	enum err e;

	do {
		e = users_next_row(txn, table, &step, &value);
		if (e == ERR_OK)
			e = check(txn, f, &step, &value);
	} while (e == ERR_OK);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct findings *f = arg;
	enum err e;

	buf_reset(&f->text);
	f->count = 0;
	e = check_rows(txn, f, f->tables->names, check_name);
	if (e == ERR_OK)
		e = check_rows(txn, f, f->tables->records, check_record);
	if (e == ERR_OK)
		e = check_rows(txn, f, f->tables->factors, check_factor);
	return e;
}

enum err users_verify(struct users *users, struct buf *report)
{
	struct findings f = { .tables = &users->tables };
	enum err e = store_view(users->store, check_all, &f);

	if (f.count > FINDINGS_MOST)
		buf_print(&f.text, "users: and %u more\n",
			  f.count - FINDINGS_MOST);
	buf_add(report, buf_at(&f.text), buf_len(&f.text));
	if (e == ERR_OK && f.count > 0)
		e = ERR_CORRUPT;
	buf_fini(&f.text);
	return e;
}
