#include "chat/mention/mentions.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/mention.h"
#include "chat/ignore/ignore_people.h"
#include "chat/person.h"

struct mentions {
	struct search *search;
	size_t taken; /* of what it found last */
	user_id user;
	char name[NAME_MOST + 1];
	struct ignore_list ignored;
};

/* A guest's own words are those of whoever had the name. */
static bool is_own(const struct mentions *m, const struct saying *saying)
{
	return m->user != 0 ? saying->user == m->user
			    : saying->user == 0 &&
				      name_compare(saying->from, m->name) == 0;
}

static bool fits(const struct saying *saying, void *arg)
{
	struct mentions *m = arg;
	const struct ignore *ignored;

	if (!mention_has(saying->text, saying->text_len, m->name) ||
	    is_own(m, saying))
		return false;
	ignored = ignore_list_find(&m->ignored, saying->user,
				   saying->user == 0 ? saying->from : "");
	return ignored == NULL || (ignored->kinds & IGNORE_ROOMS) == 0;
}

struct mentions *mentions_new(struct chat *chat, const struct person *person,
			      const char *name)
{
	struct mentions *m = mem_zero(sizeof(*m));
	struct search_what what = { .fits = fits, .arg = m };

	m->user = person_user(person);
	snprintf(m->name, sizeof(m->name), "%s", name);
	ignore_list_of(chat, person_number(person), &m->ignored);
	m->search = search_new(chat, &what);
	return m;
}

void mentions_free(struct mentions **mentions)
{
	struct mentions *m = *mentions;

	if (m == NULL)
		return;
	*mentions = NULL;
	search_free(&m->search);
	mem_free(m);
}

struct search *mentions_search(const struct mentions *mentions)
{
	return mentions->search;
}

bool mentions_wants_step(const struct mentions *mentions)
{
	return !search_is_done(mentions->search);
}

struct message *mentions_next(struct mentions *mentions)
{
	const struct message *found =
		search_hit(mentions->search, mentions->taken);
	uintptr_t address = (uintptr_t)found;

	if (found == NULL)
		return NULL;
	mentions->taken++;
	return message_ref((struct message *)address);
}

bool mentions_has_more(const struct mentions *mentions)
{
	return search_hit(mentions->search, mentions->taken) != NULL ||
	       search_has_more(mentions->search);
}

void mentions_go_on(struct mentions *mentions)
{
	mentions->taken = 0;
	search_turn(mentions->search);
}
