#include "hall.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "chat/marker/missed.h"
#include "chat/person_fields.h"

static const char *const tables[] = { TRAIL_TABLES, USERS_TABLES, CHAT_TABLES,
				      NULL };

static void hear(struct subscriber *self, struct message *m)
{
	struct ear *ear = CONTAINER(self, struct ear, subscriber);

	mutex_lock(&ear->lock);
	ear->heard = mem_resize(ear->heard,
				(ear->count + 1) * sizeof(ear->heard[0]));
	ear->heard[ear->count++] = message_ref(m);
	mutex_unlock(&ear->lock);
}

void hall_hush(struct hall *h)
{
	for (int i = 0; i < HALL_EARS; i++) {
		struct ear *ear = &h->ears[i];

		for (size_t k = 0; k < ear->count; k++)
			message_unref(&ear->heard[k]);
		mem_free(ear->heard);
		ear->heard = NULL;
		ear->count = 0;
		ear->told = 0;
	}
}

static void open_chat(struct hall *h)
{
	struct store_options options = { .dir = h->dir, .tables = tables };
	AUTO(buf_fini) struct buf why = { 0 };

	if (store_open(&options, &h->store, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	h->trail = trail_new(h->store);
	h->users = users_new(h->store, h->trail);
	h->chat = chat_new(&(struct chat_parts){ h->store, h->users, h->trail },
			   &h->settings, h->subscribers, HALL_EARS);
	assert_int_equal(chat_load(h->chat), ERR_OK);
}

static void close_chat(struct hall *h)
{
	hall_hush(h);
	chat_free(&h->chat);
	users_free(&h->users);
	trail_free(&h->trail);
	store_close(&h->store);
}

void hall_reopen(struct hall *h)
{
	close_chat(h);
	open_chat(h);
}

int hall_setup(void **state)
{
	static char lobby[] = "lobby";
	struct hall *h = mem_zero(sizeof(*h));

	snprintf(h->dir, sizeof(h->dir), "/tmp/rialto-chat-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	h->settings = (struct chat_settings){ .default_room = lobby,
					      .rooms_per_user = 3,
					      .history_count = CONF_NONE,
					      .history_bytes = CONF_NONE,
					      .history_age_s = CONF_NONE,
					      .replay = 4 };
	for (int i = 0; i < HALL_EARS; i++) {
		h->ears[i].subscriber.deliver = hear;
		mutex_init(&h->ears[i].lock, LOCK_MAILBOX);
		h->subscribers[i] = &h->ears[i].subscriber;
	}
	open_chat(h);
	for (int i = 1; i <= HALL_USERS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "user%d", i);
		assert_int_equal(hall_user(h, name), i);
	}
	*state = h;
	return 0;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

int hall_teardown(void **state)
{
	struct hall *h = *state;

	close_chat(h);
	for (int i = 0; i < HALL_EARS; i++)
		mutex_fini(&h->ears[i].lock);
	nftw(h->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	buf_fini(&h->text);
	mem_free(h);
	return 0;
}

static void describe(const struct message *m, struct buf *out)
{
	static const char *const kinds[] = {
		[MESSAGE_SAY] = "say",
		[MESSAGE_ACTION] = "action",
		[MESSAGE_JOINED] = "joined",
		[MESSAGE_PARTED] = "parted",
		[MESSAGE_LOST] = "lost",
		[MESSAGE_CROWD] = "crowd",
		[MESSAGE_TOPIC] = "topic",
		[MESSAGE_RENAMED] = "renamed",
		[MESSAGE_PRIVATE] = "private",
		[MESSAGE_PRIVATE_SENT] = "sent",
		[MESSAGE_NOTICE] = "notice",
		[MESSAGE_ENTERED] = "entered",
		[MESSAGE_EXITED] = "exited",
		[MESSAGE_RANKED] = "ranked",
		[MESSAGE_MODE] = "mode",
		[MESSAGE_HELD] = "held",
		[MESSAGE_KICKED] = "kicked",
		[MESSAGE_CLOSED] = "closed",
		[MESSAGE_MENTIONED] = "mentioned",
		[MESSAGE_DELETED] = "deleted",
		[MESSAGE_RETENTION] = "retention",
	};
	char to[NAME_MOST + 1] = "";

	buf_print(out, "%s", kinds[m->kind]);
	if (m->room != NULL)
		buf_print(out, " %s", room_name(m->room));
	if (m->to != NULL)
		person_name(m->to, to);
	if (m->from[0] != '\0')
		buf_print(out, " %s", m->from);
	if (m->kind == MESSAGE_PRIVATE || m->kind == MESSAGE_PRIVATE_SENT)
		buf_print(out, ">%s", m->peer);
	else if (m->kind == MESSAGE_KICKED)
		buf_print(out, " %s", m->peer);
	else if (to[0] != '\0')
		buf_print(out, " %s", to);
	for (size_t i = 0; i < m->people_count; i++) {
		person_name(m->people[i], to);
		buf_print(out, "%s%s", i == 0 ? ">" : ",", to);
	}
	if (m->kind == MESSAGE_ENTERED)
		buf_print(out, " +%zu", m->replay_count);
	if (m->session != 0)
		buf_print(out, " @%llu", (unsigned long long)m->session);
	if (m->text[0] != '\0')
		buf_print(out, ": %s", m->text);
	buf_add_char(out, ';');
}

const char *hall_hears(struct hall *h, unsigned ear)
{
	struct ear *e = &h->ears[ear];

	buf_reset(&h->text);
	for (; e->told < e->count; e->told++)
		describe(e->heard[e->told], &h->text);
	return buf_text(&h->text);
}

struct person *hall_come(struct hall *h, user_id user, const char *name,
			 unsigned ear, uint64_t session)
{
	AUTO(room_names_fini) struct room_names rooms = { 0 };
	struct person *person;

	if (user != 0) {
		assert_int_equal(chat_memberships(h->chat, user, &rooms),
				 ERR_OK);
		missed_load(h->chat, user, name, &rooms);
	}
	assert_int_equal(
		chat_arrive(h->chat,
			    &(struct chat_arrival){
				    .user = user,
				    .roles = user != 0 ? ROLE_USER : ROLE_GUEST,
				    .name = name,
				    .address = "192.0.2.1",
				    .rooms = &rooms,
				    .subscriber = ear,
				    .session = session },
			    &person),
		ERR_OK);
	return person;
}

void hall_go(struct hall *h, struct person **person, unsigned ear)
{
	uint64_t session;

	mutex_lock(&(*person)->lock);
	session = (*person)->hosts[(*person)->host_count - 1].session;
	mutex_unlock(&(*person)->lock);
	chat_depart(h->chat, *person, ear, session, MESSAGE_PARTED);
	person_unref(person);
}

struct actor hall_actor(struct person *person)
{
	struct actor by = { .person = person,
			    .user = person_user(person),
			    .roles = person_roles(person) };

	person_name(person, by.name);
	return by;
}

const struct audit_entry hall_entry = { .action = "user.test" };

user_id hall_user(struct hall *h, const char *name)
{
	struct user user = { .roles = ROLE_USER, .state = USER_ACTIVE };

	snprintf(user.name, sizeof(user.name), "%s", name);
	snprintf(user.hash, sizeof(user.hash), "$y$none");
	assert_int_equal(users_add(h->users, &user, &hall_entry), ERR_OK);
	return user.id;
}

enum err hall_join(struct hall *h, struct person *person, const char *name)
{
	struct room *room;
	struct actor by = hall_actor(person);
	enum err e = chat_join(h->chat, &by, name, NULL, &room, NULL);

	assert_true((room != NULL) == (e == ERR_OK || e == ERR_EXISTS));
	room_unref(&room);
	return e;
}

enum err hall_say(struct hall *h, struct person *person, const char *name,
		  const char *text)
{
	struct room *room = chat_room(h->chat, name);
	enum err e;

	assert_non_null(room);
	e = room_say(room, person, MESSAGE_SAY, text, 0, NULL);
	room_unref(&room);
	return e;
}
