#include "net/jobs.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/thread.h"

enum { QUEUE = 4, MANY = 2000 };

/* A door that jobs wait at, so that a test decides when they run. */
static struct door {
	struct mutex lock;
	struct cond moved;
	bool is_open;
	unsigned at_door;
} door;

static atomic_uint done;
static unsigned order[MANY];

struct numbered {
	struct job job;
	unsigned number;
};

static void wait_at_door(struct job *job)
{
	(void)job;
	mutex_lock(&door.lock);
	door.at_door++;
	cond_wake_all(&door.moved);
	while (!door.is_open)
		cond_wait(&door.moved, &door.lock);
	mutex_unlock(&door.lock);
	atomic_fetch_add(&done, 1);
}

static void note_number(struct job *job)
{
	order[atomic_fetch_add(&done, 1)] = ((struct numbered *)job)->number;
}

static void open_door(void)
{
	mutex_lock(&door.lock);
	door.is_open = true;
	cond_wake_all(&door.moved);
	mutex_unlock(&door.lock);
}

static void wait_for_at_door(unsigned count)
{
	mutex_lock(&door.lock);
	while (door.at_door < count)
		cond_wait(&door.moved, &door.lock);
	mutex_unlock(&door.lock);
}

static int setup(void **state)
{
	(void)state;
	door.is_open = false;
	door.at_door = 0;
	atomic_store(&done, 0);
	return 0;
}

static void a_full_queue_is_busy(void **state)
{
	struct jobs *jobs = jobs_new("test", 1, QUEUE, 0);
	struct job running = { .run = wait_at_door };
	struct job queued[QUEUE + 1];

	(void)state;
	assert_int_equal(jobs_submit(jobs, &running), ERR_OK);
	wait_for_at_door(1);
	for (int i = 0; i <= QUEUE; i++) {
		queued[i].run = wait_at_door;
		assert_int_equal(jobs_submit(jobs, &queued[i]),
				 i < QUEUE ? ERR_OK : ERR_BUSY);
	}
	assert_int_equal(jobs_waiting(jobs), QUEUE);
	jobs_insist(jobs, &queued[QUEUE]);
	assert_int_equal(jobs_waiting(jobs), QUEUE + 1);
	open_door();
	jobs_free(&jobs);
	assert_null(jobs);
	assert_int_equal(atomic_load(&done), QUEUE + 2);
}

static void a_long_job_is_not_waited_for(void **state)
{
	struct jobs *jobs = jobs_new("test", 2, QUEUE, 0);
	struct job running = { .run = wait_at_door };

	(void)state;
	assert_int_equal(jobs_submit(jobs, &running), ERR_OK);
	wait_for_at_door(1);
	assert_false(jobs_stop_within(jobs, 1));
	assert_int_equal(jobs_submit(jobs, &running), ERR_BUSY);
	open_door();
	assert_true(jobs_stop_within(jobs, INT32_MAX));
	assert_int_equal(atomic_load(&done), 1);
	jobs_free(&jobs);
}

static void room_comes_back(void **state)
{
	struct jobs *jobs = jobs_new("test", 1, 1, 0);
	struct job first = { .run = wait_at_door };
	struct job second = { .run = wait_at_door };
	struct job third = { .run = wait_at_door };

	(void)state;
	assert_int_equal(jobs_submit(jobs, &first), ERR_OK);
	wait_for_at_door(1);
	assert_int_equal(jobs_submit(jobs, &second), ERR_OK);
	assert_int_equal(jobs_submit(jobs, &third), ERR_BUSY);
	open_door();
	wait_for_at_door(2);
	assert_int_equal(jobs_submit(jobs, &third), ERR_OK);
	jobs_free(&jobs);
	assert_int_equal(atomic_load(&done), 3);
}

static void one_thread_keeps_the_order(void **state)
{
	static struct numbered all[MANY];
	struct jobs *jobs = jobs_new("test", 1, MANY, 0);

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		all[i].job.run = note_number;
		all[i].number = i;
		assert_int_equal(jobs_submit(jobs, &all[i].job), ERR_OK);
	}
	jobs_free(&jobs);
	assert_int_equal(atomic_load(&done), MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(order[i], i);
}

