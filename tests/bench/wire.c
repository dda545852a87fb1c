/*
 * Rialto as its users have it: sessions over TLS, in machine mode, that say
 * "/pay NAME AMOUNT memo id=UUID" and are answered "== ok". A session pays from
 * its own user's account. So each client has two: one of its own user, which
 * pays to whom the transfer says, and one of the user of the hot account.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/mem.h"
#include "contender.h"
#include "contest.h"
#include "crowd.h"
#include "crypto/uuid.h"
#include "peer.h"
#include "proc.h"
#include "report.h"

enum {
	EVENTS_AT_ONCE = 64,
	PATIENCE_MS = 60000,
	SOURCES = 50,
	GREETINGS = 2, /* answers until a session is in */
	SESSIONS = 2,  /* of each client */
};

struct session {
	struct peer peer;
	uint32_t user;
	unsigned client;
	unsigned left;    /* answers that it waits for before it is in */
	bool is_asked;    /* a transfer waits for its answer */
	bool is_answered; /* seen while lines were read */
};

static const struct contender_plan *plan;
static struct target target;
static struct intake *intake;
static struct session *sessions; /* client's own, and its hot one */
static unsigned inside;
static int watch = -1;

static void meet(struct session *s, unsigned number)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };

	s->client = number / SESSIONS;
	s->user = number % SESSIONS == 0 ? s->client + 1 : 0;
	s->left = GREETINGS;
	event.data.ptr = s;
	peer_open(&s->peer, &target, number, intake, NULL);
	if (epoll_ctl(watch, EPOLL_CTL_ADD, s->peer.fd, &event) != 0)
		fail("epoll: %s", strerror(errno));
}

static void log_in(struct session *s)
{
	char lines[128];
	int len =
		snprintf(lines, sizeof(lines),
			 "/mode machine\n/login p%u bench-password\n", s->user);

	peer_send(&s->peer, lines, (size_t)len);
}

static void hear_line(struct session *s, const char *line, int len)
{
	if (len < 3 || memcmp(line, "== ", 3) != 0)
		return;
	if (len < 5 || memcmp(line + 3, "ok", 2) != 0)
		fail("p%u is answered %.*s", s->user, len, line);
	if (s->left > 0) {
		inside += --s->left == 0;
		return;
	}
	if (!s->is_asked)
		fail("an answer that nobody has asked for");
	s->is_asked = false;
	s->is_answered = true;
}

static void hear(struct session *s)
{
	const char *line;
	uint32_t left;

	while ((left = peer_receive(&s->peer, &line, NULL)) > 0)
		while (left > 0) {
			const char *end = memchr(line, '\n', left);
			uint32_t len = (uint32_t)(end + 1 - line);

			hear_line(s, line, (int)len - 1);
			line += len;
			left -= len;
		}
}

static void attend(struct session *s)
{
	peer_turn(&s->peer);
	if (s->peer.stage != PEER_OPEN) {
		if (!peer_advance(&s->peer))
			return;
		log_in(s);
	}
	hear(s);
}

/* Without a contest while the sessions come in. */
static void turn(struct contest *contest)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int n = epoll_wait(watch, events, EVENTS_AT_ONCE, PATIENCE_MS);

	if (n == 0)
		fail("nothing for %d s", PATIENCE_MS / 1000);
	for (int i = 0; i < n; i++) {
		struct session *s = events[i].data.ptr;

		attend(s);
		if (s->is_answered) {
			s->is_answered = false;
			contest_answered(contest, s->client);
		}
	}
}

static void wire_open(const struct contender_plan *the_plan)
{
	struct crowd_plan defaults;
	unsigned count;

	plan = the_plan;
	count = (unsigned)plan->clients * SESSIONS;
	crowd_defaults(&defaults);
	target_open(&target, plan->address, (int)plan->port, SOURCES,
		    defaults.priorities);
	proc_allow_files(count);
	intake = mem_zero(sizeof(*intake));
	sessions = mem_array(count, sizeof(*sessions));
	watch = epoll_create1(EPOLL_CLOEXEC);
	for (unsigned i = 0; i < count; i++)
		meet(&sessions[i], i);
	while (inside < count)
		turn(NULL);
}

static void wire_ask(unsigned client, const struct transfer *t)
{
	struct session *s = &sessions[client * SESSIONS + (t->from == 0)];
	uint32_t to = t->to != s->user ? t->to : t->from;
	struct uuid id;
	char text[UUID_TEXT];
	char line[256];
	int len;

	memcpy(id.bytes, t->id, TRANSFER_ID);
	uuid_print(&id, text);
	len = snprintf(line, sizeof(line),
		       "/pay p%u %" PRId64 ".%02d %s id=%s\n", to,
		       t->amount / 100, (int)(t->amount % 100), t->memo, text);
	s->is_asked = true;
	peer_send(&s->peer, line, (size_t)len);
}

static int64_t wire_cpu_ns(void)
{
	return proc_cpu_ns((pid_t)plan->pid);
}

/* Whoever has started the daemon verifies its data when it has ended. */
static void wire_check(uint64_t transfers)
{
	report_figure("transfers", (double)transfers, "times");
}

static void wire_close(void)
{
	for (unsigned i = 0; i < plan->clients * SESSIONS; i++)
		peer_close(&sessions[i].peer);
	mem_free(sessions);
	mem_free(intake);
	target_close(&target);
}

static const struct contender wire = {
	.name = "wire",
	.open = wire_open,
	.ask = wire_ask,
	.wait = turn,
	.cpu_ns = wire_cpu_ns,
	.check = wire_check,
	.close = wire_close,
};

const struct contender *const contender_wire = &wire;
