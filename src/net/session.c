#include "net/session.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "net/worker_fields.h"

/* How long one may be served in a turn in which others wait. */
enum { SLICE_US = 1000 };

static void set_timer_ms(struct session *s, int64_t after_ms)
{
	timers_set(&s->worker->timers, &s->timer, clock_mono_ms() + after_ms);
}

static void take_slot(struct session *s)
{
	struct worker *w = s->worker;
	uint32_t i = w->first_free;

	if (i == UINT32_MAX) { /* none is free */
		uint32_t count = w->slot_count > 0 ? 2 * w->slot_count : 64;

		w->slots = mem_resize(w->slots, count * sizeof(w->slots[0]));
		for (uint32_t k = count; k-- > w->slot_count;) {
			w->slots[k] = (struct slot){ NULL, w->first_free };
			w->first_free = k;
		}
		w->slot_count = count;
		i = w->first_free;
	}
	w->first_free = w->slots[i].next_free;
	w->slots[i].session = s;
	s->handle.worker = w->index;
	s->handle.slot = i;
	s->handle.number = census_number(w->census);
}

static uid_t peer_uid(int fd, const struct address *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (!address_is_unix(peer) ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return (uid_t)-1;
	return cred.uid;
}

static bool watch(struct session *s)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = s,
	};

	return epoll_ctl(s->worker->epoll, EPOLL_CTL_ADD, s->stream.fd,
			 &event) == 0;
}

struct session *session_begin(struct worker *w, struct listener *listener,
			      int fd, const struct address *peer,
			      enum err refusal, bool is_counted)
{
	struct session *s = mem_zero(sizeof(*s));

	s->watch = WATCH_SESSION;
	s->worker = w;
	s->listener = listener;
	s->peer = *peer;
	s->uid = peer_uid(fd, peer);
	s->opened_ms = clock_wall_ms();
	s->last_input_ms = clock_mono_ms();
	s->state = SESSION_HANDSHAKE;
	s->refusal = refusal;
	list_init(&s->ready_link);
	list_init(&s->closing_link);
	list_init(&s->all_link);
	timer_init(&s->timer);
	if (!stream_init(&s->stream, fd, listener->has_tls ? w->tls : NULL,
			 listener->service->alpn)) {
		mem_free(s);
		return NULL;
	}
	if (listener->service->asks_certificate)
		stream_ask_certificate(&s->stream);
	if (!watch(s)) {
		stream_close(&s->stream);
		mem_free(s);
		return NULL;
	}
	outbox_init(&s->outbox, &w->turn, &s->stream,
		    (uint32_t)w->limits.output_queue_bytes);
	take_slot(s);
	s->is_counted = is_counted;
	w->lounge += !is_counted;
	w->session_count++;
	list_append(&w->sessions, &s->all_link);
	list_append(&w->handshakes, &s->ready_link);
	set_timer_ms(s, w->limits.handshake_timeout_s * 1000);
	return s;
}

void session_log(struct session *s, struct log_limit *limit, const char *what,
		 const char *why)
{
	char host[ADDRESS_TEXT];
	unsigned suppressed;

	if (!log_limit_pass(limit, s->worker->now_ms, &suppressed))
		return;
	session_print_host(s, host);
	log_info("session", "%s address=%s why=\"%s\" more=%u", what, host, why,
		 suppressed);
}

static void tell_handshake(struct session *s, const char *why)
{
	peer_turned_away(s->listener, &s->peer, "handshake-failed");
	session_log(s, &s->worker->handshake_log, "handshake failed", why);
}

/* The handshake is done. */
static void open_session(struct session *s)
{
	timers_clear(&s->worker->timers, &s->timer);
	s->state = SESSION_OPEN;
	s->is_readable = true;
	list_remove(&s->ready_link);
	if (s->refusal != ERR_OK) {
		s->listener->service->refuse(s, s->refusal, NULL);
		session_close(s, s->refusal);
		return;
	}
	list_append(&s->worker->ready, &s->ready_link);
	s->listener->service->open(s);
}

