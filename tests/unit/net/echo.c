#include "echo.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/thread.h"
#include "credentials.h"

static struct echo_counts counts;
static struct mutex lock;
static struct cond changed;
static bool is_ready;

/* Of one session. */
struct echoer {
	struct buf line;
};

static void count(unsigned *what)
{
	mutex_lock(&lock);
	++*what;
	cond_wake_all(&changed);
	mutex_unlock(&lock);
}

static void on_open(struct session *s)
{
	session_set_data(s, mem_zero(sizeof(struct echoer)));
	count(&counts.opened);
}

static void count_post(struct worker *w, void *to, void *arg)
{
	(void)w;
	(void)to;
	(void)arg;
	count(&counts.posts);
}

static void post(struct session *s, long n)
{
	struct worker *w = session_worker(s);
	struct server *server = worker_server(w);
	unsigned other = (worker_index(w) + 1) % server_worker_count(server);

	for (long i = 0; i < n; i++)
		worker_post(server_worker(server, other), count_post, NULL,
			    NULL);
}

static void flood(struct session *s, long lines)
{
	char line[1000];

	memset(line, 'f', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	for (long i = 0; i < lines; i++)
		session_write(s, line, sizeof(line));
}

static void run_line(struct session *s, const char *line)
{
	const char *space = strchr(line, ' ');
	const char *rest = space == NULL ? "" : space + 1;
	long n = strtol(rest, NULL, 10);

	mutex_lock(&lock);
	counts.inputs++;
	counts.last = session_handle(s);
	mutex_unlock(&lock);
	switch (line[0]) {
	case 'e':
		session_write(s, rest, strlen(rest));
		session_write(s, "\n", 1);
		break;
	case 'c':
		session_write(s, "bye\n", 4);
		session_close(s, ERR_OK);
		break;
	case 'r':
		session_refuse(s, ERR_BUSY);
		break;
	case 'd':
		session_set_deadline(s, n);
		break;
	case 'i':
		session_set_idle_timeout(s, n);
		break;
	case 'f':
		flood(s, n);
		break;
	case 'p':
		if (line[1] == 'o') {
			post(s, n);
			break;
		}
		session_park(s);
		count(&counts.parked);
		break;
	default:
		assert_true(false);
	}
}

static size_t on_input(struct session *s, const char *bytes, size_t len)
{
	struct echoer *e = session_data(s);
	size_t used = 0;

	while (used < len && !session_is_parked(s) && !session_is_closing(s)) {
		char byte = bytes[used++];

		if (byte != '\n') {
			buf_add_char(&e->line, byte);
			continue;
		}
		run_line(s, buf_text(&e->line));
		buf_reset(&e->line);
	}
	return used;
}

static void on_refuse(struct session *s, enum err why, const char *words)
{
	(void)words;
	session_write(s, err_code(why), strlen(err_code(why)));
	session_write(s, "\n", 1);
	count(&counts.refused);
}

static void on_stopping(struct session *s)
{
	session_write(s, "stopping\n", 9);
	count(&counts.stopped);
}

static void on_closed(struct session *s, enum err why)
{
	struct echoer *e = session_data(s);

	assert_non_null(e);
	buf_fini(&e->line);
	mem_free(e);
	mutex_lock(&lock);
	counts.why = why;
	mutex_unlock(&lock);
	count(&counts.closed);
}

static const struct service service = {
	.name = "echo",
	.alpn = "echo",
	.open = on_open,
	.input = on_input,
	.refuse = on_refuse,
	.stopping = on_stopping,
	.closed = on_closed,
};

void echo_listen(struct echo *e, const char *address, bool tls)
{
	struct listener_settings settings = {
		.address = mem_text(address),
		.tls = tls,
	};
	AUTO(buf_fini) struct buf why = { 0 };

	if (server_listen(e->server, &settings, &service, e->dir, -1, &why) !=
	    ERR_OK)
		fail_msg("%s", buf_text(&why));
	mem_free(settings.address);
}

void echo_init(struct echo *e, unsigned workers)
{
	if (!is_ready) {
		mutex_init(&lock, LOCK_MAILBOX);
		cond_init(&changed);
		is_ready = true;
	}
	memset(e, 0, sizeof(*e));
	memset(&counts, 0, sizeof(counts));
	e->limits = (struct limits){
		.sessions = 100,
		.sessions_per_address = -1,
		.line_bytes = 4096,
		.input_per_turn_bytes = 65536,
		.output_queue_bytes = 65536,
		.handshake_timeout_s = 10,
		.login_timeout_s = 10,
		.idle_timeout_s = -1,
	};
	snprintf(e->dir, sizeof(e->dir), "/tmp/rialto-net-XXXXXX");
	assert_non_null(mkdtemp(e->dir));
	snprintf(e->path, sizeof(e->path), "%s/sock", e->dir);
	e->tls = credentials_new();
	e->server = server_new(workers);
	echo_listen(e, "unix:sock", false);
}

void echo_start(struct echo *e)
{
	server_start(e->server, &e->limits, e->tls);
}

void echo_fini(struct echo *e)
{
	server_free(&e->server);
	tls_unref(&e->tls);
	rmdir(e->dir);
}

struct echo_counts echo_wait(bool (*holds)(const struct echo_counts *counts,
					   unsigned than),
			     unsigned than)
{
	struct echo_counts now;

	mutex_lock(&lock);
	while (!holds(&counts, than)) {
		if (!cond_wait_ms(&changed, &lock, 20000))
			fail_msg("waited too long");
	}
	now = counts;
	mutex_unlock(&lock);
	return now;
}

bool has_opened(const struct echo_counts *now, unsigned than)
{
	return now->opened >= than;
}

bool has_closed(const struct echo_counts *now, unsigned than)
{
	return now->closed >= than;
}

bool has_parked(const struct echo_counts *now, unsigned than)
{
	return now->parked >= than;
}

bool has_posted(const struct echo_counts *now, unsigned than)
{
	return now->posts >= than;
}

void echo_note_post(void)
{
	count(&counts.posts);
}

struct resume {
	struct session_handle session;
};

static void resume(struct worker *w, void *to, void *arg)
{
	struct resume *r = arg;
	struct session *s = session_find(w, r->session);

	(void)to;
	if (s != NULL)
		session_resume(s);
	mem_free(r);
}

void echo_resume(struct echo *e, struct session_handle session)
{
	struct resume *r = mem_zero(sizeof(*r));

	r->session = session;
	worker_post_answer(server_worker(e->server, session.worker), resume,
			   NULL, r);
}

struct made_call {
	void (*fn)(struct worker *w, void *arg);
	void *arg;
	bool is_made;
};

static void make_call(struct worker *w, void *to, void *arg)
{
	struct made_call *call = arg;

	(void)to;
	call->fn(w, call->arg);
	mutex_lock(&lock);
	call->is_made = true;
	cond_wake_all(&changed);
	mutex_unlock(&lock);
}

void echo_call(struct worker *worker, void (*fn)(struct worker *w, void *arg),
	       void *arg)
{
	struct made_call call = { fn, arg, false };

	worker_post(worker, make_call, NULL, &call);
	mutex_lock(&lock);
	while (!call.is_made)
		cond_wait(&changed, &lock);
	mutex_unlock(&lock);
}

int echo_connect(const struct echo *e)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_sec = 10 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", e->path);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

void echo_send(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		assert_true(n > 0);
		text += n;
		len -= (size_t)n;
	}
}

void echo_expect(int fd, const char *text)
{
	size_t len = strlen(text);
	char *got = mem_zero(len + 1);
	size_t have = 0;

	while (have < len) {
		ssize_t n = recv(fd, got + have, len - have, 0);

		if (n <= 0)
			fail_msg("expected \"%s\", got \"%s\" and then %s",
				 text, got, n == 0 ? "the end" : "nothing");
		have += (size_t)n;
	}
	assert_string_equal(got, text);
	mem_free(got);
}

void echo_expect_end(int fd, const char *text)
{
	char byte;

	echo_expect(fd, text);
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
}
