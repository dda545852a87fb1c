/*
 * One TLS connection of a benchmark, as the client: opened without waiting,
 * driven by whoever watches its descriptor (edge-triggered, or poll() by
 * peer_wait()). A peer belongs to one thread.
 */
#ifndef RIALTO_BENCH_PEER_H
#define RIALTO_BENCH_PEER_H

#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Where to connect, and how. Shared by all threads once opened. */
struct target {
	struct sockaddr_in address;
	unsigned sources; /* connect from 127.0.0.2 on, this many; 0: any */
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priorities;
};

/* address is "127.0.0.1"; priorities a GnuTLS priority string. */
void target_open(struct target *t, const char *address, int port,
		 unsigned sources, const char *priorities);
void target_close(struct target *t);

enum { INTAKE_WIRE = 128 * 1024, INTAKE_TEXT = 1024 * 1024 };

/*
 * The buffers that all peers of a thread share, one after another: everything
 * a peer's socket holds is read by one system call and decrypted from here.
 */
struct intake {
	struct peer *owner; /* whose bytes are in wire */
	uint32_t wire_start;
	uint32_t wire_end;
	bool is_dry; /* the socket had no more than that */
	char wire[INTAKE_WIRE];
	char text[INTAKE_TEXT];
};

enum peer_stage { PEER_CLOSED, PEER_CONNECTING, PEER_HANDSHAKING, PEER_OPEN };

struct peer {
	enum peer_stage stage;
	int fd;
	unsigned index;
	gnutls_session_t tls;
	struct intake *intake;
	char *tail; /* an unfinished line, or NULL */
	uint32_t tail_len;
};

/*
 * Begins to connect. When ticket has bytes, they are the session to resume.
 * Keeps intake. Failures of any kind, here and below, end the run.
 */
void peer_open(struct peer *p, const struct target *t, unsigned index,
	       struct intake *intake, const gnutls_datum_t *ticket);

/*
 * Tells that the socket has news. Whoever watches it calls this first, and
 * then the next two until they have nothing more.
 */
void peer_turn(struct peer *p);

/* Goes on with connecting and shaking hands; true once p is open. */
bool peer_advance(struct peer *p);

/*
 * Decrypts the next record. Returns its whole lines (with what the record
 * before left unfinished), valid until the next call for any peer of the
 * thread; 0 bytes when there is nothing to read now. A server that closes
 * ends the run, unless closed_r is given and so told about it.
 */
uint32_t peer_receive(struct peer *p, const char **lines_r, bool *closed_r);

/* Sends; waits for room in the socket when it must. */
void peer_send(struct peer *p, const char *bytes, size_t len);

/* Waits until the socket has news, for a thread without a watch. */
void peer_wait(struct peer *p);

/* Says goodbye and closes. A closed peer is left alone. */
void peer_close(struct peer *p);

#endif
