/* What was read long ago goes: a piece of the table each minute. */
#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/mail/mail_box.h"
#include "chat/mail/mail_change.h"
#include "log/log.h"

enum {
	PERIOD_MS = 60 * 1000,
	LOOKED_MOST = 1000, /* at once */
};

/* With the change lock. */
static size_t drop_over(struct chat *chat, const struct mail_traces *over)
{
	struct mail_change change = { .store = chat->store };
	size_t count;

	for (size_t i = 0; i < over->count; i++)
		mail_change_drop(&change, &over->list[i]);
	count = mail_change_run(&change) == ERR_OK ? over->count : 0;
	mail_change_fini(&change);
	return count;
}

void mail_tick(struct chat *chat)
{
	struct mail_traces over = { 0 };
	int64_t now_ms = clock_mono_ms();
	int64_t then_ms =
		clock_wall_ms() - MAIL_READ_DAYS * INT64_C(86400) * 1000;
	size_t removed = 0;

	/* A clock that has jumped ahead may be put right within a day. */
	if (now_ms < chat->mail.tick_ms || now_ms < chat->sweep_ms)
		return;
	chat->mail.tick_ms = now_ms + PERIOD_MS;
	mutex_lock(&chat->change);
	if (mail_table_scan(chat->store, chat->mail.scan_key, LOOKED_MOST,
			    then_ms, &over) == ERR_OK)
		removed = drop_over(chat, &over);
	mutex_unlock(&chat->change);
	mail_traces_fini(&over);
	if (removed > 0)
		log_info("mail", "removed read=%zu", removed);
}
