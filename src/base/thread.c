#include "base/thread.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#ifdef RIALTO_DEBUG
enum { HELD_MOST = 16 };
static _Thread_local const struct mutex *held[HELD_MOST];
static _Thread_local int held_count;

static void note_lock(const struct mutex *m)
{
	for (int i = 0; i < held_count; i++)
		assert(held[i]->rank < m->rank);
	assert(held_count < HELD_MOST);
	held[held_count++] = m;
}

static void note_unlock(const struct mutex *m)
{
	int i = held_count - 1;

	while (i >= 0 && held[i] != m)
		i--;
	assert(i >= 0);
	memmove(&held[i], &held[i + 1],
		(size_t)(held_count - i - 1) * sizeof(held[0]));
	held_count--;
}
#else
#define note_lock(m) ((void)(m))
#define note_unlock(m) ((void)(m))
#endif

void mutex_init(struct mutex *m, enum lock_rank rank)
{
	int rc = pthread_mutex_init(&m->handle, NULL);

	assert(rc == 0);
	(void)rc;
	m->rank = rank;
}

void mutex_fini(struct mutex *m)
{
	pthread_mutex_destroy(&m->handle);
}

NO_THREAD_CHECK void mutex_lock(struct mutex *m)
{
	int rc;

	note_lock(m);
	rc = pthread_mutex_lock(&m->handle);
	assert(rc == 0);
	(void)rc;
}

NO_THREAD_CHECK void mutex_unlock(struct mutex *m)
{
	int rc;

	note_unlock(m);
	rc = pthread_mutex_unlock(&m->handle);
	assert(rc == 0);
	(void)rc;
}

void cond_init(struct cond *c)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->handle, &attr);
	pthread_condattr_destroy(&attr);
}

void cond_fini(struct cond *c)
{
	pthread_cond_destroy(&c->handle);
}

void cond_wake_one(struct cond *c)
{
	pthread_cond_signal(&c->handle);
}

void cond_wake_all(struct cond *c)
{
	pthread_cond_broadcast(&c->handle);
}

void cond_wait(struct cond *c, struct mutex *m)
{
	pthread_cond_wait(&c->handle, &m->handle);
}

bool cond_wait_ms(struct cond *c, struct mutex *m, int64_t timeout_ms)
{
	struct timespec until;

	if (timeout_ms < 0)
		timeout_ms = 0;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return pthread_cond_timedwait(&c->handle, &m->handle, &until) !=
	       ETIMEDOUT;
}

struct start {
	void (*fn)(void *arg);
	void *arg;
	char name[16];
};

static void *run(void *arg)
{
	struct start start = *(struct start *)arg;

	mem_free(arg);
	pthread_setname_np(pthread_self(), start.name);
	start.fn(start.arg);
	return NULL;
}

void thread_start(struct thread *t, const char *name, void (*fn)(void *arg),
		  void *arg)
{
	struct start *start = mem_zero(sizeof(*start));
	sigset_t all;
	sigset_t before;
	int rc;

	start->fn = fn;
	start->arg = arg;
	snprintf(start->name, sizeof(start->name), "%s", name);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&t->handle, NULL, run, start);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0) {
		fprintf(stderr, "cannot start thread %s: %s\n", name,
			strerror(rc));
		exit(71); /* EX_OSERR */
	}
}

void thread_join(struct thread *t)
{
	pthread_join(t->handle, NULL);
}

void thread_detach(struct thread *t)
{
	pthread_detach(t->handle);
}

void thread_nice(int nice_value)
{
	/* On Linux the priority belongs to the thread, not to the process. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), nice_value);
}
