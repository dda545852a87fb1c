#include "receiver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "message.h"
#include "proc.h"
#include "report.h"

enum { EVENTS = 256, NS_PER_S = 1000000000 };

struct member {
	struct peer peer;
	unsigned step;
	unsigned answers; /* that the step still takes */
	uint32_t confirmed;
	bool is_in;
};

struct receiver {
	struct crowd *crowd;
	unsigned index;
	unsigned count; /* of members */
	unsigned opened;
	struct member *members;
	int epoll_fd;
	int wake_fd;
	int timer_fd;
	bool is_ticking;
	unsigned next_sender; /* at a rate: whose turn it is */
	int64_t due_ns;       /* at a rate: when the next message is due */
	bool is_measuring;
	struct arrivals arrivals;
	struct thread thread;
	_Atomic uint64_t deliveries;
	uint64_t delivered; /* as deliveries, for this thread alone */
	char say[DIALECT_LINE_MOST + MESSAGE_MOST];
	size_t say_len; /* before the text */
	struct histogram latency;
	struct intake intake;
};

static unsigned owner_of(const struct crowd *c, unsigned member)
{
	return member % c->receiver_count;
}

static void open_next(struct receiver *r)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
	struct member *m;

	if (r->opened == r->count)
		return;
	m = &r->members[r->opened];
	event.data.ptr = m;
	peer_open(&m->peer, &r->crowd->target,
		  r->opened * r->crowd->receiver_count + r->index, &r->intake,
		  NULL);
	if (epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, m->peer.fd, &event) != 0)
		fail("epoll: %s", strerror(errno));
	r->opened++;
}

/* Sends what the member's step has to say, or finds that it is in. */
static void take_step(struct receiver *r, struct member *m)
{
	const struct crowd *c = r->crowd;
	const struct dialect_step *step = &c->dialect->steps[m->step];
	char text[DIALECT_LINE_MOST];
	char name[64];

	if (!step->format) {
		m->is_in = true;
		atomic_fetch_add(&r->crowd->inside, 1);
		open_next(r);
		return;
	}
	snprintf(name, sizeof(name), "%s%05u", c->plan.prefix, m->peer.index);
	m->answers = step->answers;
	peer_send(&m->peer, text,
		  dialect_print(text, step->format, name, c->plan.room));
}

/* A message has landed once more; tells its sender's thread when it is over. */
static void land(struct receiver *r, unsigned sender, uint32_t seq)
{
	struct crowd *c = r->crowd;
	unsigned owner = owner_of(c, sender);

	if (flight_land(&c->flight, sender, seq) && owner != r->index &&
	    c->plan.rate == 0)
		receiver_wake(c->receivers[owner]);
}

static void answered(struct receiver *r, struct member *m)
{
	if (m->is_in) {
		if (m->peer.index >= r->crowd->flight.sender_count)
			fail("member %u got an answer for nothing",
			     m->peer.index);
		land(r, m->peer.index, m->confirmed++);
		return;
	}
	if (--m->answers > 0)
		return;
	m->step++;
	take_step(r, m);
}

static void take_other(struct receiver *r, struct member *m, const char *line,
		       size_t len)
{
	const struct dialect *d = r->crowd->dialect;

	switch (d->judge(&d->steps[m->step], line, len)) {
	case VERDICT_OTHER:
		break;
	case VERDICT_DONE:
		answered(r, m);
		break;
	case VERDICT_REFUSED:
		fail("member %u was refused: %.*s", m->peer.index, (int)len,
		     line);
	case VERDICT_PING:
		peer_send(&m->peer, "PONG :bench\r\n", 13);
		break;
	}
}

static void take_message(struct receiver *r, struct member *m, uint32_t sender,
			 uint32_t seq, int64_t now_ns)
{
	struct flight *f = &r->crowd->flight;
	unsigned slot;

	if (sender >= f->sender_count || sender == m->peer.index ||
	    !arrivals_note(&r->arrivals, (unsigned)(m - r->members), sender,
			   seq))
		fail("member %u got message %u of %u, not the one due",
		     m->peer.index, seq, sender);
	slot = flight_slot(f, sender, seq);
	r->delivered++;
	if (r->is_measuring)
		histogram_record(
			&r->latency,
			now_ns - atomic_load_explicit(&f->slots[slot].sent_ns,
						      memory_order_relaxed));
	if (arrivals_complete(&r->arrivals, slot,
			      r->count -
				      (owner_of(r->crowd, sender) == r->index)))
		land(r, sender, seq);
}

