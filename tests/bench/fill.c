/*
 * Fills the data directory of a daemon that does not run with what was said in
 * many rooms, in turn, by the code that the daemon writes it with; and how
 * fast that was.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "babble.h"
#include "base/clock.h"
#include "base/keeper.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/history.h"
#include "chat/room_fields.h"
#include "offline.h"
#include "options.h"
#include "proc.h"
#include "report.h"

enum { SECOND_MS = 1000, SPEAKERS = 40, ADMINISTRATOR = 1 };

static const char *dir = "data";
static int64_t hall_count = 10;
static int64_t line_count = 1000000;
static int64_t pile = 5000;
static int64_t days = 30;
static int64_t seed = 1;

static struct room **rooms;
static int64_t writing_ns;
static int64_t writing_cpu_ns;

/* One who makes rooms, and leaves each, since one may not be in so many. */
static void make_rooms(struct chat *chat)
{
	const struct room_names none = { 0 };
	struct chat_arrival arrival = { .user = ADMINISTRATOR,
					.roles = ROLE_USER,
					.name = "founder",
					.address = "127.0.0.1",
					.rooms = &none,
					.session = 1 };
	struct actor by = { .user = ADMINISTRATOR, .roles = ROLE_USER };

	if (chat_arrive(chat, &arrival, &by.person) != ERR_OK)
		fail("nobody is there to make rooms");
	person_name(by.person, by.name);
	rooms = mem_array((size_t)hall_count, sizeof(struct room *));
	for (int i = 0; i < hall_count; i++) {
		char name[32];

		snprintf(name, sizeof(name), "hall-%d", i);
		if (chat_join(chat, &by, name, NULL, &rooms[i], NULL) !=
			    ERR_OK ||
		    chat_leave(chat, by.person, rooms[i]) != ERR_OK)
			fail("the room %s cannot be made", name);
	}
	chat_depart(chat, by.person, 0, 1, MESSAGE_PARTED);
	person_unref(&by.person);
}

static void say(struct babble *b, struct room *room, int64_t time_ms)
{
	unsigned speaker = babble_dice(b, SPEAKERS);
	char text[BABBLE_MOST];
	struct message *m;
	char from[32];

	babble_line(b, text);
	snprintf(from, sizeof(from), "member%u", speaker);
	m = message_new(MESSAGE_SAY, room, NULL, from, text);
	m->time_ms = time_ms;
	m->user = speaker + 1;
	mutex_lock(&room->lock);
	history_add(room, m);
	mutex_unlock(&room->lock);
	message_unref(&m);
}

static void write_down(struct chat *chat)
{
	int64_t began_ns = proc_now_ns();
	int64_t cpu_ns = proc_own_cpu_ns();
	enum err e = scribe_write(chat->scribe);

	writing_ns += proc_now_ns() - began_ns;
	writing_cpu_ns += proc_own_cpu_ns() - cpu_ns;
	if (e != ERR_OK)
		fail("the scribe cannot write: %s", err_code(e));
}

static void talk(struct chat *chat)
{
	static struct babble babble;
	struct scribe_status status;
	int64_t span_ms = days * 86400 * SECOND_MS;
	int64_t from_ms = clock_wall_ms() - span_ms;

	babble_init(&babble, (uint64_t)seed);
	for (int64_t i = 0; i < line_count; i++) {
		say(&babble, rooms[i % hall_count],
		    from_ms + (int64_t)((double)span_ms / line_count * i));
		if ((i + 1) % pile == 0)
			write_down(chat);
	}
	write_down(chat);
	scribe_status(chat->scribe, &status);
	if (status.waiting + status.lost != 0)
		fail("the scribe has lost messages");
}

static void keep(void *arg)
{
	store_keep(arg);
}

static void report(void)
{
	double count = (double)line_count;
	char path[4096];
	struct stat file;

	report_figure("written", count / (double)writing_ns * 1e9, "/s");
	report_figure("write-cpu", (double)writing_cpu_ns / count / 1e3, "us");
	snprintf(path, sizeof(path), "%s/messages.db", dir);
	if (stat(path, &file) != 0)
		fail("there is no %s", path);
	report_figure("disk", (double)file.st_size / count, "B");
}

static void fill(struct offline *o)
{
	struct keeper *keeper = keeper_new();

	make_rooms(o->chat);
	keeper_add(keeper, SECOND_MS, keep, o->store);
	keeper_start(keeper);
	talk(o->chat);
	keeper_free(&keeper);
	history_close(o->chat);
	for (int i = 0; i < hall_count; i++)
		room_unref(&rooms[i]);
	mem_free(rooms);
}

int main(int argc, char **argv)
{
	struct offline offline;

	options_read(
		(const struct option_row[]){
			{ "dir", &dir, NULL, 0, 0, "data directory" },
			{ "rooms", NULL, &hall_count, 1, 100000, "" },
			{ "messages", NULL, &line_count, 1, 100000000,
			  "in all rooms together" },
			{ "pile", NULL, &pile, 1, 60000, "written at once" },
			{ "days", NULL, &days, 1, 3650, "until now" },
			{ "seed", NULL, &seed, 0, INT32_MAX, "of the words" },
			{ 0 },
		},
		argc, argv);
	offline_open(&offline, dir);
	fill(&offline);
	offline_close(&offline);
	report();
	return 0;
}
