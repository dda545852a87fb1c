#include "chat/guard/guard_act.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard_people.h"
#include "chat/person_fields.h"
#include "chat/sanction/docket.h"
#include "user/users.h"

static const struct {
	enum permit permit;
	const char *set;
	const char *lift;
	const char *verb; /* of undoing */
} kinds[] = {
	[GUARD_BAN] = { PERMIT_GBAN, "server.ban", "server.unban", "ungban" },
	[GUARD_MUTE] = { PERMIT_GMUTE, "server.mute", "server.unmute",
			 "ungmute" },
};

static enum err refuse_rank(enum err e, struct refusal *why)
{
	return e == ERR_NOT_ALLOWED
		       ? refusal_give(why, e, "That is for moderators.")
		       : e;
}

/* What the order would hit among those who are here. */
struct survey {
	const struct guard_order *order;
	const struct actor *by;
	enum rank rank; /* the highest that is hit */
	char name[NAME_MOST + 1];
	bool hits_actor;
};

static void survey_host(struct survey *survey, const struct person *person,
			const struct host *host)
{
	role_set roles = atomic_load(&person->roles);
	struct network at;

	if (!network_parse_address(host->address, &at) ||
	    !network_has(&survey->order->network, &at))
		return;
	if (person == survey->by->person)
		survey->hits_actor = true;
	if (rank_of_roles(roles) > survey->rank) {
		survey->rank = rank_of_roles(roles);
		memcpy(survey->name, person->name, sizeof(survey->name));
	}
}

static void survey_person(void *what, void *arg)
{
	struct person *person = what;

	mutex_lock(&person->lock);
	for (size_t i = 0; i < person->host_count; i++)
		survey_host(arg, person, &person->hosts[i]);
	mutex_unlock(&person->lock);
}

static enum err check_network(struct chat *chat, const struct actor *by,
			      const struct guard_order *order,
			      struct refusal *why)
{
	enum rank rank = rank_of_roles(by->roles);
	struct survey survey = { .order = order, .by = by };
	struct network own;

	if (order->guest[0] != '\0') /* no user is hit */
		return ERR_OK;
	if (network_is_wide(&order->network))
		return refusal_give(why, ERR_BAD_INPUT,
				    "That network is too wide: at least /%d, "
				    "or /%d of IPv6.",
				    NETWORK_LEAST_4, NETWORK_LEAST_6);
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, survey_person, &survey);
	mutex_unlock(&chat->lock);
	if (network_parse_address(by->address, &own) &&
	    network_has(&order->network, &own))
		survey.hits_actor = true;
	if (survey.hits_actor)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "You are in that network yourself: name a "
				    "user, or a narrower one.");
	if (survey.rank > rank)
		return refusal_give(why, ERR_RANK,
				    "%s, of a higher rank, is in that network.",
				    survey.name);
	if (survey.rank >= RANK_ADMIN)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "%s, an administrator, is in that network: "
				    "name a user, or a narrower one.",
				    survey.name);
	return ERR_OK;
}

static enum err check_user(struct chat *chat, const struct actor *by,
			   const struct guard_order *order, struct refusal *why)
{
	const struct user *user = order->user;
	enum rank rank = rank_of_roles(by->roles);
	uint64_t admins;
	enum err e = permit_check(kinds[order->kind].permit, rank,
				  rank_of_roles(user->roles));

	if (e != ERR_OK)
		return refusal_give(why, e, "%s is of a higher rank: %s.",
				    user->name,
				    rank_word(rank_of_roles(user->roles)));
	if (user->id == by->user)
		return refusal_give(why, ERR_NOT_ALLOWED, "That is yourself.");
	e = chat_check_user(chat, user->id);
	if (e != ERR_OK)
		return e;
	if (order->kind != GUARD_BAN || (user->roles & ROLE_ADMIN) == 0 ||
	    user->state != USER_ACTIVE)
		return ERR_OK;
	e = users_count_role(chat->users, ROLE_ADMIN, &admins);
	if (e == ERR_OK && admins <= 1)
		e = refusal_give(why, ERR_LAST_ADMIN,
				 "%s is the last administrator.", user->name);
	return e;
}

static enum err check_words(const struct guard_order *order,
			    struct refusal *why)
{
	if (order->reason[0] == '\0')
		return refusal_give(why, ERR_BAD_INPUT, "Give a reason.");
	if (strlen(order->reason) > GUARD_REASON_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A reason has at most %d bytes.",
				    GUARD_REASON_MOST);
	if (order->duration_s < 0 || order->duration_s > GUARD_DURATION_MOST_S)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A time is 1s to 3650d; without one it is "
				    "for good.");
	return ERR_OK;
}

static bool is_same(const struct guard_entry *entry,
		    const struct guard_order *order)
{
	if (order->user != NULL)
		return entry->user == order->user->id;
	return entry->user == 0 &&
	       (entry->name[0] == '\0') == (order->guest[0] == '\0') &&
	       memcmp(&entry->network, &order->network,
		      sizeof(entry->network)) == 0;
}

static enum err check_room(struct chat *chat, const struct guard_order *order,
			   struct refusal *why)
{
	size_t count;
	struct guard_entry *list = guard_list(chat->guard, order->kind, &count);
	uint64_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_same(&list[i], order))
			found = list[i].id;
	}
	mem_free(list);
	if (found != 0)
		return refusal_give(why, ERR_EXISTS,
				    "That is so already, by #%" PRIu64
				    ": /%s %" PRIu64 " first.",
				    found, kinds[order->kind].verb, found);
	if (guard_count(chat->guard) >= GUARD_MOST)
		return refusal_give(why, ERR_LIMIT,
				    "There are at most %d bans and mutes of "
				    "the server: lift some first.",
				    GUARD_MOST);
	return ERR_OK;
}