static void take_lines(struct receiver *r, struct member *m, const char *line,
		       uint32_t left)
{
	unsigned text = (unsigned)r->crowd->plan.text;
	int64_t now_ns = proc_now_ns();

	r->is_measuring = atomic_load(&r->crowd->phase) == CROWD_MEASURE;
	while (left > 0) {
		const char *end = memchr(line, '\n', left);
		uint32_t len = (uint32_t)(end - line);
		uint32_t sender;
		uint32_t seq;

		left -= len + 1;
		if (len > 0 && end[-1] == '\r')
			len--;
		if (m->is_in && len > text &&
		    message_read(line + len - text, text, &sender, &seq))
			take_message(r, m, sender, seq, now_ns);
		else
			take_other(r, m, line, len);
		line = end + 1;
	}
	atomic_store_explicit(&r->deliveries, r->delivered,
			      memory_order_relaxed);
}

static void take_news(struct receiver *r, struct member *m)
{
	const char *lines;
	uint32_t len;

	peer_turn(&m->peer);
	if (m->peer.stage != PEER_OPEN) {
		if (!peer_advance(&m->peer))
			return;
		take_step(r, m);
	}
	while ((len = peer_receive(&m->peer, &lines, NULL)) > 0)
		take_lines(r, m, lines, len);
}

static void say(struct receiver *r, unsigned sender, int64_t now_ns)
{
	const struct crowd *c = r->crowd;
	struct member *m = &r->members[sender / c->receiver_count];
	uint32_t seq =
		flight_launch(&r->crowd->flight, sender, c->landings, now_ns);
	size_t text = (size_t)c->plan.text;
	size_t end_len = strlen(c->dialect->line_end);

	message_write(r->say + r->say_len, (unsigned)text, sender, seq);
	memcpy(r->say + r->say_len + text, c->dialect->line_end, end_len);
	peer_send(&m->peer, r->say, r->say_len + text + end_len);
}

/* Says what the windows of this thread's senders allow. */
static void say_all(struct receiver *r)
{
	struct flight *f = &r->crowd->flight;
	enum crowd_phase phase = atomic_load(&r->crowd->phase);

	if ((phase != CROWD_WARM && phase != CROWD_MEASURE) ||
	    r->crowd->plan.rate > 0)
		return;
	for (unsigned s = r->index; s < f->sender_count;
	     s += r->crowd->receiver_count) {
		unsigned credits = flight_take_credits(f, s);

		while (credits-- > 0)
			say(r, s, proc_now_ns());
	}
}

/* The time between two messages of this thread, at a rate. */
static int64_t tick_ns(const struct receiver *r)
{
	const struct crowd *c = r->crowd;
	int64_t own = 0;

	for (unsigned s = r->index; s < c->flight.sender_count;
	     s += c->receiver_count)
		own++;
	if (c->plan.rate == 0 || own == 0)
		return 0;
	return NS_PER_S * (int64_t)c->flight.sender_count /
	       (c->plan.rate * own);
}

/* Starts or stops the timer of a rate when the phase asks for it. */
static void set_ticking(struct receiver *r)
{
	enum crowd_phase phase = atomic_load(&r->crowd->phase);
	bool want = phase == CROWD_WARM || phase == CROWD_MEASURE;
	int64_t ns = tick_ns(r);
	struct itimerspec timer = { 0 };

	if (ns == 0 || want == r->is_ticking)
		return;
	r->is_ticking = want;
	if (want) {
		timer.it_interval.tv_sec = ns / NS_PER_S;
		timer.it_interval.tv_nsec = ns % NS_PER_S;
		timer.it_value = timer.it_interval;
		r->due_ns = proc_now_ns() + ns;
	}
	if (timerfd_settime(r->timer_fd, 0, &timer, NULL) != 0)
		fail("timerfd: %s", strerror(errno));
}

