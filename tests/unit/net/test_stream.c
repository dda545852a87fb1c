#include "net/stream.h"

#include <gnutls/gnutls.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "credentials.h"

/* Our stream, and a client of GnuTLS at the other end. */
struct ends {
	struct stream stream;
	gnutls_session_t client;
	gnutls_certificate_credentials_t credentials;
	int far;
};

static struct tls *tls;

static void open_ends(struct ends *e, const char *priorities, size_t record)
{
	int fds[2];

	memset(e, 0, sizeof(*e));
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_true(stream_init(&e->stream, fds[0], tls, "echo"));
	e->far = fds[1];
	gnutls_certificate_allocate_credentials(&e->credentials);
	gnutls_init(&e->client,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	assert_int_equal(
		gnutls_priority_set_direct(e->client, priorities, NULL), 0);
	gnutls_credentials_set(e->client, GNUTLS_CRD_CERTIFICATE,
			       e->credentials);
	gnutls_transport_set_int(e->client, e->far);
	if (record > 0)
		assert_int_equal(
			gnutls_record_set_max_recv_size(e->client, record), 0);
}

static void close_ends(struct ends *e)
{
	stream_close(&e->stream);
	gnutls_deinit(e->client);
	gnutls_certificate_free_credentials(e->credentials);
	if (e->far >= 0)
		close(e->far);
}

/* Both sides step until ours is through, or fails. */
static enum stream_result shake(struct ends *e)
{
	enum stream_result result = STREAM_AGAIN;
	int rc = GNUTLS_E_AGAIN;

	for (int i = 0; i < 1000; i++) {
		if (rc == GNUTLS_E_AGAIN)
			rc = gnutls_handshake(e->client);
		if (result == STREAM_AGAIN)
			result = stream_handshake(&e->stream);
		if (result != STREAM_AGAIN && rc != GNUTLS_E_AGAIN)
			break;
	}
	if (result == STREAM_OK)
		assert_int_equal(rc, 0);
	return result;
}

static void open_shaken(struct ends *e, const char *priorities, size_t record)
{
	open_ends(e, priorities, record);
	assert_int_equal(shake(e), STREAM_OK);
}

/* Adds what the client has received; true when the stream has ended. */
static bool client_read(struct ends *e, struct buf *got)
{
	/* It says "again" after a ticket as well. */
	for (int again = 0; again < 3;) {
		ssize_t n = gnutls_record_recv(e->client,
					       buf_reserve(got, 16384), 16384);

		if (n == 0 || (n < 0 && n != GNUTLS_E_AGAIN))
			return true;
		again = n > 0 ? 0 : again + 1;
		buf_added(got, n > 0 ? (size_t)n : 0);
	}
	return false;
}

static const struct version_case {
	const char *name;
	const char *priorities;
	const char *description; /* NULL: refused */
} version_cases[] = {
	{ "1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLS1.3 AES-128-GCM" },
	{ "1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS1.2 AES-128-GCM" },
	{ "ChaCha20",
	  "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305",
	  "TLS1.3 CHACHA20-POLY1305" },
	{ "1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.1", NULL },
	{ "CBC", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC",
	  NULL },
	{ "no forward secrecy", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",
	  NULL },
};

static void modern_versions_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(version_cases); i++) {
		const struct version_case *c = &version_cases[i];
		struct ends e;
		char text[64];

		print_message("# %s\n", c->name);
		open_ends(&e, c->priorities, 0);
		if (c->description == NULL) {
			assert_int_equal(shake(&e), STREAM_FAILED);
			assert_string_not_equal(stream_fault(&e.stream),
						"no fault");
		} else {
			assert_int_equal(shake(&e), STREAM_OK);
			stream_describe(&e.stream, text, sizeof(text));
			assert_string_equal(text, c->description);
		}
		close_ends(&e);
	}
}

