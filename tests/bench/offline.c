#include "offline.h"

#include "chat/chat_fields.h"
#include "report.h"

static const char *const tables[] = { TRAIL_TABLES, USERS_TABLES, CHAT_TABLES,
				      NULL };

static void hear(struct subscriber *self UNUSED, struct message *m UNUSED)
{
}

void offline_open(struct offline *o, const char *dir)
{
	static char lobby[] = "lobby";
	static struct subscriber deaf = { .deliver = hear };
	static struct subscriber *all[] = { &deaf };
	struct chat_settings settings = { .default_room = lobby,
					  .rooms_per_user = INT64_MAX,
					  .history_count = CONF_NONE,
					  .history_bytes = CONF_NONE,
					  .history_age_s = CONF_NONE,
					  .replay = 100 };
	struct store_options options = { .dir = dir, .tables = tables };
	AUTO(buf_fini) struct buf why = { 0 };

	if (store_open(&options, &o->store, &why) != ERR_OK)
		fail("%s", buf_text(&why));
	o->trail = trail_new(o->store);
	o->users = users_new(o->store, o->trail);
	o->chat = chat_new(&(struct chat_parts){ o->store, o->users, o->trail },
			   &settings, all, COUNT(all));
	if (chat_load(o->chat) != ERR_OK)
		fail("the rooms in %s cannot be read", dir);
}

void offline_close(struct offline *o)
{
	chat_free(&o->chat);
	users_free(&o->users);
	trail_free(&o->trail);
	store_close(&o->store);
}
