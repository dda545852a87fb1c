/* The warden's loop: errands from the inbox, sockets, the launcher, time. */
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "plugin/plugins_fields.h"
#include "plugin/process.h"
#include "plugin/uses.h"

enum { EVENTS_MOST = 32 };

struct warden {
	struct plugins *p;
	struct plugin **all; /* a copy for each round */
	size_t count;
	bool is_stopping;
	bool is_orphan; /* the launcher has ended */
	struct source bell;
	struct source launcher;
};

static void note_event(struct plugin *plugin)
{
	mutex_lock(&plugin->plugins->lock);
	plugin->events_queued--;
	mutex_unlock(&plugin->plugins->lock);
}

/* Takes it. */
static void run_errand(struct errand *errand, int64_t now_ms)
{
	struct process *process = errand->plugin->process;

	switch (errand->kind) {
	case ERRAND_USE:
		uses_add(process, errand, now_ms);
		return;
	case ERRAND_EVENT:
		note_event(errand->plugin);
		uses_event(process, errand);
		return;
	case ERRAND_SAVED:
		uses_saved(process, errand->outcome);
		break;
	}
	errand_free(&errand);
}

static void copy_all_locked(struct plugins *p, struct warden *w)
	REQUIRES(p->lock)
{
	size_t size = p->count * sizeof(struct plugin *);

	w->all = mem_resize(w->all, size + 1);
	memcpy(w->all, p->all, size);
	w->count = p->count;
	w->is_stopping = p->is_stopping;
}

/* Does what is in the inbox; then looks who there is. */
static void empty_inbox(struct warden *w, int64_t now_ms)
{
	struct plugins *p = w->p;
	struct list errands;
	struct list *l;
	struct list *after;

	list_init(&errands);
	mutex_lock(&p->lock);
	list_splice(&errands, &p->inbox);
	mutex_unlock(&p->lock);
	list_foreach (l, after, &errands) {
		list_remove(l);
		run_errand(LIST_ITEM(l, struct errand, link), now_ms);
	}
	mutex_lock(&p->lock);
	copy_all_locked(p, w);
	mutex_unlock(&p->lock);
}

static bool is_over(const struct plugin *plugin)
{
	return !plugin->is_listed && plugin->under_way == 0 &&
	       plugin->events_queued == 0 && process_is_idle(plugin->process);
}

/* Those who were taken out of the settings, once nothing of them is left. */
static void sweep(struct warden *w)
{
	struct plugins *p = w->p;
	size_t kept = 0;

	mutex_lock(&p->lock);
	for (size_t i = 0; i < p->count; i++) {
		if (is_over(p->all[i]))
			plugin_free(&p->all[i]);
		else
			p->all[kept++] = p->all[i];
	}
	p->count = kept;
	copy_all_locked(p, w);
	mutex_unlock(&p->lock);
}

static void orphan_all(struct warden *w)
{
	log_error("plugin", "the launcher has ended; plugins are down until "
			    "the daemon is restarted");
	w->is_orphan = true;
	epoll_ctl(w->p->epoll, EPOLL_CTL_DEL, w->launcher.fd, NULL);
	for (size_t i = 0; i < w->count; i++)
		process_orphan(w->all[i]->process);
}

static void hear_launcher(struct warden *w, int64_t now_ms)
{
	struct launch_report report;
	enum err e;

	while ((e = launcher_next(w->p->launcher, &report)) == ERR_OK) {
		for (size_t i = 0; i < w->count; i++)
			process_report(w->all[i]->process, &report, now_ms);
	}
	if (e == ERR_IO)
		orphan_all(w);
}

static void hear_bell(const struct warden *w)
{
	uint64_t rung;

	if (read(w->p->bell, &rung, sizeof(rung)) < 0)
		return; /* somebody else's round was quicker */
}

static void serve(struct warden *w, const struct epoll_event *events, int count)
{
	int64_t now_ms = clock_mono_ms();

	for (int i = 0; i < count; i++) {
		struct source *source = events[i].data.ptr;

		if (source->kind == SOURCE_BELL)
			hear_bell(w);
		else if (source->kind == SOURCE_LAUNCHER)
			hear_launcher(w, now_ms);
		else
			process_serve(source->process, source, events[i].events,
				      now_ms);
	}
}

/* Returns how long the warden may sleep, in ms; -1: for ever. */
static int tend_all(struct warden *w)
{
	int64_t now_ms = clock_mono_ms();
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < w->count; i++) {
		int64_t own_ms;

		if (w->is_orphan && w->all[i]->process->state != PLUGIN_DOWN)
			process_orphan(w->all[i]->process);
		own_ms = process_tend(w->all[i]->process, now_ms);
		next_ms = own_ms < next_ms ? own_ms : next_ms;
	}
	if (next_ms == INT64_MAX)
		return -1;
	if (next_ms <= now_ms)
		return 0;
	return next_ms - now_ms > 60000 ? 60000 : (int)(next_ms - now_ms);
}

static bool is_done(const struct warden *w)
{
	if (!w->is_stopping)
		return false;
	for (size_t i = 0; i < w->count; i++) {
		if (!process_is_idle(w->all[i]->process))
			return false;
	}
	return true;
}

static void listen_to(struct plugins *p, struct source *source,
		      enum source_kind kind, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = source };

	source->kind = kind;
	source->fd = fd;
	epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event);
}

void warden_run(void *plugins)
{
	struct plugins *p = plugins;
	struct epoll_event events[EVENTS_MOST];
	struct warden w = { .p = p };
	int wait_ms;
	int count;

	listen_to(p, &w.bell, SOURCE_BELL, p->bell);
	listen_to(p, &w.launcher, SOURCE_LAUNCHER, launcher_fd(p->launcher));
	for (;;) {
		empty_inbox(&w, clock_mono_ms());
		wait_ms = tend_all(&w);
		sweep(&w);
		if (is_done(&w))
			break;
		count = epoll_wait(p->epoll, events, COUNT(events), wait_ms);
		serve(&w, events, count);
	}
	empty_inbox(&w, clock_mono_ms());
	mem_free(w.all);
}