void session_shake(struct session *s)
{
	switch (stream_handshake(&s->stream)) {
	case STREAM_OK:
		open_session(s);
		return;
	case STREAM_AGAIN:
		list_remove(&s->ready_link);
		return;
	case STREAM_CLOSED:
	case STREAM_FAILED:
		tell_handshake(s, stream_fault(&s->stream));
		session_linger(s);
		return;
	}
}

static bool may_go_on(const struct session *s)
{
	return s->parked == 0 && s->state == SESSION_OPEN &&
	       !session_is_clogged(s);
}

/* Gives bytes to the service; returns how many it used. */
static size_t give(struct session *s, const char *bytes, size_t len)
{
	if (!may_go_on(s))
		return 0;
	return s->listener->service->input(s, bytes, len);
}

/* One piece from the stream. False when there is nothing more this turn. */
static bool read_piece(struct session *s, size_t *total)
{
	struct worker *w = s->worker;
	size_t used;
	size_t len;

	switch (stream_receive(&s->stream, w->scratch, sizeof(w->scratch),
			       &len)) {
	case STREAM_OK:
		break;
	case STREAM_AGAIN:
		s->is_readable = false;
		return false;
	case STREAM_CLOSED:
		session_close(s, ERR_OK);
		return false;
	case STREAM_FAILED:
	default:
		log_debug("session", "lost why=\"%s\"",
			  stream_fault(&s->stream));
		session_close(s, ERR_IO);
		return false;
	}
	if (len == 0)
		return true;
	*total += len;
	s->last_input_ms = w->now_ms;
	worker_empty_mailbox(w);
	used = give(s, w->scratch, len);
	if (used < len && s->state == SESSION_OPEN)
		buf_add(&s->input, w->scratch + used, len - used);
	mem_wipe(w->scratch, len); /* there may be a password in it */
	return true;
}

void session_read(struct session *s)
{
	size_t most = (size_t)s->worker->limits.input_per_turn_bytes;
	size_t total = 0;
	bool has_more = true;

	if (s->state != SESSION_OPEN) {
		session_discard(s);
		return;
	}
	s->slice_until_us = clock_mono_us() + SLICE_US;
	if (buf_len(&s->input) > 0)
		buf_take(&s->input,
			 give(s, buf_at(&s->input), buf_len(&s->input)));
	/* Pieces may be as small as a byte, so it is the time that counts. */
	while (has_more && total < most && may_go_on(s) &&
	       buf_len(&s->input) == 0 && !session_must_yield(s)) {
		buf_wipe(&s->input);
		has_more = read_piece(s, &total);
	}
	/* Else it stays among the ready, for the next turn. */
	if (!may_go_on(s) || (!has_more && buf_len(&s->input) == 0))
		list_remove(&s->ready_link);
}

void session_expired(struct session *s)
{
	int64_t idle_ms = clock_mono_ms() - s->last_input_ms;

	if (s->state == SESSION_HANDSHAKE) {
		tell_handshake(s, "it took too long");
		session_end(s);
	} else if (s->state != SESSION_OPEN) {
		session_end(s);
	} else if (s->idle_timeout_ms > idle_ms) {
		set_timer_ms(s, s->idle_timeout_ms - idle_ms);
	} else {
		session_refuse(s, ERR_TIMEOUT);
	}
}

struct session_handle session_handle(const struct session *s)
{
	return s->handle;
}

struct session *session_find(struct worker *worker,
			     struct session_handle handle)
{
	struct session *s;

	if (handle.worker != worker->index || handle.slot >= worker->slot_count)
		return NULL;
	s = worker->slots[handle.slot].session;
	if (s == NULL || s->handle.number != handle.number ||
	    s->state != SESSION_OPEN)
		return NULL;
	return s;
}

uint64_t session_tag(const struct session *s)
{
	return s->handle.number << 28 | (uint64_t)s->handle.slot << 8 |
	       s->handle.worker;
}

struct session *session_tagged(struct worker *worker, uint64_t tag)
{
	struct session_handle handle = { tag & 0xff, (tag >> 8) & 0xfffff,
					 tag >> 28 };

