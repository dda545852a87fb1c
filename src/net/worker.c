#include "net/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "net/await.h"
#include "net/worker_fields.h"

enum {
	EVENTS = 256,
	CREDIT = 8192,
	/* A handshake step costs half a millisecond at worst. */
	HANDSHAKE_STEPS_PER_TURN = 4,
	/* A busy turn goes on reading so often, so long, before it writes. */
	HOLD_ROUNDS = 8,
	HOLD_US = 300,
	/* While the daemon stops, workers look at the clock so often. */
	DRAIN_STEP_MS = 100,
};

static _Thread_local struct worker *self;

struct worker *worker_self(void)
{
	return self;
}

unsigned worker_index(const struct worker *worker)
{
	return worker->index;
}

struct server *worker_server(const struct worker *worker)
{
	return worker->server;
}

const struct limits *worker_limits(const struct worker *worker)
{
	return &worker->limits;
}

struct outbox_turn *worker_turn(struct worker *worker)
{
	return &worker->turn;
}

int64_t worker_now_ms(const struct worker *worker)
{
	return worker->now_ms;
}

void worker_post(struct worker *worker,
		 void (*fn)(struct worker *worker, void *to, void *arg),
		 void *to, void *arg)
{
	struct mail mail = { fn, to, arg, self, false };

	if (self != NULL)
		atomic_fetch_sub(&self->credit, 1);
	mailbox_put(&worker->mailbox, mail);
}

void worker_post_answer(struct worker *worker,
			void (*fn)(struct worker *worker, void *to, void *arg),
			void *to, void *arg)
{
	struct mail mail = { fn, to, arg, NULL, true };

	mailbox_put(&worker->mailbox, mail);
}

static void wake_up(struct worker *worker, void *to, void *arg)
{
	(void)worker;
	(void)to;
	(void)arg;
}

static void give_back_credit(struct worker *origin, int count)
{
	struct mail mail = { wake_up, NULL, NULL, NULL, false };

	if (origin == NULL || count == 0)
		return;
	atomic_fetch_add(&origin->credit, count);
	if (origin != self && atomic_exchange(&origin->is_starved, false))
		mailbox_put(&origin->mailbox, mail);
}

/* Makes the calls of one batch, giving credit back for runs of one origin. */
static void make_calls(struct worker *w, const struct mail *mails, size_t count)
{
	struct worker *origin = NULL;
	int used = 0;

	for (size_t i = 0; i < count; i++) {
		if (mails[i].origin != origin) {
			give_back_credit(origin, used);
			origin = mails[i].origin;
			used = 0;
		}
		used++;
		if (mails[i].is_answer)
			mail_list_add(&w->answers, mails[i]);
		else
			mails[i].fn(w, mails[i].to, mails[i].arg);
	}
	give_back_credit(origin, used);
}

void worker_empty_mailbox(struct worker *worker)
{
	const struct mail *mails;
	size_t count;

	if (worker->is_reading_mail)
		return;
	worker->is_reading_mail = true;
	while ((count = mailbox_take(&worker->mailbox, &mails)) > 0)
		make_calls(worker, mails, count);
	worker->is_reading_mail = false;
}

static void call_mail(struct worker *w, struct mail mail)
{
	mail.fn(w, mail.to, mail.arg);
}

/* The list may grow while the calls are made. */
static void make_answer_calls(struct worker *w)
{
	for (size_t i = 0; i < w->answers.count; i++)
		call_mail(w, w->answers.mails[i]);
	w->answers.count = 0;
}

static void note_session_event(struct worker *w, struct session *s,
			       uint32_t events)
{
	if (s->state == SESSION_HANDSHAKE) {
		if (list_is_empty(&s->ready_link))
			list_append(&w->handshakes, &s->ready_link);
		return;
	}
	/* Who follows a batch has nothing held back: the turn's end sends it.
	 */
	if ((events & EPOLLOUT) != 0 && s->outbox.following == NULL &&
	    !outbox_is_empty(&s->outbox))
		session_flush(s);
	if ((events & ~(uint32_t)EPOLLOUT) == 0 || s->state == SESSION_ENDED)
		return;
	if (s->state != SESSION_OPEN) {
		session_discard(s);
		return;
	}
	s->is_readable = true;
	if (s->parked == 0 && list_is_empty(&s->ready_link))
		list_append(&w->ready, &s->ready_link);
}

