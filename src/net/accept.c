/*
 * Taking connections in. Beyond the limits a few are let into a lounge, where
 * they are told why after the handshake; the others are closed at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "log/log.h"
#include "net/worker_fields.h"

enum {
	ACCEPTS_PER_TURN = 32,
	LOUNGE_MOST = 64,
};

static void log_refused(struct worker *w, const struct address *peer,
			const char *why)
{
	char host[ADDRESS_TEXT];
	unsigned suppressed;

	if (!log_limit_pass(&w->accept_log, w->now_ms, &suppressed))
		return;
	address_print_host(peer, host);
	log_warning("session", "refused address=%s why=\"%s\" more=%u", host,
		    why, suppressed);
}

void peer_turned_away(const struct listener *listener,
		      const struct address *peer, const char *why)
{
	const struct service *service = listener->service;
	char site[ADDRESS_TEXT];

	if (service->turned_away == NULL)
		return;
	address_print_site(peer, site);
	service->turned_away(service, site, why);
}

/* No descriptor is left: take one peer in on the spare and send it away. */
static void refuse_one(struct worker *w, int listening)
{
	struct address peer = { .len = sizeof(peer.storage) };
	int fd;

	close(w->spare_fd);
	fd = accept4(listening, (struct sockaddr *)&peer.storage, &peer.len,
		     SOCK_CLOEXEC);
	if (fd >= 0) {
		log_refused(w, &peer, "no file descriptor is left");
		close(fd);
	}
	w->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Counts the peer in. Whoever can make room must be able to come in. */
static enum err admit(struct worker *w, const struct listener *listener, int fd,
		      const struct address *peer)
{
	enum err e;

	if (!listener_admits(listener, fd)) {
		log_refused(w, peer, "not allowed to use the console");
		peer_turned_away(listener, peer, err_code(ERR_NOT_ALLOWED));
		return ERR_NOT_ALLOWED;
	}
	e = census_enter(w->census, peer,
			 listener->is_console ? -1 : w->limits.sessions,
			 w->limits.sessions_per_address);
	if (e != ERR_OK) {
		log_refused(w, peer, "too many sessions");
		peer_turned_away(listener, peer, err_code(e));
	}
	return e;
}

static void take_in(struct worker *w, struct listener *listener, int fd,
		    const struct address *peer)
{
	enum err refusal = admit(w, listener, fd, peer);
	bool is_counted = refusal == ERR_OK;

	if (refusal != ERR_OK && w->lounge >= LOUNGE_MOST) {
		close(fd);
		return;
	}
	if (session_begin(w, listener, fd, peer, refusal, is_counted) == NULL &&
	    is_counted)
		census_leave(w->census, peer);
}

void worker_accept(struct worker *w, const struct watched_listener *watched)
{
	for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
		struct address peer = { .len = sizeof(peer.storage) };
		int fd = accept4(watched->fd, (struct sockaddr *)&peer.storage,
				 &peer.len, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE ||
			       errno == ENOBUFS || errno == ENOMEM))
			refuse_one(w, watched->fd);
		if (fd < 0)
			return;
		take_in(w, watched->listener, fd, &peer);
	}
}