	return tag == 0 ? NULL : session_find(worker, handle);
}

struct worker *session_worker(const struct session *s)
{
	return s->worker;
}

const struct service *session_service(const struct session *s)
{
	return s->listener->service;
}

const struct listener *session_listener(const struct session *s)
{
	return s->listener;
}

void *session_data(const struct session *s)
{
	return s->data;
}

void session_set_data(struct session *s, void *data)
{
	s->data = data;
}

void session_write(struct session *s, const void *bytes, size_t len)
{
	outbox_write(&s->outbox, bytes, len);
}

struct outbox *session_outbox(struct session *s)
{
	return &s->outbox;
}

void session_park(struct session *s)
{
	s->parked++;
}

void session_resume(struct session *s)
{
	assert(s->parked > 0);
	if (--s->parked > 0 || s->state != SESSION_OPEN)
		return;
	if (s->worker->is_draining)
		session_stop(s);
	else
		session_go_on(s);
}

void session_go_on(struct session *s)
{
	if (may_go_on(s) && list_is_empty(&s->ready_link) &&
	    (s->is_readable || buf_len(&s->input) > 0))
		list_append(&s->worker->ready, &s->ready_link);
}

bool session_is_parked(const struct session *s)
{
	return s->parked > 0;
}

bool session_is_clogged(const struct session *s)
{
	return s->listener->service->waits_for_readers &&
	       buf_len(&s->outbox.queue) > s->outbox.limit / 4;
}

bool session_must_yield(const struct session *s)
{
	return clock_mono_us() >= s->slice_until_us;
}

void session_close(struct session *s, enum err why)
{
	if (s->state != SESSION_OPEN)
		return;
	s->state = SESSION_CLOSING;
	s->why = why;
	/* Or it ends when due, before the service has heard of it. */
	timers_clear(&s->worker->timers, &s->timer);
	list_append(&s->worker->closing, &s->closing_link);
}

bool session_is_closing(const struct session *s)
{
	return s->state != SESSION_OPEN;
}

void session_refuse(struct session *s, enum err why)
{
	session_refuse_why(s, why, NULL);
}

void session_refuse_why(struct session *s, enum err why, const char *words)
{
	if (s->state != SESSION_OPEN)
		return;
	s->listener->service->refuse(s, why, words);
	session_close(s, why);
}

void session_set_deadline(struct session *s, int64_t seconds)
{
	s->idle_timeout_ms = 0;
	if (seconds > 0)
		set_timer_ms(s, seconds * 1000);
	else
		timers_clear(&s->worker->timers, &s->timer);
}

void session_set_idle_timeout(struct session *s, int64_t seconds)
{
	session_set_deadline(s, seconds);
	s->idle_timeout_ms = seconds > 0 ? seconds * 1000 : 0;
}

int64_t session_idle_s(const struct session *s)
{
	return (clock_mono_ms() - s->last_input_ms) / 1000;
}

int64_t session_opened_ms(const struct session *s)
{
	return s->opened_ms;
}

void session_print_host(const struct session *s, char text_r[ADDRESS_TEXT])
{
	address_print_host(&s->peer, text_r);
}

void session_print_site(const struct session *s, char text_r[ADDRESS_TEXT])
{
	address_print_site(&s->peer, text_r);
}

void session_describe(const struct session *s, char *text_r, size_t size)
{
	stream_describe(&s->stream, text_r, size);
}

bool session_is_tls13(const struct session *s)
{
	return stream_is_tls13(&s->stream);
}

bool session_export(const struct session *s, const char *label, void *bytes_r,
		    size_t size)
{
	return stream_export(&s->stream, label, bytes_r, size);
}

bool session_client_fingerprint(const struct session *s,
				uint8_t digest_r[DIGEST_BYTES])
{
	return s->listener->service->asks_certificate &&
	       stream_client_fingerprint(&s->stream, digest_r);
}

uid_t session_uid(const struct session *s)
{
	return s->uid;
}