static const struct garbage_case {
	const char *name;
	const char *bytes;
} garbage_cases[] = {
	{ "HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n" },
	{ "a line", "hello there, this is no TLS at all\n" },
	{ "SSH", "SSH-2.0-OpenSSH_9.2p1\r\n" },
	{ "a record that is too long", "\x16\x03\x01\xff\xff\x01" },
	{ "data before the handshake", "\x17\x03\x03\x01\x10........" },
};

static void garbage_is_no_handshake(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(garbage_cases); i++) {
		const struct garbage_case *c = &garbage_cases[i];
		enum stream_result result = STREAM_AGAIN;
		struct ends e;

		print_message("# %s\n", c->name);
		open_ends(&e, "NORMAL", 0);
		for (size_t k = 0; k < 40 && result == STREAM_AGAIN; k++) {
			assert_true(send(e.far, c->bytes, strlen(c->bytes),
					 MSG_NOSIGNAL) > 0);
			result = stream_handshake(&e.stream);
		}
		assert_int_equal(result, STREAM_FAILED);
		close_ends(&e);
	}
}

/* Nobody waits for the rest of a record that begins wrongly. */
static void first_bytes_are_enough(void **state)
{
	char bytes[] = "?arbage";

	(void)state;
	for (int first = 0; first < 256; first++) {
		struct ends e;

		bytes[0] = (char)first;
		open_ends(&e, "NORMAL", 0);
		assert_int_equal(send(e.far, bytes, strlen("?arbage"), 0), 7);
		assert_int_equal(stream_handshake(&e.stream), STREAM_FAILED);
		assert_true(recv(e.far, bytes, 1, 0) == 1 && bytes[0] == 21);
		close_ends(&e);
	}
}

static void a_peer_that_goes_during_the_handshake(void **state)
{
	struct ends e;

	(void)state;
	open_ends(&e, "NORMAL", 0);
	assert_int_equal(stream_handshake(&e.stream), STREAM_AGAIN);
	gnutls_handshake(e.client);
	close(e.far);
	e.far = -1;
	assert_int_equal(stream_handshake(&e.stream), STREAM_FAILED);
	close_ends(&e);
}

static void receive(struct ends *e, const char *want)
{
	char bytes[64];
	size_t len = 0;

	assert_int_equal(stream_receive(&e->stream, bytes, sizeof(bytes), &len),
			 STREAM_OK);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(bytes, want, len);
}

static void receive_nothing(struct ends *e, enum stream_result why)
{
	char bytes[64];
	size_t len;

	assert_int_equal(stream_receive(&e->stream, bytes, sizeof(bytes), &len),
			 why);
}

static void bytes_go_both_ways(void **state)
{
	AUTO(buf_fini) struct buf got = { 0 };
	struct ends e;
	size_t taken;

	(void)state;
	open_shaken(&e, "NORMAL", 0);
	receive_nothing(&e, STREAM_AGAIN);
	gnutls_record_send(e.client, "hello", 5);
	gnutls_record_send(e.client, "again", 5);
	receive(&e, "hello");
	receive(&e, "again");
	receive_nothing(&e, STREAM_AGAIN);
	assert_int_equal(stream_send(&e.stream, "hi", 2, &taken), STREAM_OK);
	assert_int_equal(taken, 2);
	assert_false(client_read(&e, &got));
	assert_string_equal(buf_text(&got), "hi");
	gnutls_bye(e.client, GNUTLS_SHUT_WR);
	receive_nothing(&e, STREAM_CLOSED);
	stream_close(&e.stream);
	assert_true(client_read(&e, &got));
	stream_close(&e.stream); /* nothing any more */
	close_ends(&e);
}

static void a_peer_that_vanishes(void **state)
{
	struct ends e;

	(void)state;
	open_shaken(&e, "NORMAL", 0);
	close(e.far);
	e.far = -1;
	receive_nothing(&e, STREAM_FAILED);
	close_ends(&e);
}