static void threads_work_side_by_side(void **state)
{
	struct jobs *jobs = jobs_new("test", 3, QUEUE, 5);
	struct job all[3];

	(void)state;
	for (unsigned round = 1; round <= 100; round++) {
		for (int i = 0; i < 3; i++) {
			all[i].run = wait_at_door;
			assert_int_equal(jobs_submit(jobs, &all[i]), ERR_OK);
		}
		wait_for_at_door(3); /* all at once, or never */
		assert_int_equal(jobs_waiting(jobs), 0);
		open_door();
		while (atomic_load(&done) < 3 * round)
			sched_yield();
		door.is_open = false;
		door.at_door = 0;
	}
	jobs_free(&jobs);
}

struct producer {
	struct thread thread;
	struct jobs *jobs;
	struct numbered all[MANY / 4];
};

static void produce(void *arg)
{
	struct producer *p = arg;

	for (size_t i = 0; i < COUNT(p->all); i++) {
		p->all[i].job.run = note_number;
		while (jobs_submit(p->jobs, &p->all[i].job) == ERR_BUSY)
			;
	}
}

static void every_job_runs_once(void **state)
{
	static struct producer producers[4];
	static unsigned seen[MANY];
	struct jobs *jobs = jobs_new("test", 2, 8, 0);

	(void)state;
	for (unsigned i = 0; i < COUNT(producers); i++) {
		struct producer *p = &producers[i];

		p->jobs = jobs;
		for (unsigned k = 0; k < COUNT(p->all); k++)
			p->all[k].number = i * (unsigned)COUNT(p->all) + k;
		thread_start(&p->thread, "producer", produce, p);
	}
	for (unsigned i = 0; i < COUNT(producers); i++)
		thread_join(&producers[i].thread);
	jobs_free(&jobs);
	assert_int_equal(atomic_load(&done), MANY);
	for (unsigned i = 0; i < MANY; i++)
		seen[order[i]]++;
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
}

/* A job that goes to the other set and back until it is refused. */
struct traveller {
	struct job job;
	struct jobs *sets[2];
	unsigned trips;
};

static void travel(struct job *job)
{
	struct traveller *t = (struct traveller *)job;

	if (jobs_submit(t->sets[++t->trips % 2], job) == ERR_BUSY)
		atomic_fetch_add(&done, 1);
}

static void sets_that_feed_each_other_stop(void **state)
{
	enum { TRAVELLERS = 50 };
	static struct traveller all[TRAVELLERS];
	struct jobs *jobs = jobs_new("test", 2, MANY, 0);
	struct jobs *others = jobs_new("test", 2, MANY, 0);
	struct job late = { .run = note_number };

	(void)state;
	for (int i = 0; i < TRAVELLERS; i++) {
		all[i] = (struct traveller){ { travel, NULL },
					     { jobs, others },
					     0 };
		assert_int_equal(jobs_submit(jobs, &all[i].job), ERR_OK);
	}
	jobs_stop(others);
	jobs_stop(jobs);
	jobs_stop(jobs);
	assert_int_equal(atomic_load(&done), TRAVELLERS);
	assert_int_equal(jobs_submit(jobs, &late), ERR_BUSY);
	jobs_insist(jobs, &late);
	assert_int_equal(jobs_waiting(jobs), 0);
	jobs_free(&others);
	jobs_free(&jobs);
}

static void none_is_freed(void **state)
{
	struct jobs *jobs = NULL;

	(void)state;
	jobs_free(&jobs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_full_queue_is_busy, setup),
		cmocka_unit_test_setup(a_long_job_is_not_waited_for, setup),
		cmocka_unit_test_setup(room_comes_back, setup),
		cmocka_unit_test_setup(one_thread_keeps_the_order, setup),
		cmocka_unit_test_setup(threads_work_side_by_side, setup),
		cmocka_unit_test_setup(every_job_runs_once, setup),
		cmocka_unit_test_setup(sets_that_feed_each_other_stop, setup),
		cmocka_unit_test(none_is_freed),
	};

	mutex_init(&door.lock, LOCK_TABLE);
	cond_init(&door.moved);
	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
