#include "chat/ignore/ignore_act.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/herald.h"
#include "chat/ignore/ignore_people.h"
#include "chat/person_fields.h"
#include "user/users.h"

struct change {
	struct store *store;
	uint64_t user;
	const struct ignore_list *list;
};

static enum err write_list(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;

	return ignores_put(txn, change->store, change->user, change->list);
}

/* Whom it is about, if that one is here. */
static struct person *find_here(struct chat *chat, const struct ignore *entry,
				const char *name)
{
	struct person *person = chat_person(chat, name);

	if (person != NULL &&
	    person_is_guest(person) != (entry->guest[0] != '\0'))
		person_unref(&person);
	return person;
}

/* A guest who has gone by now leaves nothing behind. */
static void keep_in_memory(struct chat *chat, const struct actor *by,
			   const struct ignore_list *list)
{
	struct person *person = by->person;

	mutex_lock(&person->lock);
	if (person->user != 0 || person->session_count > 0)
		ignores_set(chat->ignores, person->number, list);
	ignore_weigh(chat, person);
	mutex_unlock(&person->lock);
}

/* With the change lock. */
static enum err apply(struct chat *chat, const struct actor *by,
		      const struct ignore_list *list, struct person *other)
{
	struct change change = { chat->store, by->user, list };
	enum err e = by->user == 0
			     ? ERR_OK
			     : store_run(chat->store, write_list, &change);

	if (e != ERR_OK)
		return e;
	keep_in_memory(chat, by, list);
	if (other != NULL) {
		mutex_lock(&other->lock);
		ignore_weigh(chat, other);
		mutex_unlock(&other->lock);
	}
	return ERR_OK;
}

/* A user of that name, or a guest: who is here, or may have been. */
static enum err resolve(struct chat *chat, struct ignoring *what,
			struct ignore *entry_r)
{
	struct user user;
	struct person *person;
	enum err e = users_find(chat->users, what->name, &user);

	memset(entry_r, 0, sizeof(*entry_r));
	entry_r->kinds = what->kinds;
	if (e == ERR_OK) {
		entry_r->number = user.id;
		memcpy(what->name_r, user.name, sizeof(user.name));
		what->is_staff_r = (user.roles & HERALD_STAFF) != 0;
		return ERR_OK;
	}
	if (e != ERR_NO_SUCH_USER)
		return e;
	snprintf(entry_r->guest, sizeof(entry_r->guest), "%s", what->name);
	person = find_here(chat, entry_r, what->name);
	if (person != NULL) {
		entry_r->number = person_number(person);
		person_name(person, entry_r->guest);
	}
	memcpy(what->name_r, entry_r->guest, sizeof(entry_r->guest));
	person_unref(&person);
	return ERR_OK;
}

/* With the change lock. */
static enum err check_new(const struct actor *by, const struct ignore *entry,
			  struct refusal *why)
{
	enum err e = chat_check_actor(by);

	if (e != ERR_OK)
		return e;
	if (entry->number == 0)
		return refusal_give(why, ERR_NO_SUCH_USER,
				    "%s is not here, and no user.",
				    entry->guest);
	if (entry->number == person_number(by->person))
		return refusal_give(why, ERR_BAD_INPUT,
				    "You cannot ignore yourself.");
	return ERR_OK;
}

/* With the change lock. */
static enum err add(struct chat *chat, const struct actor *by,
		    struct ignoring *what, struct refusal *why)
{
	struct ignore_list list;
	struct ignore entry;
	struct person *other;
	enum err e = resolve(chat, what, &entry);

	if (e == ERR_OK)
		e = check_new(by, &entry, why);
	if (e != ERR_OK)
		return e;
	ignores_get(chat->ignores, person_number(by->person), &list);
	if (!ignore_list_add(&list, &entry))
		return refusal_give(why, ERR_LIMIT,
				    "You ignore %d people, which is the most: "
				    "/unignore somebody first.",
				    IGNORES_MOST);
	what->kinds_r =
		ignore_list_find(&list, entry.number, entry.guest)->kinds;
	other = find_here(chat, &entry, what->name_r);
	e = apply(chat, by, &list, other);
	person_unref(&other);
	return e;
}

enum err ignore_add(struct chat *chat, const struct actor *by,
		    struct ignoring *what, struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = add(chat, by, what, why);
	mutex_unlock(&chat->change);
	return e;
}

/* A user may have the name of a guest who was ignored before. */
static struct ignore *find_listed(struct ignore_list *list,
				  const struct ignore *entry, const char *name)
{
	struct ignore *listed =
		ignore_list_find(list, entry->number, entry->guest);

	return listed != NULL ? listed : ignore_list_find(list, 0, name);
}

/* With the change lock. */
static enum err take(struct chat *chat, const struct actor *by,
		     struct ignoring *what, struct refusal *why)
{
	struct ignore_list list;
	struct ignore *listed;
	struct ignore entry;
	struct person *other;
	enum err e = resolve(chat, what, &entry);

	if (e == ERR_OK)
		e = chat_check_actor(by);
	if (e != ERR_OK)
		return e;
	ignores_get(chat->ignores, person_number(by->person), &list);
	listed = find_listed(&list, &entry, what->name);
	if (listed == NULL || (listed->kinds & what->kinds) == 0)
		return refusal_give(why, ERR_NOT_FOUND,
				    "You do not ignore %s%s.", what->name_r,
				    listed == NULL ? "" : " in that");
	what->kinds_r = listed->kinds & ~what->kinds;
	ignore_list_take(&list, listed, what->kinds);
	other = find_here(chat, &entry, what->name_r);
	e = apply(chat, by, &list, other);
	person_unref(&other);
	return e;
}

enum err ignore_take(struct chat *chat, const struct actor *by,
		     struct ignoring *what, struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = take(chat, by, what, why);
	mutex_unlock(&chat->change);
	return e;
}

/* With the change lock: takes the user off somebody's list. */
static enum err strike(struct chat *chat, uint64_t who, user_id user)
{
	struct ignore_list list;
	struct change change = { chat->store, who, &list };
	struct ignore *entry;
	enum err e = ERR_OK;

	ignores_get(chat->ignores, who, &list);
	entry = ignore_list_find(&list, user, "");
	if (entry == NULL)
		return ERR_OK;
	ignore_list_take(&list, entry, IGNORE_ALL);
	if (!person_number_is_guest(who))
		e = store_run(chat->store, write_list, &change);
	if (e == ERR_OK)
		ignores_set(chat->ignores, who, &list);
	return e;
}

enum err ignore_forget(struct chat *chat, user_id user)
{
	static const struct ignore_list nobody;
	struct change change = { chat->store, user, &nobody };
	size_t count;
	uint64_t *others = ignores_of(chat->ignores, user, &count);
	enum err e = store_run(chat->store, write_list, &change);

	if (e == ERR_OK)
		ignores_set(chat->ignores, user, &nobody);
	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = strike(chat, others[i], user);
	mem_free(others);
	return e;
}
