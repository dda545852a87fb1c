/*
 * A listening address and what is spoken there.
 *
 * Each worker has its own SO_REUSEPORT socket for a TCP listener, so the
 * kernel spreads the connections; Unix sockets and sockets inherited from
 * systemd (sd_listen_fds(3)) are one descriptor in every worker's epoll set.
 */
#ifndef RIALTO_NET_LISTENER_H
#define RIALTO_NET_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/address.h"
#include "net/service.h"

enum listener_service { LISTENER_LINE, LISTENER_ATM };

enum listener_telnet { TELNET_AUTO, TELNET_ALWAYS, TELNET_NEVER };

/* One element of the setting "listeners". */
struct listener_settings {
	int service; /* enum listener_service */
	char *address;
	bool tls;
	bool console;
	char *group; /* NULL: only root and the daemon's user */
	int telnet;  /* enum listener_telnet */
};

struct listener {
	const struct service *service;
	struct address address;
	char *text; /* the address as in the settings */
	bool has_tls;
	bool is_console;
	gid_t group; /* (gid_t)-1: none */
	enum listener_telnet telnet;
	bool is_shared; /* one descriptor for all workers */
	bool is_inherited;
	int *fds; /* one per worker; the same in all when shared */
	unsigned fd_count;
};

/*
 * Opens the sockets for this many workers; inherited is one descriptor that
 * was passed in for this address, or -1. Why not: ERR_EXISTS (the address is
 * in use), ERR_NOT_ALLOWED, ERR_BAD_INPUT.
 */
NODISCARD enum err listener_open(const struct listener_settings *settings,
				 const struct service *service,
				 const char *folder, unsigned workers,
				 int inherited, struct listener *listener_r,
				 struct buf *why);

/* Closes the sockets, and removes a Unix socket that we made. */
void listener_close(struct listener *l);

/*
 * May the peer of fd come in? A console is for root, the daemon's own user and
 * the listener's group, whoever the file's mode lets connect: systemd's is
 * open to everybody. Other listeners are for all.
 */
bool listener_admits(const struct listener *l, int fd);

/* The address that an inherited descriptor is bound to is that of text. */
bool listener_matches(const char *text, const char *folder, int fd);

#endif
