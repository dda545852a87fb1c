#include "net/jobs.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

struct jobs {
	size_t queue_most;  /* immutable after jobs_new() */
	unsigned threads;   /* immutable after jobs_new() */
	int nice;           /* immutable after jobs_new() */
	struct thread *ids; /* immutable after jobs_new() */

	struct mutex lock; /* rank: LOCK_JOBS */
	struct cond wake;
	struct cond ended;
	unsigned running GUARDED_BY(lock); /* threads */
	struct job *first GUARDED_BY(lock);
	struct job **last GUARDED_BY(lock);
	size_t waiting GUARDED_BY(lock);
	unsigned idle GUARDED_BY(lock);  /* threads that wait for a job */
	bool is_waking GUARDED_BY(lock); /* one of them is on its way */
	bool is_ending GUARDED_BY(lock);
	bool is_stopped; /* the owner's */
};

/*
 * One thread is woken at a time, and wakes the next before it runs its job: so
 * what many bring at once and takes no time needs few.
 */
static bool must_wake_locked(struct jobs *jobs) REQUIRES(jobs->lock)
{
	if (jobs->first == NULL || jobs->idle == 0 || jobs->is_waking)
		return false;
	jobs->is_waking = true;
	return true;
}

static void wait_locked(struct jobs *jobs) REQUIRES(jobs->lock)
{
	jobs->idle++;
	cond_wait(&jobs->wake, &jobs->lock);
	jobs->idle--;
	jobs->is_waking = false;
}

static struct job *take_locked(struct jobs *jobs) REQUIRES(jobs->lock)
{
	struct job *job = jobs->first;

	if (job == NULL)
		return NULL;
	jobs->first = job->next;
	if (jobs->first == NULL)
		jobs->last = &jobs->first;
	jobs->waiting--;
	return job;
}

/* Waits for a job; NULL when the set ends and nothing is queued. */
static struct job *next_job(struct jobs *jobs)
{
	struct job *job;
	bool must_wake;

	mutex_lock(&jobs->lock);
	while (jobs->first == NULL && !jobs->is_ending)
		wait_locked(jobs);
	job = take_locked(jobs);
	must_wake = must_wake_locked(jobs);
	mutex_unlock(&jobs->lock);
	if (must_wake)
		cond_wake_one(&jobs->wake);
	return job;
}

static void work(void *arg)
{
	struct jobs *jobs = arg;
	struct job *job;

	if (jobs->nice != 0)
		thread_nice(jobs->nice);
	while ((job = next_job(jobs)) != NULL)
		job->run(job);
	mutex_lock(&jobs->lock);
	jobs->running--;
	cond_wake_all(&jobs->ended);
	mutex_unlock(&jobs->lock);
}

struct jobs *jobs_new(const char *name, unsigned threads, size_t queue,
		      int nice)
{
	struct jobs *jobs = mem_zero(sizeof(*jobs));

	jobs->queue_most = queue;
	jobs->threads = threads;
	jobs->nice = nice;
	jobs->last = &jobs->first;
	mutex_init(&jobs->lock, LOCK_JOBS);
	cond_init(&jobs->wake);
	cond_init(&jobs->ended);
	jobs->running = threads;
	jobs->ids = mem_array(threads, sizeof(jobs->ids[0]));
	for (unsigned i = 0; i < threads; i++)
		thread_start(&jobs->ids[i], name, work, jobs);
	return jobs;
}

void jobs_stop(struct jobs *jobs)
{
	if (jobs->is_stopped)
		return;
	jobs->is_stopped = true;
	mutex_lock(&jobs->lock);
	jobs->is_ending = true;
	cond_wake_all(&jobs->wake);
	mutex_unlock(&jobs->lock);
	for (unsigned i = 0; i < jobs->threads; i++)
		thread_join(&jobs->ids[i]);
}

bool jobs_stop_within(struct jobs *jobs, int64_t most_ms)
{
	int64_t until_ms = clock_mono_ms() + most_ms;
	int64_t left_ms = most_ms;
	bool has_ended;

	mutex_lock(&jobs->lock);
	jobs->is_ending = true;
	cond_wake_all(&jobs->wake);
	while (jobs->running > 0 && left_ms > 0) {
		(void)cond_wait_ms(&jobs->ended, &jobs->lock, left_ms);
		left_ms = until_ms - clock_mono_ms();
	}
	has_ended = jobs->running == 0;
	mutex_unlock(&jobs->lock);
	if (has_ended)
		jobs_stop(jobs);
	return has_ended;
}

void jobs_abandon(struct jobs *jobs)
{
	for (unsigned i = 0; i < jobs->threads; i++)
		thread_detach(&jobs->ids[i]);
}

void jobs_free(struct jobs **jobs)
{
	struct jobs *j = *jobs;

	if (j == NULL)
		return;
	jobs_stop(j);
	*jobs = NULL;
	cond_fini(&j->ended);
	cond_fini(&j->wake);
	mutex_fini(&j->lock);
	mem_free(j->ids);
	mem_free(j);
}

/* Unless so many wait. */
static enum err submit(struct jobs *jobs, struct job *job, size_t most)
{
	enum err e = ERR_BUSY;
	bool must_wake;

	job->next = NULL;
	mutex_lock(&jobs->lock);
	if (jobs->waiting < most && !jobs->is_ending) {
		*jobs->last = job;
		jobs->last = &job->next;
		jobs->waiting++;
		e = ERR_OK;
	}
	must_wake = must_wake_locked(jobs);
	mutex_unlock(&jobs->lock);
	if (must_wake)
		cond_wake_one(&jobs->wake);
	return e;
}

enum err jobs_submit(struct jobs *jobs, struct job *job)
{
	return submit(jobs, job, jobs->queue_most);
}

void jobs_insist(struct jobs *jobs, struct job *job)
{
	(void)submit(jobs, job, SIZE_MAX);
}

size_t jobs_waiting(struct jobs *jobs)
{
	size_t waiting;

	mutex_lock(&jobs->lock);
	waiting = jobs->waiting;
	mutex_unlock(&jobs->lock);
	return waiting;
}
