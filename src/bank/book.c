#include "bank/book.h"

#include <stdio.h>
#include <string.h>

#include "bank/account_name.h"
#include "bank/judge/repeat.h"
#include "bank/ledger.h"
#include "bank/meta.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "store/record.h"

static const char shared_prefix[] = "shared:";

/* What is read, and where it goes. */
struct reading {
	const char *after; /* of tills */
	struct store *store;
	account_id id;
	enum account_kind kind;
	user_id user;
	const char *name;
	uint64_t seq;
	struct account *account;
	struct entry *entry;
	account_id *ids;
	size_t count;
};

static enum err get_account(struct store_txn *txn, struct store *store,
			    account_id id, struct account *account_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(id, key);
	e = store_get(txn, store_table(store, "bank_accounts"), key,
		      sizeof(key), &value);
	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_ACCOUNT;
	if (e == ERR_OK &&
	    !account_decode(buf_at(&value), buf_len(&value), account_r))
		e = ERR_CORRUPT;
	return e;
}

static enum err read_account(struct store_txn *txn, void *arg)
{
	const struct reading *r = arg;

	return get_account(txn, r->store, r->id, r->account);
}

enum err book_account(struct store *store, account_id id,
		      struct account *account_r)
{
	struct reading r = { .store = store, .id = id, .account = account_r };

	return store_view(store, read_account, &r);
}

static enum err find_account(struct store_txn *txn, void *arg)
{
	struct reading *r = arg;
	enum err e = account_name_find(txn, store_table(r->store, "bank_names"),
				       r->kind, r->user, r->name, &r->id);

	return e == ERR_OK ? get_account(txn, r->store, r->id, r->account) : e;
}

static enum err find_number(struct store_txn *txn, void *arg)
{
	struct reading *r = arg;

	return account_name_find(txn, store_table(r->store, "bank_names"),
				 r->kind, r->user, r->name, &r->id);
}

enum err book_main(struct store *store, user_id owner, account_id *id_r)
{
	struct reading r = {
		.store = store, .kind = ACCOUNT_USER, .user = owner, .name = ""
	};
	enum err e = store_view(store, find_number, &r);

	if (e == ERR_OK)
		*id_r = r.id;
	return e;
}

enum err book_find(struct store *store, enum account_kind kind, user_id owner,
		   const char *name, struct account *account_r)
{
	struct reading r = { .store = store,
			     .kind = kind,
			     .user = owner,
			     .name = name,
			     .account = account_r };

	return store_view(store, find_account, &r);
}

static enum err find_of_user(struct store *store, struct users *users,
			     const char *name, const char *label,
			     struct account *account_r)
{
	struct user user;
	enum err e = users_find(users, name, &user);

	return e == ERR_OK ? book_find(store, ACCOUNT_USER, user.id, label,
				       account_r)
			   : e;
}

static enum err resolve_label(struct store *store, struct users *users,
			      const char *text, const char *slash,
			      struct account *account_r)
{
	char name[NAME_MOST + 1];
	size_t len = (size_t)(slash - text);

	if (len > NAME_MOST)
		return ERR_NO_SUCH_USER;
	memcpy(name, text, len);
	name[len] = '\0';
	return find_of_user(store, users, name, slash + 1, account_r);
}

static enum err resolve_word(struct store *store, struct users *users,
			     user_id self, const char *text,
			     struct account *account_r)
{
	enum err e = ERR_NO_SUCH_ACCOUNT;

	if (self != 0)
		e = book_find(store, ACCOUNT_USER, self, text, account_r);
	if (e == ERR_NO_SUCH_ACCOUNT)
		e = book_find(store, ACCOUNT_HOUSE, 0, text, account_r);
	if (e != ERR_NO_SUCH_ACCOUNT)
		return e;
	e = find_of_user(store, users, text, "", account_r);
	return e == ERR_NO_SUCH_USER ? ERR_NO_SUCH_ACCOUNT : e;
}

enum err book_resolve(struct store *store, struct users *users, user_id self,
		      const char *text, struct account *account_r)
{
	const char *slash = strchr(text, '/');
	size_t shared = strlen(shared_prefix);
	uint64_t id;

	if (text[0] == '#' && quantity_id(text, &id))
		return book_account(store, id, account_r);
	if (slash != NULL)
		return resolve_label(store, users, text, slash, account_r);
	if (strncmp(text, shared_prefix, shared) == 0)
		return book_find(store, ACCOUNT_SHARED, 0, text + shared,
				 account_r);
	return resolve_word(store, users, self, text, account_r);
}

