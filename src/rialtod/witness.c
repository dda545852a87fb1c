#include "rialtod/witness.h"

#include <inttypes.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/mark.h"
#include "bank/schedule/calendar.h"
#include "base/clock.h"
#include "chat/chat.h"
#include "chat/history/history.h"
#include "chat/relay.h"
#include "chat/room.h"
#include "log/log.h"

enum { RETRY_MS = 5000 };

static const char mark_name[] = "witness";

void witness_init(struct witness *witness, struct realm *realm)
{
	*witness =
		(struct witness){ .realm = realm, .day = -1, .complained = -1 };
}

static enum err print_head(const struct realm *realm, struct buf *out)
{
	char hash[DIGEST_TEXT];
	char when[CLOCK_TEXT];
	struct book_head head;
	enum err e = book_head(realm->store, &head);

	if (e != ERR_OK)
		return e;
	digest_print(head.hash, hash);
	clock_print(head.time_ms, when);
	buf_print(out,
		  "the newest entry of the journal is #%" PRIu64 " of %s, "
		  "hash %s",
		  head.seq, when, hash);
	return ERR_OK;
}

/* What is told has to be durable first: a power cut must not take it back. */
static enum err say(const struct realm *realm, struct room *room)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct refusal why = { 0 };
	const char *line;
	enum err e = print_head(realm, &text);

	if (e != ERR_OK)
		return e;
	store_flush(realm->store);
	line = buf_text(&text);
	return relay_tell(
		room,
		&(struct relay){ .from = "bank", .lines = &line, .count = 1 },
		&why);
}

/*
 * Written first, then marked: rather told twice than not at all. What was said
 * is not said again for a disk that is full.
 */
static enum err tell(struct witness *witness, const char *name, int64_t day)
{
	const struct realm *realm = witness->realm;
	const struct mark mark = { .period = day };
	struct room *room = chat_room(realm->chat, name);
	enum err e = room == NULL ? ERR_NO_SUCH_ROOM : say(realm, room);

	room_unref(&room);
	if (e != ERR_OK)
		return e;
	witness->day = day;
	e = history_write(realm->chat);
	return e == ERR_OK ? mark_put(realm->store, mark_name, &mark) : e;
}

/* A mark of some day to come is of a clock that was wrong. */
static bool is_done(int64_t day, int64_t today)
{
	return day == today || day == today + 1;
}

static enum err learn(struct witness *witness)
{
	struct mark mark = { .period = 0 };
	enum err e = mark_get(witness->realm->store, mark_name, &mark);

	if (e == ERR_OK || e == ERR_NOT_FOUND)
		witness->day = mark.period;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

void witness_run(struct witness *witness)
{
	int64_t today = calendar_day(clock_wall_ms());
	struct bank_settings settings;
	enum err e = ERR_OK;

	if (is_done(witness->day, today) ||
	    clock_mono_ms() < witness->patient_ms)
		return;
	ledger_settings(witness->realm->ledger, &settings);
	if (settings.witness[0] == '\0')
		return;
	if (witness->day < 0)
		e = learn(witness);
	if (e == ERR_OK && !is_done(witness->day, today))
		e = tell(witness, settings.witness, today);
	if (e == ERR_OK)
		return;
	witness->patient_ms = clock_mono_ms() + RETRY_MS;
	if (witness->complained != today)
		log_warning("bank", "trouble with the witness room=%s: %s",
			    settings.witness, err_words(e));
	witness->complained = today;
}
