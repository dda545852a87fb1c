/*
 * How many TLS handshakes a server does, full ones or resumed ones: several
 * visitors connect, shake hands, read the greeting and leave.
 */
#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "base/mem.h"
#include "base/thread.h"
#include "crowd.h"
#include "proc.h"
#include "report.h"
#include "visit.h"

enum { VISITORS_MOST = 256 };

struct shaker {
	struct visitor visitor;
	struct thread thread;
	bool resumes;
	gnutls_datum_t ticket;
};

static atomic_bool is_over;
static _Atomic uint64_t done;

static void shake(struct shaker *s)
{
	struct visitor *v = &s->visitor;
	bool has_ticket = s->ticket.size > 0;

	visit_begin(v, &s->ticket);
	visit_greeted(v);
	if (has_ticket != (gnutls_session_is_resumed(v->peer.tls) != 0))
		fail("the server did not resume the session");
	if (s->resumes && !has_ticket &&
	    gnutls_session_get_data2(v->peer.tls, &s->ticket) < 0)
		fail("the server gave no ticket");
	visit_end(v);
	atomic_fetch_add(&done, 1);
}

static void run(void *arg)
{
	struct shaker *s = arg;

	while (!atomic_load(&is_over))
		shake(s);
	gnutls_free(s->ticket.data);
}

static void measure(pid_t pid, int64_t seconds)
{
	struct timespec nap = { seconds, 0 };
	int64_t server_ns = -proc_cpu_ns(pid);
	int64_t own_ns = -proc_own_cpu_ns();
	int64_t all_ns = -proc_all_cpu_ns();
	int64_t wall_ns = -proc_now_ns();
	double count = -(double)atomic_load(&done);

	nanosleep(&nap, NULL);
	count += (double)atomic_load(&done);
	server_ns += proc_cpu_ns(pid);
	own_ns += proc_own_cpu_ns();
	all_ns += proc_all_cpu_ns();
	wall_ns += proc_now_ns();
	if (count == 0)
		fail("not one handshake");
	report_figure("handshakes", count / (double)wall_ns * 1e9, "/s");
	if (pid != 0) {
		report_figure("handshakes-per-core",
			      count / (double)server_ns * 1e9, "/s");
		report_figure("server-cpu-per-handshake",
			      (double)server_ns / count / 1e3, "us");
		report_others(all_ns, server_ns, own_ns, (double)wall_ns / 1e9);
	}
	report_figure("own-cpu-per-handshake", (double)own_ns / count / 1e3,
		      "us");
}

int main(int argc, char **argv)
{
	static struct shaker *shakers[VISITORS_MOST];
	struct timespec warm_up = { 1, 0 };
	struct crowd_plan plan;
	struct target target;
	int64_t visitors = 8;
	int64_t seconds = 5;
	int64_t resume = 0;

	crowd_defaults(&plan);
	options_read(
		(const struct option_row[]){
			TARGET_OPTIONS(plan),
			{ "visitors", NULL, &visitors, 1, VISITORS_MOST,
			  "threads, each with one connection at a time" },
			{ "resume", NULL, &resume, 0, 1,
			  "1: resume sessions by their tickets" },
			{ "seconds", NULL, &seconds, 1, 600, "measured" },
			{ 0 },
		},
		argc, argv);
	target_open(&target, plan.address, (int)plan.port,
		    (unsigned)plan.sources, plan.priorities);
	for (unsigned i = 0; i < visitors; i++) {
		shakers[i] = mem_zero(sizeof(*shakers[i]));
		shakers[i]->visitor.target = &target;
		shakers[i]->visitor.index = i;
		shakers[i]->resumes = resume != 0;
		thread_start(&shakers[i]->thread, "shaker", run, shakers[i]);
	}
	nanosleep(&warm_up, NULL);
	measure((pid_t)plan.pid, seconds);
	atomic_store(&is_over, true);
	for (unsigned i = 0; i < visitors; i++) {
		thread_join(&shakers[i]->thread);
		mem_free(shakers[i]);
	}
	target_close(&target);
	return 0;
}