void book_print_name(struct users *users, const struct account *account,
		     char text_r[BOOK_NAME])
{
	struct user user;
	char gone[QUANTITY_TEXT];
	const char *owner = user.name;

	switch (account->kind) {
	case ACCOUNT_SHARED:
		(void)snprintf(text_r, BOOK_NAME, "%s%s", shared_prefix,
			       account->name);
		return;
	case ACCOUNT_HOUSE:
		(void)snprintf(text_r, BOOK_NAME, "%s", account->name);
		return;
	case ACCOUNT_USER:
		break;
	}
	if (users == NULL ||
	    users_get(users, account->owner, &user) != ERR_OK) {
		(void)snprintf(gone, sizeof(gone), "user:%llu",
			       (unsigned long long)account->owner);
		owner = gone;
	}
	(void)snprintf(text_r, BOOK_NAME, "%s%s%s", owner,
		       account->name[0] != '\0' ? "/" : "", account->name);
}

static enum err list_accounts(struct store_txn *txn, void *arg)
{
	struct reading *r = arg;
	enum err e = account_name_list(txn, store_table(r->store, "bank_names"),
				       r->user, r->ids, r->count, &r->count);

	for (size_t i = 0; e == ERR_OK && i < r->count; i++)
		e = get_account(txn, r->store, r->ids[i], &r->account[i]);
	return e;
}

enum err book_accounts_of(struct store *store, user_id user,
			  struct account **list_r, size_t *count_r)
{
	/* Others may make somebody a holder of more than one opens. */
	enum { MOST = 4 * ACCOUNTS_PER_USER };
	account_id ids[MOST];
	struct reading r = {
		.store = store, .user = user, .ids = ids, .count = MOST
	};
	enum err e;

	r.account = mem_zero(MOST * sizeof(*r.account));
	e = store_view(store, list_accounts, &r);
	*list_r = r.account;
	*count_r = e == ERR_OK ? r.count : 0;
	if (e == ERR_OK)
		return e;
	mem_free(r.account);
	*list_r = NULL;
	return e;
}

static enum err list_tills(struct store_txn *txn, void *arg)
{
	struct reading *r = arg;
	enum err e =
		account_name_tills(txn, store_table(r->store, "bank_names"),
				   r->after, r->ids, &r->count);

	for (size_t i = 0; e == ERR_OK && i < r->count; i++)
		e = get_account(txn, r->store, r->ids[i], &r->account[i]);
	return e;
}

_Static_assert((int)BOOK_TILLS == (int)TILLS_MOST, "a page is a page");

enum err book_tills(struct store *store, const char *after,
		    struct account **list_r, size_t *count_r)
{
	account_id ids[TILLS_MOST];
	struct reading r = { .store = store, .after = after, .ids = ids };
	enum err e;

	r.account = mem_zero(TILLS_MOST * sizeof(*r.account));
	e = store_view(store, list_tills, &r);
	*list_r = r.account;
	*count_r = e == ERR_OK ? r.count : 0;
	return e;
}

/* Among those of a page; after is the name of its last, or "" behind all. */
static enum err find_till_of(struct store *store, user_id user,
			     char after[ACCOUNT_NAME], struct account *till_r)
{
	struct account *list;
	size_t count;
	enum err e = book_tills(store, after, &list, &count);

	after[0] = '\0';
	if (e == ERR_OK && count == TILLS_MOST)
		memcpy(after, list[count - 1].name, ACCOUNT_NAME);
	if (e == ERR_OK)
		e = ERR_NOT_FOUND;
	for (size_t i = 0; e == ERR_NOT_FOUND && i < count; i++) {
		if (user == 0 || list[i].till_user != user)
			continue;
		*till_r = list[i];
		e = ERR_OK;
	}
	mem_free(list);
	return e;
}

enum err book_till_of(struct store *store, user_id user, struct account *till_r)
{
	char after[ACCOUNT_NAME] = "";
	enum err e;

	do
		e = find_till_of(store, user, after, till_r);
	while (e == ERR_NOT_FOUND && after[0] != '\0');
	return e;
}

static enum err get_entry(struct store_txn *txn, struct store *store,
			  uint64_t seq, struct entry *entry_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(seq, key);
	e = store_get(txn, store_table(store, "bank_entries"), key, sizeof(key),
		      &value);
	if (e == ERR_OK &&
	    !entry_decode(buf_at(&value), buf_len(&value), entry_r))
		e = ERR_CORRUPT;
	return e;
}