static void garbage_after_the_handshake(void **state)
{
	struct ends e;

	(void)state;
	open_shaken(&e, "NORMAL", 0);
	assert_true(send(e.far,
			 "\x17\x03\x03\x00\x20"
			 "garbage garbage garbage "
			 "garbage ",
			 37, 0) == 37);
	receive_nothing(&e, STREAM_FAILED);
	close_ends(&e);
}

/*
 * Epoll tells of new bytes once: when TLS's own messages come with others
 * behind them, those must not be left lying.
 */
static void what_follows_tls_messages_is_received(void **state)
{
	struct ends e;

	(void)state;
	open_shaken(&e, "NORMAL:-VERS-ALL:+VERS-TLS1.3", 0);
	assert_int_equal(gnutls_session_key_update(e.client, GNUTLS_KU_PEER),
			 0);
	gnutls_record_send(e.client, "after", 5);
	receive(&e, "after");
	receive_nothing(&e, STREAM_AGAIN);
	close_ends(&e);
}

static void empty_records_are_no_end(void **state)
{
	struct ends e;

	(void)state;
	open_shaken(&e, "NORMAL:-VERS-ALL:+VERS-TLS1.3", 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(gnutls_record_send2(e.client, "", 0, 1, 0), 0);
	gnutls_record_send(e.client, "after", 5);
	receive(&e, "after");
	receive_nothing(&e, STREAM_AGAIN);
	close_ends(&e);
}

static const char *const both_versions[] = {
	"NORMAL:-VERS-ALL:+VERS-TLS1.3",
	"NORMAL:-VERS-ALL:+VERS-TLS1.2",
};

/* Alerts without end are no way to keep a worker busy. */
static void warnings_without_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(both_versions); i++) {
		enum stream_result result = STREAM_AGAIN;
		char bytes[64];
		struct ends e;
		size_t len;
		int sent;

		open_shaken(&e, both_versions[i], 0);
		for (sent = 0; sent < 5000 && result == STREAM_AGAIN; sent++) {
			if (gnutls_alert_send(e.client, GNUTLS_AL_WARNING,
					      GNUTLS_A_USER_CANCELED) != 0)
				break;
			if (sent % 100 == 99)
				result = stream_receive(&e.stream, bytes,
							sizeof(bytes), &len);
		}
		assert_int_equal(result, STREAM_FAILED);
		close_ends(&e);
	}
}

static void renegotiation_is_refused(void **state)
{
	struct ends e;

	(void)state;
	open_shaken(&e, both_versions[1], 0);
	assert_int_equal(gnutls_handshake(e.client), GNUTLS_E_AGAIN);
	receive_nothing(&e, STREAM_FAILED);
	assert_string_equal(stream_fault(&e.stream),
			    "the peer wants to renegotiate");
	close_ends(&e);
}

/*
 * More and more is sent while the client reads now and then: whatever the
 * size of the client's records, each byte must come once, in order.
 */
static void send_through_a_clogged_pipe(const char *priorities, size_t record)
{
	enum { TOTAL = 3000000, CHUNK = 50000 };
	static char all[TOTAL];
	AUTO(buf_fini) struct buf got = { 0 };
	struct ends e;
	size_t sent = 0;
	int stuck = 0;

	for (size_t i = 0; i < TOTAL; i++)
		all[i] = (char)(i * 7 + i / 251);
	open_shaken(&e, priorities, record);
	while (sent < TOTAL) {
		size_t len = TOTAL - sent < CHUNK ? TOTAL - sent : CHUNK;
		size_t taken;
		enum stream_result result =
			stream_send(&e.stream, all + sent, len, &taken);

		assert_true(taken <= len);
		sent += taken;
		if (result == STREAM_AGAIN) {
			assert_true(e.stream.is_stuck);
			stuck++;
			assert_false(client_read(&e, &got));
			continue;
		}
		assert_int_equal(result, STREAM_OK);
		assert_int_equal(taken, len);
	}
	while (stream_resume(&e.stream) == STREAM_AGAIN)
		assert_false(client_read(&e, &got));
	assert_false(e.stream.is_stuck);
	assert_false(client_read(&e, &got));
	assert_true(stuck > 0);
	assert_int_equal(buf_len(&got), TOTAL);
	assert_memory_equal(buf_at(&got), all, TOTAL);
	close_ends(&e);
}

