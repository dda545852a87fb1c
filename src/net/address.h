/*
 * Where a listener listens and a peer comes from. Any thread.
 */
#ifndef RIALTO_NET_ADDRESS_H
#define RIALTO_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/attr.h"
#include "base/buf.h"

struct address {
	struct sockaddr_storage storage;
	socklen_t len;
};

/* Bytes for a printed address, with its NUL. */
enum { ADDRESS_TEXT = 64 };

/*
 * Reads "127.0.0.1:7170", "[::1]:7170", "*:7170" (all of IPv6 and IPv4) or
 * "unix:/path"; a relative Unix path starts at folder. False with a sentence
 * in why when it is none of these.
 */
NODISCARD bool address_parse(const char *text, const char *folder,
			     struct address *address_r, struct buf *why);

bool address_is_unix(const struct address *a);

/* Only processes of this machine can reach it. */
bool address_is_local(const struct address *a);

/* Writes the host without the port; "local" for a Unix socket. */
void address_print_host(const struct address *a, char text_r[ADDRESS_TEXT]);

/*
 * Writes the part that one subscriber line owns: an IPv4 address whole, an
 * IPv6 address by its /64.
 */
void address_print_site(const struct address *a, char text_r[ADDRESS_TEXT]);

#endif
