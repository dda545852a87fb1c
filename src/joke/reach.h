/* Which addresses a stranger may send us to. */
#ifndef RIALTO_JOKE_REACH_H
#define RIALTO_JOKE_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * True for an address on the public internet. False for this host, private
 * networks (RFC 1918, 6598, 4193), links (RFC 3927, 4291), groups, what is
 * reserved (RFC 6890), and for IPv6 that carries such an IPv4 address.
 */
bool reach_is_public(const struct sockaddr *address);

#endif