static void a_stuck_record_is_sent_once(void **state)
{
	(void)state;
	send_through_a_clogged_pipe(both_versions[0], 0);
	send_through_a_clogged_pipe(both_versions[1], 0);
}

static void peers_with_small_records_miss_nothing(void **state)
{
	(void)state;
	send_through_a_clogged_pipe(both_versions[0], 512);
	send_through_a_clogged_pipe(both_versions[1], 1000);
}

static void a_stuck_stream_closes_without_a_word(void **state)
{
	AUTO(buf_fini) struct buf got = { 0 };
	static const char filler[60000];
	struct ends e;
	size_t taken;

	(void)state;
	open_shaken(&e, "NORMAL", 0);
	while (stream_send(&e.stream, filler, sizeof(filler), &taken) ==
	       STREAM_OK)
		;
	assert_true(e.stream.is_stuck);
	assert_int_equal(stream_resume(&e.stream), STREAM_AGAIN);
	stream_close(&e.stream);
	assert_true(client_read(&e, &got));
	close_ends(&e);
}

static void without_tls_bytes_are_bytes(void **state)
{
	struct stream s;
	char bytes[64];
	int fds[2];
	size_t len;

	(void)state;
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_true(stream_init(&s, fds[0], NULL, "echo"));
	assert_int_equal(stream_handshake(&s), STREAM_OK);
	assert_int_equal(stream_receive(&s, bytes, sizeof(bytes), &len),
			 STREAM_AGAIN);
	assert_true(send(fds[1], "hello", 5, 0) == 5);
	assert_int_equal(stream_receive(&s, bytes, sizeof(bytes), &len),
			 STREAM_OK);
	assert_int_equal(len, 5);
	assert_int_equal(stream_send(&s, "hi", 2, &len), STREAM_OK);
	assert_int_equal(stream_resume(&s), STREAM_OK);
	assert_int_equal(recv(fds[1], bytes, sizeof(bytes), 0), 2);
	stream_describe(&s, bytes, sizeof(bytes));
	assert_string_equal(bytes, "plain");
	close(fds[1]);
	assert_int_equal(stream_receive(&s, bytes, sizeof(bytes), &len),
			 STREAM_CLOSED);
	assert_int_equal(stream_send(&s, "hi", 2, &len), STREAM_FAILED);
	assert_string_equal(stream_fault(&s), "Broken pipe");
	stream_close(&s);
	assert_int_equal(s.fd, -1);
}

static int make_tls(void **state)
{
	(void)state;
	tls = credentials_new();
	return 0;
}

static int drop_tls(void **state)
{
	(void)state;
	tls_unref(&tls);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modern_versions_only),
		cmocka_unit_test(garbage_is_no_handshake),
		cmocka_unit_test(first_bytes_are_enough),
		cmocka_unit_test(a_peer_that_goes_during_the_handshake),
		cmocka_unit_test(bytes_go_both_ways),
		cmocka_unit_test(a_peer_that_vanishes),
		cmocka_unit_test(garbage_after_the_handshake),
		cmocka_unit_test(what_follows_tls_messages_is_received),
		cmocka_unit_test(empty_records_are_no_end),
		cmocka_unit_test(warnings_without_end),
		cmocka_unit_test(renegotiation_is_refused),
		cmocka_unit_test(a_stuck_record_is_sent_once),
		cmocka_unit_test(peers_with_small_records_miss_nothing),
		cmocka_unit_test(a_stuck_stream_closes_without_a_word),
		cmocka_unit_test(without_tls_bytes_are_bytes),
	};

	return cmocka_run_group_tests_name("stream", tests, make_tls, drop_tls);
}