static void take_event(struct worker *w, const struct epoll_event *event)
{
	const enum watch *watch = event->data.ptr;

	switch (*watch) {
	case WATCH_MAILBOX:
		break; /* read by mailbox_awake() */
	case WATCH_LISTENER:
		worker_accept(w, event->data.ptr);
		break;
	case WATCH_SESSION:
		note_session_event(w, event->data.ptr, event->events);
		break;
	}
}

static bool has_work(struct worker *w)
{
	return !list_is_empty(&w->handshakes) || w->answers.count > 0 ||
	       (!list_is_empty(&w->ready) && atomic_load(&w->credit) > 0);
}

/* May it sleep? Says so to those who post, and looks again afterwards. */
static bool may_sleep(struct worker *w)
{
	if (has_work(w))
		return false;
	if (!list_is_empty(&w->ready)) {
		atomic_store(&w->is_starved, true);
		if (atomic_load(&w->credit) > 0)
			return false;
	}
	return mailbox_sleep(&w->mailbox);
}

/* How long an idle worker sleeps, in microseconds; below 0: until an event. */
static int64_t idle_us(const struct worker *w)
{
	int wait_ms = timers_wait_ms(&w->timers, clock_mono_ms());

	if (w->is_draining && (wait_ms < 0 || wait_ms > DRAIN_STEP_MS))
		wait_ms = DRAIN_STEP_MS;
	return wait_ms < 0 ? -1 : (int64_t)wait_ms * 1000;
}

/* Waits at most most_us, or not at all while there is work to do. */
static void wait_for_events(struct worker *w, int64_t most_us)
{
	struct epoll_event events[EVENTS];
	bool sleeps = may_sleep(w);
	int n = await_events(w->epoll, events, EVENTS, sleeps ? most_us : 0);

	if (sleeps)
		mailbox_awake(&w->mailbox);
	w->now_ms = clock_mono_ms();
	for (int i = 0; i < n; i++)
		take_event(w, &events[i]);
}

static void shake_hands(struct worker *w)
{
	for (int i = 0; i < HANDSHAKE_STEPS_PER_TURN; i++) {
		if (list_is_empty(&w->handshakes))
			return;
		session_shake(LIST_ITEM(w->handshakes.next, struct session,
					ready_link));
	}
}

static void read_sessions(struct worker *w)
{
	struct list now;

	list_init(&now);
	list_splice(&now, &w->ready);
	while (!list_is_empty(&now)) {
		struct session *s =
			LIST_ITEM(now.next, struct session, ready_link);

		/* Back in the queue first: reading takes it out when done. */
		list_remove(&s->ready_link);
		list_append(&w->ready, &s->ready_link);
		if (atomic_load_explicit(&w->credit, memory_order_relaxed) > 0)
			session_read(s);
	}
}

static void expire(struct timer *timer, void *arg)
{
	(void)arg;
	session_expired(CONTAINER(timer, struct session, timer));
}

static void close_sessions(struct worker *w)
{
	while (!list_is_empty(&w->closing)) {
		struct session *s = LIST_ITEM(w->closing.next, struct session,
					      closing_link);

		list_remove(&s->closing_link);
		session_left(s);
	}
}

static void flush(struct worker *w)
{
	while (!list_is_empty(&w->turn.channels))
		channel_flush(LIST_ITEM(w->turn.channels.next, struct channel,
					turn_link));
	while (!list_is_empty(&w->turn.outboxes)) {
		struct outbox *o = LIST_ITEM(w->turn.outboxes.next,
					     struct outbox, turn_link);

		list_remove(&o->turn_link);
		session_flush(CONTAINER(o, struct session, outbox));
	}
	w->lines_before = w->turn.lines;
	w->turn.lines = 0;
}

static void free_sessions(struct worker *w)
{
	while (!list_is_empty(&w->ended))
		session_free(
			LIST_ITEM(w->ended.next, struct session, closing_link));
}

/* One round: what has come is read, done, and answered into the outboxes. */
static void work(struct worker *w)
{
	worker_empty_mailbox(w);
	make_answer_calls(w);
	shake_hands(w);
	read_sessions(w);
	worker_empty_mailbox(w);
	make_answer_calls(w);
	timers_run(&w->timers, w->now_ms, expire, w);
}

