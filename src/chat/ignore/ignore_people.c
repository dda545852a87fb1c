#include "chat/ignore/ignore_people.h"

#include "chat/chat_fields.h"
#include "chat/message.h"
#include "chat/person_fields.h"

bool ignore_has(const struct chat *chat, user_id user, user_id other,
		enum ignore_kind kind)
{
	return ignores_has(chat->ignores, user, other, "", kind);
}

bool ignore_person(struct chat *chat, const struct person *who,
		   struct person *other, enum ignore_kind kind)
{
	char name[NAME_MOST + 1] = "";

	if (person_is_guest(other))
		person_name(other, name);
	return ignores_has(chat->ignores, person_number(who),
			   person_number(other), name, kind);
}

void ignore_list_of(const struct chat *chat, uint64_t number,
		    struct ignore_list *list_r)
{
	ignores_get(chat->ignores, number, list_r);
}

bool ignore_hides(const struct person *person, const struct message *m)
{
	if (!atomic_load_explicit(&person->shuns, memory_order_relaxed) ||
	    (m->kind != MESSAGE_SAY && m->kind != MESSAGE_ACTION))
		return false;
	return m->user != 0 ? ignores_has(person->ignores, person->number,
					  m->user, "", IGNORE_ROOMS)
			    : ignores_has(person->ignores, person->number,
					  m->guest, m->from, IGNORE_ROOMS);
}

void ignore_mark(const struct person *person, struct message *m)
{
	m->user = person->user;
	m->guest = person->user == 0 ? person->number : 0;
	m->is_shunned =
		atomic_load_explicit(&person->is_shunned, memory_order_relaxed);
}

static bool shuns_any(struct chat *chat, const struct person *person)
{
	struct ignore_list list;

	ignores_get(chat->ignores, person->number, &list);
	for (size_t i = 0; i < list.count; i++) {
		if ((list.list[i].kinds & IGNORE_ROOMS) != 0)
			return true;
	}
	return false;
}

/*
 * A guest who has another name now may be known by the number, which only the
 * lists have: so it is not looked up, but stays marked.
 */
void ignore_weigh(struct chat *chat, struct person *person)
{
	bool is_guest = person->user == 0;
	bool is_shunned = ignores_shun(chat->ignores, person->number,
				       is_guest ? person->name : "");

	atomic_store(&person->shuns, shuns_any(chat, person));
	if (is_shunned || !is_guest)
		atomic_store(&person->is_shunned, is_shunned);
}

void ignore_depart(struct chat *chat, const struct person *person)
{
	static const struct ignore_list nobody;

	if (person->user == 0)
		ignores_set(chat->ignores, person->number, &nobody);
}
