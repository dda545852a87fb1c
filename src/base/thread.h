/*
 * Threads, mutexes with a rank, and conditions.
 *
 * A thread may take a mutex only when its rank is higher than that of every
 * mutex the thread already holds; builds with RIALTO_DEBUG (sanitizers,
 * --enable-debug) assert it. So no two threads can wait for each other.
 */
#ifndef RIALTO_BASE_THREAD_H
#define RIALTO_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/* Lowest first: a chat lock may be held when a mailbox is taken, and so on. */
enum lock_rank {
	LOCK_RELOAD = 1,
	LOCK_DAEMON,
	LOCK_ACT,     /* acts on users that must not cross */
	LOCK_CHANGE,  /* durable changes of chat, made by jobs */
	LOCK_SCRIBE,  /* writing what was said */
	LOCK_HEARD,   /* writing how far users have heard of the bank */
	LOCK_ARRIVAL, /* who comes in, and under which name */
	LOCK_CHAT,    /* the tables of rooms and people */
	LOCK_PERSON,
	LOCK_ROOM,
	LOCK_USERS,
	LOCK_TABLE,  /* small tables: lockouts, rates */
	LOCK_LEDGER, /* carrying out orders */
	LOCK_ORDERS, /* that wait */
	LOCK_STORE,
	LOCK_COMMIT,
	LOCK_JOBS,
	LOCK_KEEPER,
	LOCK_SERVER, /* counts of sessions by address */
	LOCK_PLUGIN, /* what the warden and its callers share */
	LOCK_MAILBOX,
	LOCK_TLS,
	LOCK_RECALL, /* what was looked up lately */
	LOCK_LOG,
};

struct CAPABILITY("mutex") mutex {
	pthread_mutex_t handle;
	enum lock_rank rank;
};

void mutex_init(struct mutex *m, enum lock_rank rank);
void mutex_fini(struct mutex *m);
void mutex_lock(struct mutex *m) ACQUIRE(m);
void mutex_unlock(struct mutex *m) RELEASE(m);

/* A condition on the monotonic clock. */
struct cond {
	pthread_cond_t handle;
};

void cond_init(struct cond *c);
void cond_fini(struct cond *c);
void cond_wake_one(struct cond *c);
void cond_wake_all(struct cond *c);
void cond_wait(struct cond *c, struct mutex *m) REQUIRES(m);

/* Waits at most timeout_ms; false when the time ran out. */
bool cond_wait_ms(struct cond *c, struct mutex *m, int64_t timeout_ms)
	REQUIRES(m);

struct thread {
	pthread_t handle;
};

/*
 * Starts fn(arg) in a thread called name (at most 15 bytes), with all signals
 * blocked. A thread that cannot be started ends the program.
 */
void thread_start(struct thread *t, const char *name, void (*fn)(void *arg),
		  void *arg);
void thread_join(struct thread *t);

/* Nobody will join it: it ends by itself, or with the process. */
void thread_detach(struct thread *t);

/* Lowers the calling thread's share of the processor, 0 to 19. */
void thread_nice(int nice);

#endif