/* Somebody who was banned while the command waited does not strike back. */
static enum err check_actor(struct chat *chat, const struct actor *by,
			    const struct guard_order *order,
			    struct refusal *why)
{
	struct guard_subject subject =
		guard_subject(by->user, by->roles, by->address);
	enum err e =
		refuse_rank(permit_check(kinds[order->kind].permit,
					 rank_of_roles(by->roles), RANK_GUEST),
			    why);

	if (e == ERR_OK && by->person != NULL)
		e = guard_check(chat->guard, GUARD_BAN, &subject, why);
	return e;
}

static enum err check_order(struct chat *chat, const struct actor *by,
			    const struct guard_order *order,
			    struct refusal *why)
{
	enum err e = check_actor(chat, by, order, why);

	if (e == ERR_OK)
		e = check_words(order, why);
	if (e == ERR_OK)
		e = order->user != NULL ? check_user(chat, by, order, why)
					: check_network(chat, by, order, why);
	return e == ERR_OK ? check_room(chat, order, why) : e;
}

static struct guard_entry make_entry(const struct actor *by,
				     const struct guard_order *order)
{
	int64_t now_ms = clock_wall_ms();
	struct guard_entry entry = {
		.kind = order->kind,
		.by_rank = rank_of_roles(by->roles),
		.since_ms = now_ms,
	};

	if (order->user != NULL)
		entry.user = order->user->id;
	else
		entry.network = order->network;
	snprintf(entry.name, sizeof(entry.name), "%s",
		 order->user != NULL ? order->user->name : order->guest);
	snprintf(entry.by, sizeof(entry.by), "%s",
		 by->name[0] != '\0' ? by->name : DOCKET_DAEMON);
	if (order->duration_s > 0)
		entry.until_ms = now_ms + order->duration_s * 1000;
	snprintf(entry.reason, sizeof(entry.reason), "%s", order->reason);
	return entry;
}

struct change {
	struct store *store;
	struct guard_entry *entry;
};

static enum err write_new(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;

	return guard_entry_add(txn, change->store, change->entry);
}

static enum err write_gone(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;

	return guard_entry_delete(txn, change->store, change->entry->id);
}

/* With the change lock. */
static enum err set(struct chat *chat, const struct actor *by,
		    const struct guard_order *order,
		    struct guard_entry *entry_r, struct refusal *why)
{
	struct change change = { chat->store, entry_r };
	char whom[GUARD_WHOM_TEXT];
	struct refusal words;
	struct act act = { .by = by,
			   .action = kinds[order->kind].set,
			   .target = whom,
			   .detail = words.text };
	enum err e = check_order(chat, by, order, why);

	if (e != ERR_OK)
		return e;
	*entry_r = make_entry(by, order);
	guard_entry_print_whom(entry_r, whom);
	guard_print_words(entry_r, &words);
	e = act_run(chat, &act, write_new, &change);
	if (e != ERR_OK)
		return e;
	guard_add(chat->guard, entry_r);
	guard_reach(chat, entry_r, false);
	return ERR_OK;
}

enum err guard_order(struct chat *chat, const struct actor *by,
		     const struct guard_order *order,
		     struct guard_entry *entry_r, struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = set(chat, by, order, entry_r, why);
	mutex_unlock(&chat->change);
	return e;
}

/* With the change lock. */
static enum err lift(struct chat *chat, const struct actor *by,
		     enum guard_kind kind, uint64_t id,
		     struct guard_entry *entry_r, struct refusal *why)
{
	struct change change = { chat->store, entry_r };
	enum rank rank = rank_of_roles(by->roles);
	char whom[GUARD_WHOM_TEXT];
	struct act act = { .by = by,
			   .action = kinds[kind].lift,
			   .target = whom,
			   .detail = entry_r->reason };
	enum err e = refuse_rank(
		permit_check(kinds[kind].permit, rank, RANK_GUEST), why);

	if (e != ERR_OK)
		return e;
	if (!guard_get(chat->guard, kind, id, entry_r))
		return refusal_give(why, ERR_NOT_FOUND,
				    "There is no #%" PRIu64 ".", id);
	if (permit_check(kinds[kind].permit, rank, entry_r->by_rank) != ERR_OK)
		return refusal_give(why, ERR_RANK,
				    "%s, of a higher rank: %s, "
				    "did that.",
				    entry_r->by, rank_word(entry_r->by_rank));
	guard_entry_print_whom(entry_r, whom);
	e = act_run(chat, &act, write_gone, &change);
	if (e != ERR_OK)
		return e;
	guard_drop(chat->guard, id);
	guard_reach(chat, entry_r, true);
	return ERR_OK;
}

enum err guard_lift(struct chat *chat, const struct actor *by,
		    enum guard_kind kind, uint64_t id,
		    struct guard_entry *entry_r, struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = lift(chat, by, kind, id, entry_r, why);
	mutex_unlock(&chat->change);
	return e;
}

struct guard_entry *guard_list_all(struct chat *chat, enum guard_kind kind,
				   size_t *count_r)
{
	return guard_list(chat->guard, kind, count_r);
}