/*
 * Writing costs a system call and a record for each receiver, so a turn that
 * has several lines for them, or whose predecessor had, reads on for a moment
 * first. A lone line is never held.
 */
static bool is_worth_holding(const struct worker *w)
{
	return w->turn.lines >= 2 ||
	       (w->turn.lines == 1 && w->lines_before >= 2);
}

static void hold(struct worker *w)
{
	int64_t until_us = clock_mono_us() + HOLD_US;

	for (int i = 1; i < HOLD_ROUNDS; i++) {
		int64_t left_us = until_us - clock_mono_us();

		if (left_us <= 0)
			return;
		wait_for_events(w, left_us);
		work(w);
	}
}

static void turn(struct worker *w)
{
	wait_for_events(w, idle_us(w));
	work(w);
	if (is_worth_holding(w))
		hold(w);
	close_sessions(w);
	flush(w);
	close_sessions(w);
	free_sessions(w);
}

static void stop_sessions(struct worker *w)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &w->sessions)
		session_stop(LIST_ITEM(l, struct session, all_link));
}

static void end_sessions(struct worker *w)
{
	stop_sessions(w);
	close_sessions(w);
	flush(w);
	while (!list_is_empty(&w->sessions)) {
		struct session *s =
			LIST_ITEM(w->sessions.next, struct session, all_link);

		s->parked = 0; /* its job's answer will find nobody */
		session_stop(s);
		close_sessions(w);
		session_end(s);
	}
	free_sessions(w);
}

void worker_run(void *arg)
{
	struct worker *w = arg;

	self = w;
	while (!w->is_draining ||
	       (w->session_count > 0 && clock_mono_ms() < w->drain_until_ms))
		turn(w);
	end_sessions(w);
	worker_empty_mailbox(w);
}

void worker_drain(struct worker *w, int64_t until_ms)
{
	w->is_draining = true;
	w->drain_until_ms = until_ms;
	for (unsigned i = 0; i < w->listener_count; i++)
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, w->listeners[i].fd, NULL);
	stop_sessions(w);
}

void worker_init(struct worker *w, unsigned index, struct server *server,
		 struct census *census)
{
	w->index = index;
	w->server = server;
	w->census = census;
	w->first_free = UINT32_MAX;
	mailbox_init(&w->mailbox);
	atomic_init(&w->credit, CREDIT);
	atomic_init(&w->is_starved, false);
	timers_init(&w->timers, clock_mono_ms());
	outbox_turn_init(&w->turn);
	list_init(&w->sessions);
	list_init(&w->handshakes);
	list_init(&w->ready);
	list_init(&w->closing);
	list_init(&w->ended);
	w->now_ms = clock_mono_ms();
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (w->epoll < 0 || w->spare_fd < 0) {
		perror("worker");
		exit(71); /* EX_OSERR */
	}
}

static void add_watch(struct worker *w, int fd, uint32_t events, void *what)
{
	struct epoll_event event = { .events = events, .data.ptr = what };

	if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		perror("epoll_ctl");
		exit(71); /* EX_OSERR */
	}
}

void worker_listen(struct worker *w, struct listener *listeners, unsigned count)
{
	w->mailbox_watch = WATCH_MAILBOX;
	add_watch(w, w->mailbox.wake_fd, EPOLLIN, &w->mailbox_watch);
	w->listeners = mem_array(count, sizeof(w->listeners[0]));
	w->listener_count = count;
	for (unsigned i = 0; i < count; i++) {
		uint32_t events = EPOLLIN;

		if (listeners[i].is_shared)
			events |= EPOLLEXCLUSIVE;
		w->listeners[i].watch = WATCH_LISTENER;
		w->listeners[i].listener = &listeners[i];
		w->listeners[i].fd = listeners[i].fds[w->index];
		add_watch(w, w->listeners[i].fd, events, &w->listeners[i]);
	}
}

void worker_empty_late(struct worker *w)
{
	worker_empty_mailbox(w);
	make_answer_calls(w);
}

void worker_fini(struct worker *w)
{
	assert(list_is_empty(&w->sessions));
	mailbox_fini(&w->mailbox);
	tls_unref(&w->tls);
	mem_free(w->answers.mails);
	mem_free(w->listeners);
	mem_free(w->slots);
	close(w->epoll);
	close(w->spare_fd);
}
