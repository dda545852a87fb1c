#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/mem.h"
#include "contest.h"
#include "crowd.h"
#include "proc.h"
#include "report.h"

enum {
	EVENTS_AT_ONCE = 64,
	PATIENCE_MS = 60000,
	SOURCES = 50,
	SESSIONS = 2, /* of each client */
};

static const struct contender_plan *plan;
static const struct wire_tongue *tongue;
static struct target target;
static struct intake *intake;
static struct wire_session *sessions; /* client's own, and its hot one */
static unsigned inside;
static int watch = -1;

static void meet(struct wire_session *s, unsigned number)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };

	s->client = number / SESSIONS;
	s->user = number % SESSIONS == 0 ? s->client + 1 : 0;
	s->mind = mem_zero(tongue->mind_bytes);
	event.data.ptr = s;
	peer_open(&s->peer, &target, number, intake, NULL);
	if (epoll_ctl(watch, EPOLL_CTL_ADD, s->peer.fd, &event) != 0)
		fail("epoll: %s", strerror(errno));
}

void wire_enter(struct wire_session *s)
{
	s->is_in = true;
	inside++;
}

void wire_answer(struct wire_session *s)
{
	if (!s->is_asked)
		fail("an answer that nobody has asked for");
	s->is_asked = false;
	s->is_answered = true;
}

static void hear(struct wire_session *s)
{
	const char *line;
	uint32_t left;

	while ((left = peer_receive(&s->peer, &line, NULL)) > 0)
		while (left > 0) {
			const char *end = memchr(line, '\n', left);
			uint32_t len = (uint32_t)(end + 1 - line);

			tongue->hear(s, line, len - 1);
			line += len;
			left -= len;
		}
}

static void attend(struct wire_session *s)
{
	peer_turn(&s->peer);
	if (s->peer.stage != PEER_OPEN) {
		if (!peer_advance(&s->peer))
			return;
		tongue->greet(s);
	}
	hear(s);
}

/* Without a contest while the sessions come in. */
void wire_wait(struct contest *contest)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int n = epoll_wait(watch, events, EVENTS_AT_ONCE, PATIENCE_MS);

	if (n == 0)
		fail("nothing for %d s", PATIENCE_MS / 1000);
	for (int i = 0; i < n; i++) {
		struct wire_session *s = events[i].data.ptr;

		attend(s);
		if (s->is_answered) {
			s->is_answered = false;
			contest_answered(contest, s->client);
		}
	}
}

void wire_open(const struct contender_plan *the_plan,
	       const struct wire_tongue *the_tongue)
{
	struct crowd_plan defaults;
	unsigned count;

	plan = the_plan;
	tongue = the_tongue;
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
		wire_wait(NULL);
}

struct wire_session *wire_payer(unsigned client, const struct transfer *t)
{
	return &sessions[client * SESSIONS + (t->from == 0)];
}

/* The hot account stays a side of the transfer. */
uint32_t wire_payee(const struct wire_session *s, const struct transfer *t)
{
	uint32_t payee = t->to;

	if (s->user != 0 && t->from == 0)
		payee = 0;
	return payee != s->user ? payee : t->from;
}

void wire_ask(struct wire_session *s, const char *bytes, size_t len)
{
	s->is_asked = true;
	peer_send(&s->peer, bytes, len);
}

int64_t wire_cpu_ns(void)
{
	return proc_cpu_ns((pid_t)plan->pid);
}

/* Whoever has started the daemon verifies its data when it has ended. */
void wire_check(uint64_t transfers)
{
	report_figure("transfers", (double)transfers, "times");
}

void wire_close(void)
{
	for (unsigned i = 0; i < plan->clients * SESSIONS; i++) {
		peer_close(&sessions[i].peer);
		if (tongue->forget)
			tongue->forget(&sessions[i]);
		mem_free(sessions[i].mind);
	}
	mem_free(sessions);
	mem_free(intake);
	target_close(&target);
}
