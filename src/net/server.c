#include "net/server.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "log/log.h"
#include "net/tls.h"
#include "net/worker_fields.h"

enum { LISTENERS_MOST = 32 };

struct server {
	struct worker *workers; /* the array is immutable */
	unsigned worker_count;  /* immutable */
	struct census *census;
	atomic_uint unanswered; /* signs of life that were asked for */

	struct mutex lock;    /* rank: LOCK_SERVER */
	struct cond is_taken; /* every change was, or nobody takes any */
	unsigned due
		GUARDED_BY(lock); /* changes that workers must still take */
	bool is_over GUARDED_BY(lock);

	/* The owner's; the workers read them while they run. */
	struct listener listeners[LISTENERS_MOST];
	unsigned listener_count;
};

struct server *server_new(unsigned workers)
{
	struct server *server = mem_zero(sizeof(*server));

	tls_wipe_frees();
	mutex_init(&server->lock, LOCK_SERVER);
	cond_init(&server->is_taken);
	server->census = census_new();
	server->worker_count = workers;
	server->workers = mem_array(workers, sizeof(server->workers[0]));
	for (unsigned i = 0; i < workers; i++)
		worker_init(&server->workers[i], i, server, server->census);
	return server;
}

void server_free(struct server **server)
{
	struct server *s = *server;

	if (s == NULL)
		return;
	*server = NULL;
	for (unsigned i = 0; i < s->worker_count; i++)
		worker_empty_late(&s->workers[i]);
	for (unsigned i = 0; i < s->worker_count; i++)
		worker_fini(&s->workers[i]);
	for (unsigned i = 0; i < s->listener_count; i++)
		listener_close(&s->listeners[i]);
	census_free(&s->census);
	cond_fini(&s->is_taken);
	mutex_fini(&s->lock);
	mem_free(s->workers);
	mem_free(s);
}

enum err server_listen(struct server *server,
		       const struct listener_settings *settings,
		       const struct service *service, const char *folder,
		       int inherited, struct buf *why)
{
	enum err e;

	if (server->listener_count == LISTENERS_MOST) {
		buf_print(why, "there are more than %d listeners",
			  LISTENERS_MOST);
		return ERR_BAD_INPUT;
	}
	e = listener_open(settings, service, folder, server->worker_count,
			  inherited, &server->listeners[server->listener_count],
			  why);
	if (e != ERR_OK)
		return e;
	server->listener_count++;
	log_info("listener", "ready service=%s address=%s%s", service->name,
		 settings->address, settings->tls ? "" : " tls=no");
	return ERR_OK;
}

void server_start(struct server *server, const struct limits *limits,
		  struct tls *tls)
{
	for (unsigned i = 0; i < server->worker_count; i++) {
		struct worker *w = &server->workers[i];
		char name[16];

		w->limits = *limits;
		w->tls = tls_ref(tls);
		worker_listen(w, server->listeners, server->listener_count);
		snprintf(name, sizeof(name), "worker%u", i % 1000);
		thread_start(&w->thread, name, worker_run, w);
	}
}

struct change {
	struct limits limits;
	struct tls *tls;
};

static void change_worker(struct worker *w, void *to, void *arg)
{
	struct server *server = to;
	struct change *change = arg;

	w->limits = change->limits;
	tls_unref(&w->tls);
	w->tls = change->tls;
	mem_free(change);
	mutex_lock(&server->lock);
	if (--server->due == 0)
		cond_wake_all(&server->is_taken);
	mutex_unlock(&server->lock);
}

static void post_change(struct server *server, struct worker *w,
			const struct limits *limits, struct tls *tls)
{
	struct change *change = mem_zero(sizeof(*change));

	change->limits = *limits;
	change->tls = tls_ref(tls);
	worker_post(w, change_worker, server, change);
}

void server_change(struct server *server, const struct limits *limits,
		   struct tls *tls)
{
	assert(worker_self() == NULL);
	mutex_lock(&server->lock);
	server->due += server->worker_count;
	mutex_unlock(&server->lock);
	for (unsigned i = 0; i < server->worker_count; i++)
		post_change(server, &server->workers[i], limits, tls);
	mutex_lock(&server->lock);
	while (server->due > 0 && !server->is_over)
		cond_wait(&server->is_taken, &server->lock);
	mutex_unlock(&server->lock);
}

static void drain(struct worker *w, void *to, void *arg)
{
	const int64_t *until_ms = arg;

	(void)to;
	worker_drain(w, *until_ms);
}

void server_stop(struct server *server, int64_t grace_ms)
{
	int64_t until_ms = clock_mono_ms() + grace_ms;

	for (unsigned i = 0; i < server->worker_count; i++)
		worker_post(&server->workers[i], drain, NULL, &until_ms);
	for (unsigned i = 0; i < server->worker_count; i++)
		thread_join(&server->workers[i].thread);
	mutex_lock(&server->lock);
	server->is_over = true;
	cond_wake_all(&server->is_taken);
	mutex_unlock(&server->lock);
}

struct worker *server_worker(struct server *server, unsigned index)
{
	assert(index < server->worker_count);
	return &server->workers[index];
}

unsigned server_worker_count(const struct server *server)
{
	return server->worker_count;
}

size_t server_sessions(struct server *server)
{
	return census_count(server->census);
}

static void show_life(struct worker *w, void *to, void *arg)
{
	struct server *server = to;

	(void)w;
	(void)arg;
	atomic_fetch_sub(&server->unanswered, 1);
}

bool server_is_alive(struct server *server)
{
	if (atomic_load(&server->unanswered) > 0)
		return false;
	atomic_store(&server->unanswered, server->worker_count);
	for (unsigned i = 0; i < server->worker_count; i++)
		worker_post(&server->workers[i], show_life, server, NULL);
	return true;
}
