#include "chat/guard/guard_people.h"

#include "chat/chat_fields.h"
#include "chat/message.h"
#include "chat/person_fields.h"
#include "chat/refusal.h"
#include "chat/room_fields.h"

/* With the person's lock, and the person here. */
static void tell_locked(struct person *person, const char *text)
{
	struct message *m = message_new(MESSAGE_NOTICE, NULL, person, "", text);

	person_deliver(person, m);
	message_unref(&m);
}

/* The person, with the i-th of its hosts. With the person's lock. */
static struct guard_subject subject_at(const struct person *person, size_t i)
{
	struct guard_subject subject =
		guard_subject(person->user, atomic_load(&person->roles),
			      person->hosts[i].address);

	subject.since_ms = person->since_ms;
	return subject;
}

void guard_weigh(struct guard *guard, struct person *person)
{
	struct guard_entry best = { 0 };
	struct guard_entry entry;

	for (size_t i = 0; i < person->host_count; i++) {
		struct guard_subject subject = subject_at(person, i);
		uint64_t id = guard_find(guard, GUARD_MUTE, &subject);

		if (id != 0 && guard_get(guard, GUARD_MUTE, id, &entry) &&
		    (best.id == 0 || guard_entry_outlasts(&entry, &best)))
			best = entry;
	}
	atomic_store(&person->mute, best.id);
}

/* A mute that is new, or is no more. */
struct news {
	struct guard *guard;
	const struct guard_entry *entry;
	bool is_lifted;
};

static bool is_hit(const struct person *person, const struct guard_entry *entry)
{
	for (size_t i = 0; i < person->host_count; i++) {
		struct guard_subject subject = subject_at(person, i);

		if (guard_entry_hits(entry, &subject))
			return true;
	}
	return false;
}

static void reach_person(void *what, void *arg)
{
	struct person *person = what;
	const struct news *news = arg;
	struct refusal words;
	AUTO(buf_fini) struct buf text = { 0 };

	mutex_lock(&person->lock);
	if (!news->is_lifted && is_hit(person, news->entry)) {
		guard_weigh(news->guard, person);
		guard_print_words(news->entry, &words);
		buf_print(&text, "You are %s", words.text);
		tell_locked(person, buf_text(&text));
	} else if (news->is_lifted &&
		   atomic_load(&person->mute) == news->entry->id) {
		guard_weigh(news->guard, person);
		if (atomic_load(&person->mute) == 0)
			tell_locked(person, "You may speak again.");
	}
	mutex_unlock(&person->lock);
}

void guard_reach(struct chat *chat, const struct guard_entry *entry,
		 bool is_lifted)
{
	struct news news = { chat->guard, entry, is_lifted };

	if (entry->kind != GUARD_MUTE)
		return;
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, reach_person, &news);
	mutex_unlock(&chat->lock);
}

enum err guard_may_enter(struct chat *chat, user_id user, role_set roles,
			 const char *address, struct refusal *why)
{
	struct guard_subject subject = guard_subject(user, roles, address);

	return guard_check(chat->guard, GUARD_BAN, &subject, why);
}

enum err guard_may_write(struct chat *chat, user_id user, role_set roles,
			 const char *address, struct refusal *why)
{
	struct guard_subject subject = guard_subject(user, roles, address);

	return guard_check(chat->guard, GUARD_MUTE, &subject, why);
}

enum err guard_may_speak(struct person *person, struct refusal *why)
{
	uint64_t id = 0;

	if (person != NULL)
		id = atomic_load_explicit(&person->mute, memory_order_relaxed);
	return id == 0 ? ERR_OK : guard_check_mute(person->guard, id, why);
}

enum err guard_speak(struct room *room, struct member *member,
		     const struct message *m, struct refusal *why)
{
	(void)room;
	(void)m;
	return guard_may_speak(member->person, why);
}
