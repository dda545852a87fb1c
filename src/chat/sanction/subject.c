#include "chat/sanction/subject.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

bool subject_has(const struct subject *s, const char *address)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->hosts[i].address, address) == 0)
			return true;
	}
	return false;
}

static void add_host(struct subject *s, const uint8_t key[CLOAK_KEY],
		     const char *address)
{
	struct subject_host *host = &s->hosts[s->count++];
	char bare[USER_ADDRESS];

	/* Without the scope that some have: "fe80::1%eth0". */
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(address, "%"),
		 address);
	snprintf(host->address, sizeof(host->address), "%s", address);
	host->is_local = !network_parse_address(bare, &host->network);
	if (host->is_local)
		snprintf(host->cloak, sizeof(host->cloak), "local");
	else
		cloak_print(key, &host->network, host->cloak);
}

static struct subject *make(const struct person *person,
			    const uint8_t key[CLOAK_KEY])
{
	size_t left = person->host_count;
	size_t most = left < SUBJECT_HOSTS_MOST ? left : SUBJECT_HOSTS_MOST;
	struct subject *s = mem_zero(sizeof(*s) + most * sizeof(s->hosts[0]));

	atomic_init(&s->refs, 1);
	s->user = person->user;
	s->since_ms = person->since_ms;
	memcpy(s->name, person->name, sizeof(s->name));
	while (left > 0 && s->count < most) {
		const char *address = person->hosts[--left].address;

		if (!subject_has(s, address))
			add_host(s, key, address);
	}
	return s;
}

void subject_renew(struct person *person, const uint8_t key[CLOAK_KEY])
{
	subject_unref(&person->subject);
	person->subject = make(person, key);
	for (size_t i = 0; i < person->room_count; i++)
		room_identify(person->rooms[i], person);
}

struct subject *subject_of(struct person *person)
{
	struct subject *s;

	mutex_lock(&person->lock);
	s = person->subject == NULL ? NULL : subject_ref(person->subject);
	mutex_unlock(&person->lock);
	return s;
}

void subject_print_hosts(const struct subject *s, struct buf *out)
{
	for (size_t i = 0; i < s->count; i++)
		buf_print(out, "%s%s", i == 0 ? "" : ", ", s->hosts[i].cloak);
}

struct subject *subject_ref(struct subject *subject)
{
	atomic_fetch_add_explicit(&subject->refs, 1, memory_order_relaxed);
	return subject;
}

void subject_unref(struct subject **subject)
{
	struct subject *s = *subject;

	*subject = NULL;
	if (s != NULL && atomic_fetch_sub(&s->refs, 1) == 1)
		mem_free(s);
}
