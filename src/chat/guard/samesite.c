#include "chat/guard/samesite.h"

#include "base/mem.h"
#include "base/text.h"
#include "chat/chat_fields.h"
#include "chat/network.h"
#include "chat/person_fields.h"
#include "user/users.h"

enum { SITES_MOST = 64 };

/* A search under way. */
struct search {
	struct network sites[SITES_MOST];
	size_t site_count;
	samesite_visit_fn *visit;
	void *arg;
	size_t hits;
	bool is_cut;
	user_id here[SAMESITE_MOST]; /* users already visited */
	size_t here_count;
};

/* What is no address, such as "local", is no site. */
static bool has_site(const struct search *s, const char *address)
{
	struct network at;

	if (!network_parse_address(address, &at))
		return false;
	for (size_t i = 0; i < s->site_count; i++) {
		if (network_has(&s->sites[i], &at))
			return true;
	}
	return false;
}

static void add_site(struct search *s, const char *address)
{
	struct network site;

	if (s->site_count < SITES_MOST && network_parse(address, &site) &&
	    !has_site(s, address))
		s->sites[s->site_count++] = site;
}

/* False when there were enough. */
static bool tell(struct search *s, const struct samesite_hit *hit)
{
	s->is_cut = s->hits == SAMESITE_MOST;
	if (s->is_cut)
		return false;
	s->hits++;
	s->visit(hit, s->arg);
	return true;
}

/* Was the address told of an earlier session? */
static bool is_repeated(const struct person *person, size_t i)
{
	struct network a;
	struct network b;

	if (!network_parse_address(person->hosts[i].address, &a))
		return true;
	for (size_t k = 0; k < i; k++) {
		if (network_parse_address(person->hosts[k].address, &b) &&
		    network_has(&a, &b))
			return true;
	}
	return false;
}

static void visit_person(void *what, void *arg)
{
	struct person *person = what;
	struct search *s = arg;
	bool is_hit = false;

	mutex_lock(&person->lock);
	for (size_t i = 0; i < person->host_count; i++) {
		struct samesite_hit hit = {
			.name = person->name,
			.address = person->hosts[i].address,
			.is_guest = person->user == 0,
			.is_here = true,
		};

		if (has_site(s, hit.address) && !is_repeated(person, i))
			is_hit = tell(s, &hit);
	}
	if (is_hit && person->user != 0)
		s->here[s->here_count++] = person->user;
	mutex_unlock(&person->lock);
}

static bool is_told(const struct search *s, user_id user)
{
	for (size_t i = 0; i < s->here_count; i++) {
		if (s->here[i] == user)
			return true;
	}
	return false;
}

static bool visit_user(const struct user *user, void *arg)
{
	struct search *s = arg;
	struct samesite_hit hit = { .name = user->name,
				    .address = user->last_address,
				    .last_login_ms = user->last_login_ms };

	if (is_told(s, user->id) || !has_site(s, user->last_address))
		return true;
	return tell(s, &hit);
}

static bool add_person_sites(struct chat *chat, const char *name,
			     struct search *s)
{
	struct person *person = chat_person(chat, name);
	bool is_here = person != NULL;

	if (is_here) {
		mutex_lock(&person->lock);
		for (size_t i = 0; i < person->host_count; i++)
			add_site(s, person->hosts[i].address);
		mutex_unlock(&person->lock);
	}
	person_unref(&person);
	return is_here;
}

static enum err find_sites(struct chat *chat, const char *whom,
			   struct search *s, struct refusal *why)
{
	struct user user;
	bool is_here;
	enum err e;

	if (network_parse(whom, &s->sites[0])) {
		s->site_count = 1;
		return ERR_OK;
	}
	if (!name_is_valid(whom))
		return refusal_give(why, ERR_BAD_INPUT,
				    "Name somebody, an address or a network: "
				    "192.0.2.0/24.");
	is_here = add_person_sites(chat, whom, s);
	e = users_find(chat->users, whom, &user);
	if (e == ERR_OK)
		add_site(s, user.last_address);
	else if (e == ERR_NO_SUCH_USER && is_here)
		e = ERR_OK;
	if (e == ERR_OK && s->site_count == 0)
		e = refusal_give(why, ERR_NOT_FOUND,
				 "No address of %s is known.", whom);
	return e;
}

static enum err search(struct chat *chat, const char *whom, struct search *s,
		       struct refusal *why)
{
	enum err e = find_sites(chat, whom, s, why);

	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, visit_person, s);
	mutex_unlock(&chat->lock);
	return s->is_cut ? ERR_OK : users_walk(chat->users, visit_user, s);
}

enum err samesite_find(struct chat *chat, const struct actor *by,
		       const char *whom, samesite_visit_fn *visit, void *arg,
		       bool *is_cut_r, struct refusal *why)
{
	enum err e = permit_check(PERMIT_SAMESITE, rank_of_roles(by->roles),
				  RANK_GUEST);
	struct search *s;

	if (e != ERR_OK)
		return refusal_give(why, e, "That is for moderators.");
	s = mem_zero(sizeof(*s));
	s->visit = visit;
	s->arg = arg;
	e = search(chat, whom, s, why);
	*is_cut_r = s->is_cut;
	mem_free(s);
	return e;
}