/*
 * Says one message for each tick that has passed, dated when it was due: a
 * server that stalls is charged for what people meant to say meanwhile.
 */
static void tick(struct receiver *r)
{
	const struct crowd *c = r->crowd;
	uint64_t ticks = 0;

	if (read(r->timer_fd, &ticks, sizeof(ticks)) < 0 || !r->is_ticking)
		return;
	for (; ticks > 0; ticks--) {
		unsigned s = r->next_sender;

		if (!flight_take_credit(&r->crowd->flight, s))
			fail("sender %u has %u messages unanswered", s,
			     c->flight.window);
		say(r, s, r->due_ns);
		r->due_ns += tick_ns(r);
		s += c->receiver_count;
		r->next_sender = s < c->flight.sender_count ? s : r->index;
	}
}

static void run(void *arg)
{
	struct receiver *r = arg;
	struct epoll_event events[EVENTS];
	int64_t each = r->crowd->plan.concurrency / r->crowd->receiver_count;

	for (int64_t i = 0; i < each || i == 0; i++)
		open_next(r);
	while (atomic_load(&r->crowd->phase) != CROWD_STOP) {
		int count = epoll_wait(r->epoll_fd, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			uint64_t ignored;

			if (events[i].data.ptr == &r->wake_fd)
				(void)!read(r->wake_fd, &ignored,
					    sizeof(ignored));
			else if (events[i].data.ptr == &r->timer_fd)
				tick(r);
			else
				take_news(r, events[i].data.ptr);
		}
		set_ticking(r);
		say_all(r);
	}
	for (unsigned i = 0; i < r->opened; i++)
		peer_close(&r->members[i].peer);
}

static void watch(struct receiver *r, int *fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = fd };

	if (*fd < 0 || epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, *fd, &event) != 0)
		fail("epoll: %s", strerror(errno));
}

struct receiver *receiver_new(struct crowd *c, unsigned index)
{
	struct receiver *r = mem_zero(sizeof(*r));

	r->crowd = c;
	r->index = index;
	r->next_sender = index;
	r->count = ((unsigned)c->plan.members - index + c->receiver_count - 1) /
		   c->receiver_count;
	r->members = mem_array(r->count, sizeof(*r->members));
	arrivals_init(&r->arrivals, &c->flight, r->count);
	r->say_len = dialect_print(r->say, c->dialect->say, "", c->plan.room);
	r->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	watch(r, &r->wake_fd);
	watch(r, &r->timer_fd);
	thread_start(&r->thread, "receiver", run, r);
	return r;
}

void receiver_wake(struct receiver *r)
{
	uint64_t one = 1;

	(void)!write(r->wake_fd, &one, sizeof(one));
}

uint64_t receiver_deliveries(const struct receiver *r)
{
	return atomic_load_explicit(&r->deliveries, memory_order_relaxed);
}

struct histogram *receiver_latency(struct receiver *r)
{
	return &r->latency;
}

void receiver_complain(const struct receiver *r)
{
	const struct flight *f = &r->crowd->flight;
	unsigned lacking = 0;

	for (unsigned i = 0; i < r->count * f->sender_count; i++) {
		const struct member *m = &r->members[i / f->sender_count];
		unsigned sender = i % f->sender_count;
		uint32_t said = f->senders[sender].next;

		if (m->peer.index == sender || r->arrivals.due[i] == said)
			continue;
		fprintf(stderr, "member %u lacks messages %u to %u of %u\n",
			m->peer.index, r->arrivals.due[i], said - 1, sender);
		lacking++;
	}
	if (lacking > 0)
		fail("messages lost");
}

void receiver_free(struct receiver **r)
{
	if (!*r)
		return;
	thread_join(&(*r)->thread);
	arrivals_fini(&(*r)->arrivals);
	close((*r)->epoll_fd);
	close((*r)->wake_fd);
	close((*r)->timer_fd);
	mem_free((*r)->members);
	mem_free(*r);
	*r = NULL;
}
