/*
 * What the store takes to remember, without a daemon around it: what is shown
 * to the first who enters a room, and a look at all of a room. Cold means that
 * neither Berkeley DB nor the system have the pages.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "chat/history/history.h"
#include "chat/history/history_table.h"
#include "chat/room_fields.h"
#include "histogram.h"
#include "offline.h"
#include "options.h"
#include "proc.h"
#include "report.h"

static const char *dir = "data";
static int64_t wanted = -1;
static int64_t all;

static struct histogram warmed;
static struct histogram cold;
static struct histogram again;

/* The system forgets what it has of the files. */
static void drop_pages(void)
{
	DIR *folder = opendir(dir);
	struct dirent *entry;

	if (folder == NULL)
		fail("%s cannot be read", dir);
	while ((entry = readdir(folder)) != NULL) {
		int fd = openat(dirfd(folder), entry->d_name,
				O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			continue;
		(void)fdatasync(fd);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		close(fd);
	}
	closedir(folder);
}

static bool count_one(const struct saying *saying, void *arg)
{
	uint64_t *count = arg;

	*count += saying->text_len > 0;
	return true;
}

static uint64_t look_through(struct offline *o, struct room *room,
			     struct histogram *h)
{
	int64_t began_ns = proc_now_ns();
	uint64_t count = 0;
	struct history_walk walk = { .store = o->store,
				     .room = room_name(room),
				     .visit = count_one,
				     .arg = &count };

	if (history_scan(&walk, 1) != ERR_OK)
		fail("what was said in %s cannot be read", room_name(room));
	histogram_record(h, proc_now_ns() - began_ns);
	return count;
}

static uint64_t recall(struct offline *o, struct room *room)
{
	int64_t began_ns;
	uint64_t count;

	drop_pages();
	began_ns = proc_now_ns();
	history_warm(o->chat, room);
	histogram_record(&warmed, proc_now_ns() - began_ns);
	(void)look_through(o, room, &cold);
	count = look_through(o, room, &again);
	if (count != room->history.stored)
		fail("%s has %llu messages, not %llu", room_name(room),
		     (unsigned long long)count,
		     (unsigned long long)room->history.stored);
	if (all != 0 && count != room->history.last_id)
		fail("%s has %llu messages of %llu", room_name(room),
		     (unsigned long long)count,
		     (unsigned long long)room->history.last_id);
	return count;
}

int main(int argc, char **argv)
{
	struct offline offline;
	struct room **rooms;
	uint64_t total = 0;
	uint64_t lobby;
	size_t count;

	options_read(
		(const struct option_row[]){
			{ "dir", &dir, NULL, 0, 0, "data directory" },
			{ "messages", NULL, &wanted, 0, INT64_MAX,
			  "that must be there" },
			{ "all", NULL, &all, 0, 1,
			  "1: every number given must be there" },
			{ 0 },
		},
		argc, argv);
	offline_open(&offline, dir);
	rooms = chat_rooms(offline.chat, &count);
	for (size_t i = 0; i < count; i++)
		total += recall(&offline, rooms[i]);
	if (wanted >= 0 && total != (uint64_t)wanted)
		fail("%llu messages are stored", (unsigned long long)total);
	chat_free_rooms(rooms, count);
	lobby = chat_default_room(offline.chat)->history.stored;
	report_latency("replay-", &warmed);
	report_latency("cold-scan-", &cold);
	report_latency("scan-", &again);
	report_figure("stored", (double)total, "messages");
	report_figure("of-lobby", (double)lobby, "messages");
	offline_close(&offline);
	return 0;
}