static enum err read_entry(struct store_txn *txn, void *arg)
{
	const struct reading *r = arg;

	return get_entry(txn, r->store, r->seq, r->entry);
}

enum err book_entry(struct store *store, uint64_t seq, struct entry *entry_r)
{
	struct reading r = { .store = store, .seq = seq, .entry = entry_r };

	return store_view(store, read_entry, &r);
}

struct walk {
	struct store_table *table;
	uint64_t from;
	store_visit_fn *read;
	book_account_fn *visit_account;
	book_visit_fn *visit_entry;
	void *arg;
	bool is_bad;
};

static bool read_next_account(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct account account;

	walk->is_bad =
		!account_decode(record->value, record->value_len, &account);
	if (walk->is_bad)
		return false;
	/* After a deadlock the walk begins anew: what was seen is passed. */
	if (account.id < walk->from)
		return true;
	walk->from = account.id + 1;
	return walk->visit_account(&account, walk->arg);
}

static bool read_next_entry(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct entry entry;

	walk->is_bad = !entry_decode(record->value, record->value_len, &entry);
	if (walk->is_bad)
		return false;
	if (entry.seq < walk->from)
		return true;
	walk->from = entry.seq + 1;
	return walk->visit_entry(&entry, walk->arg);
}

static enum err walk_table(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;
	uint8_t key[RECORD_KEY];

	record_key(walk->from, key);
	return store_scan(txn, walk->table, key, sizeof(key), walk->read, walk);
}

static enum err run_walk(struct store *store, struct walk *walk)
{
	enum err e = store_view(store, walk_table, walk);

	return e == ERR_OK && walk->is_bad ? ERR_CORRUPT : e;
}

enum err book_accounts(struct store *store, account_id from,
		       book_account_fn *visit, void *arg)
{
	struct walk walk = { .table = store_table(store, "bank_accounts"),
			     .from = from,
			     .read = read_next_account,
			     .visit_account = visit,
			     .arg = arg };

	return run_walk(store, &walk);
}

enum err book_entries(struct store *store, uint64_t from, book_visit_fn *visit,
		      void *arg)
{
	struct walk walk = { .table = store_table(store, "bank_entries"),
			     .from = from,
			     .read = read_next_entry,
			     .visit_entry = visit,
			     .arg = arg };

	return run_walk(store, &walk);
}

struct asked_reading {
	struct store *store;
	user_id user;
	const struct uuid *id;
	struct book_answer *answer_r;
};

static enum err read_asked(struct store_txn *txn, void *arg)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct asked_reading *r = arg;
	uint8_t key[REPEAT_KEY];
	struct repeat repeat;
	enum err e;

	repeat_key(r->id, r->user, key);
	e = store_get(txn, store_table(r->store, "bank_ids"), key, sizeof(key),
		      &value);
	if (e == ERR_OK &&
	    !repeat_decode(buf_at(&value), buf_len(&value), &repeat))
		e = ERR_CORRUPT;
	if (e != ERR_OK)
		return e;
	r->answer_r->result = repeat.result;
	r->answer_r->seq = repeat.seq;
	r->answer_r->number = repeat.number;
	r->answer_r->time_ms = repeat.time_ms;
	memcpy(r->answer_r->question, repeat.question, sizeof(repeat.question));
	memcpy(r->answer_r->wording, repeat.wording, sizeof(repeat.wording));
	memcpy(r->answer_r->words, repeat.words, sizeof(repeat.words));
	return ERR_OK;
}

enum err book_asked(struct store *store, user_id user, const struct uuid *id,
		    struct book_answer *answer_r)
{
	struct asked_reading r = { store, user, id, answer_r };

	return store_view(store, read_asked, &r);
}

struct head_reading {
	struct store *store;
	struct book_head *head_r;
};

static enum err read_head(struct store_txn *txn, void *arg)
{
	const struct head_reading *r = arg;
	struct bank_head head;
	enum err e =
		meta_get_head(txn, store_table(r->store, "bank_meta"), &head);

	if (e != ERR_OK)
		return e;
	r->head_r->seq = head.seq;
	r->head_r->time_ms = head.time_ms;
	memcpy(r->head_r->hash, head.hash, sizeof(head.hash));
	return ERR_OK;
}

enum err book_head(struct store *store, struct book_head *head_r)
{
	struct head_reading r = { store, head_r };

	return store_view(store, read_head, &r);
}
