#include "plugin/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "log/log.h"
#include "plugin/uses.h"

enum {
	HELLO_MS = 30 * 1000,
	BYE_MS = 1000,
	SOON_MS = 20, /* when the launcher has much to do */
	PAUSE_FIRST_MS = 1000,
	PAUSE_MOST_MS = 5 * 60 * 1000,
	WELL_MS = 60 * 1000, /* up for so long, and the pause is short again */
	LOOK_MS = 1000,
	MESSAGES = 200,  /* at once */
	MESSAGE_MS = 20, /* and then one in such a time */
	SAYS = 20,
	SAY_MS = 500,
};

struct process *process_new(struct plugin *plugin)
{
	struct process *process = mem_zero(sizeof(*process));

	process->plugin = plugin;
	process->state = PLUGIN_WAITING;
	process->socket = (struct source){ SOURCE_SOCKET, process, -1 };
	process->errors = (struct source){ SOURCE_ERRORS, process, -1 };
	process->messages =
		(struct allowance){ MESSAGE_MS, MESSAGE_MS * MESSAGES, 0 };
	process->says = (struct allowance){ SAY_MS, SAY_MS * SAYS, 0 };
	process->pause_ms = PAUSE_FIRST_MS;
	list_init(&process->uses);
	list_init(&process->effects);
	return process;
}

void process_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd); /* and epoll forgets it */
	source->fd = -1;
}

void process_free(struct process **process)
{
	struct process *p = *process;

	uses_free(p);
	process_close(&p->socket);
	process_close(&p->errors);
	buf_fini(&p->in);
	buf_fini(&p->out);
	buf_fini(&p->said);
	buf_fini(&p->kept);
	buf_fini(&p->saving);
	mem_free(p);
	*process = NULL;
}

bool process_is_idle(const struct process *process)
{
	return process->launch == 0 && !process->is_saving &&
	       list_is_empty(&process->effects) &&
	       list_is_empty(&process->uses);
}

void process_set_state(struct process *process, enum plugin_state state)
{
	struct plugin *plugin = process->plugin;
	struct plugins *p = plugin->plugins;
	int64_t wait_ms = process->again_ms - clock_mono_ms();

	process->state = state;
	mutex_lock(&p->lock);
	if (plugin->status.state != state)
		plugin->status.since_ms = clock_wall_ms();
	plugin->status.state = state;
	plugin->status.again_ms =
		state == PLUGIN_WAITING ? clock_wall_ms() + wait_ms : 0;
	if (process->launch == 0)
		plugin->status.memory_bytes = 0;
	if (!process->is_guess)
		snprintf(plugin->status.error, sizeof(plugin->status.error),
			 "%s", process->why);
	plugins_tally(p);
	mutex_unlock(&p->lock);
}

/* Kills what runs; LAUNCH_ENDED will follow. */
static void slay(struct process *process)
{
	struct plugins *p = process->plugin->plugins;

	if (process->launch == 0 || process->was_killed)
		return;
	/* A busy launcher is asked again with the next round. */
	process->was_killed =
		launcher_kill(p->launcher, process->launch) != ERR_AGAIN;
	process->kill_ms = process->was_killed ? 0 : 1;
	if (process->state != PLUGIN_ENDING)
		process_set_state(process, PLUGIN_ENDING);
	uses_drop(process);
}

void process_condemn(struct process *process, const char *format, ...)
{
	va_list args;

	if (process->launch == 0 || process->state == PLUGIN_ENDING)
		return;
	va_start(args, format);
	vsnprintf(process->why, sizeof(process->why), format, args);
	va_end(args);
	slay(process);
}

void process_lose(struct process *process, const char *why, bool is_certain,
		  int64_t now_ms)
{
	snprintf(process->why, sizeof(process->why), "%s", why);
	process->is_guess = !is_certain;
	process->kill_ms = now_ms + BYE_MS;
	process_set_state(process, PLUGIN_ENDING);
	uses_drop(process);
}

/* Told to end, and not because of anything it did. */
static void dismiss(struct process *process, int64_t now_ms)
{
	process->is_wanted = true;
	process->is_bidden = true;
	process->kill_ms = now_ms + BYE_MS;
	message_put_bye(&process->out);
	process_set_state(process, PLUGIN_ENDING);
	uses_drop(process);
	process_flush(process);
}

/* When it has ended, or could not be started: what next? */
static void pause_now(struct process *process, int64_t now_ms)
{
	if (process->up_ms != 0 && now_ms - process->up_ms >= WELL_MS)
		process->pause_ms = PAUSE_FIRST_MS;
	process->again_ms =
		process->is_wanted ? now_ms : now_ms + process->pause_ms;
	if (process->is_wanted)
		return;
	log_warning("plugin", "down name=%s why=\"%s\" again_ms=%" PRId64,
		    process->plugin->name, process->why, process->pause_ms);
	process->pause_ms *= 2;
	if (process->pause_ms > PAUSE_MOST_MS)
		process->pause_ms = PAUSE_MOST_MS;
}

static void clear(struct process *process)
{
	process_close(&process->socket);
	process_close(&process->errors);
	buf_fini(&process->in);
	buf_fini(&process->out);
	buf_fini(&process->said);
	process->launch = 0;
	process->pid = 0;
	process->is_bidden = false;
	process->was_killed = false;
	process->is_guess = false;
	process->is_ignored = false;
	process->heard = 0;
	process->hello_ms = 0;
	process->kill_ms = 0;
	uses_drop(process);
}

static void bury(struct process *process, int64_t now_ms)
{
	struct plugin *plugin = process->plugin;

	clear(process);
	if (process->is_wanted) {
		process->why[0] = '\0';
		log_notice("plugin", "ended name=%s", plugin->name);
	} else {
		mutex_lock(&plugin->plugins->lock);
		plugin->status.restarts++;
		mutex_unlock(&plugin->plugins->lock);
	}
	pause_now(process, now_ms);
	process->is_wanted = false;
	process->up_ms = 0;
	process_set_state(process, PLUGIN_WAITING);
}

/* From when on it is known who speaks there. */
static void listen_to(struct process *process, struct source *source,
		      unsigned what)
{
	struct epoll_event event = { .events = what, .data.ptr = source };

	if (source->fd >= 0)
		epoll_ctl(process->plugin->plugins->epoll, EPOLL_CTL_ADD,
			  source->fd, &event);
}

void process_report(struct process *process, const struct launch_report *report,
		    int64_t now_ms)
{
	if (report->id != process->launch)
		return;
	if (report->outcome == LAUNCH_RUNS) {
		process->pid = report->pid;
		listen_to(process, &process->errors, EPOLLIN);
		listen_to(process, &process->socket, EPOLLIN | EPOLLOUT);
		process->is_written = true;
		return;
	}
	/* It is dead: whoever is asked to kill it does nothing. */
	if (report->outcome == LAUNCH_ENDED)
		process_read_rest(process, now_ms);
	if (process->state != PLUGIN_ENDING ||
	    (process->is_guess && !process->was_killed))
		snprintf(process->why, sizeof(process->why), "%s",
			 report->words);
	bury(process, now_ms);
}

void process_orphan(struct process *process)
{
	snprintf(process->why, sizeof(process->why),
		 "the launcher of plugins has ended; the daemon must be "
		 "restarted");
	clear(process);
	process_set_state(process, PLUGIN_DOWN);
}

/* What it was told to be by, as the plugin's settings have it now. */
struct start {
	struct launch_order order;
	struct buf hello;
};

static void prepare(struct process *process, struct start *start)
{
	struct plugin *plugin = process->plugin;
	struct plugins *p = plugin->plugins;
	const struct plugin_settings *s = &plugin->settings;
	char *path;

	start->order.kind = LAUNCH_RUN;
	start->order.id = process->launch;
	mutex_lock(&p->lock);
	path = strchr(s->program, '/') == NULL ? file_join(p->dir, s->program)
	       : s->program[0] == '/'          ? mem_text(s->program)
				      : file_join(p->folder, s->program);
	snprintf(start->order.program, LAUNCH_PATH, "%s", path);
	memcpy(start->order.secrets, p->secrets, LAUNCH_SECRETS);
	start->order.network = s->network;
	start->order.memory_bytes = s->memory_bytes;
	start->order.has_memory_limit = true;
#ifdef RIALTO_SANITIZED
	/* Our own programs need terabytes of addresses then. */
	start->order.has_memory_limit = strchr(s->program, '/') != NULL;
#endif
	process->version = plugin->version;
	process->deadline_ms = s->deadline_s * 1000;
	if (buf_len(&plugin->first_state) > 0) {
		buf_reset(&process->kept);
		buf_add(&process->kept, buf_at(&plugin->first_state),
			buf_len(&plugin->first_state));
		buf_fini(&plugin->first_state);
	}
	message_put_hello(&start->hello, plugin->name, p->server, &s->settings,
			  buf_len(&process->kept) > 0 ? buf_text(&process->kept)
						      : NULL);
	mutex_unlock(&p->lock);
	mem_free(path);
}

static void keep(struct source *source, int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	source->fd = fd;
}

/* Sends the order with the other ends; ours are kept in any case. */
static enum err launch(struct process *process,
		       const struct launch_order *order)
{
	struct plugins *p = process->plugin->plugins;
	int ends[2];
	int errors[2];
	enum err e;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return ERR_BUSY;
	if (pipe2(errors, O_CLOEXEC) != 0) {
		close(ends[0]);
		close(ends[1]);
		return ERR_BUSY;
	}
	e = launcher_run(p->launcher, order, ends[1], errors[1]);
	close(ends[1]);
	close(errors[1]);
	keep(&process->socket, ends[0]);
	keep(&process->errors, errors[0]);
	return e;
}

static void start(struct process *process, int64_t now_ms)
{
	struct start *s = mem_zero(sizeof(*s));
	enum err e;

	process->launch = ++process->plugin->plugins->launches;
	process->again_ms = 0;
	process->hello_ms = now_ms + HELLO_MS;
	process->look_ms = now_ms;
	prepare(process, s);
	process_set_state(process, PLUGIN_STARTING);
	e = launch(process, &s->order);
	if (e == ERR_OK) {
		buf_add(&process->out, buf_at(&s->hello), buf_len(&s->hello));
		process_flush(process);
	} else if (e == ERR_AGAIN) {
		clear(process);
		process->again_ms = now_ms + SOON_MS;
		process_set_state(process, PLUGIN_WAITING);
	} else {
		snprintf(process->why, sizeof(process->why),
			 "there are no descriptors left for it");
		bury(process, now_ms);
	}
	buf_fini(&s->hello);
	mem_free(s);
}

/* The value behind a word such as "\nThreads:" of /proc/PID/status. */
static uint64_t value_behind(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at == NULL ? 0 : strtoull(at + strlen(word), NULL, 10);
}

/* At what no limit of the system's holds for every user. */
static void look(struct process *process)
{
	struct plugin *plugin = process->plugin;
	char path[64];
	char text[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", process->pid);
	fd = process->pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	mutex_lock(&plugin->plugins->lock);
	plugin->status.memory_bytes = value_behind(text, "\nVmRSS:") * 1024;
	mutex_unlock(&plugin->plugins->lock);
	if (value_behind(text, "\nThreads:") > THREADS_MOST)
		process_condemn(process, "it had more than %d threads",
				THREADS_MOST);
}

static bool is_talking(const struct process *process)
{
	return process->state == PLUGIN_STARTING || process->state == PLUGIN_UP;
}

static int64_t earlier(int64_t a_ms, int64_t b_ms)
{
	return b_ms != 0 && b_ms < a_ms ? b_ms : a_ms;
}

static int64_t tend_running(struct process *process, int64_t now_ms)
{
	int64_t next_ms = uses_expire(process, now_ms);

	if (process->hello_ms != 0 && now_ms >= process->hello_ms)
		process_condemn(process, "it did not say hello in %d s",
				HELLO_MS / 1000);
	if (process->kill_ms != 0 && now_ms >= process->kill_ms)
		slay(process);
	if (now_ms >= process->look_ms) {
		process->look_ms = now_ms + LOOK_MS;
		look(process);
		process_hear_again(process);
	}
	next_ms = earlier(next_ms, process->hello_ms);
	next_ms = earlier(next_ms, process->kill_ms);
	return earlier(next_ms, process->look_ms);
}

static int64_t tend_resting(struct process *process, bool shall_run,
			    bool is_off, int64_t now_ms)
{
	enum plugin_state rest = is_off ? PLUGIN_OFF : PLUGIN_WAITING;

	if (!shall_run) {
		process->again_ms = now_ms;
		if (process->state != rest)
			process_set_state(process, rest);
		return INT64_MAX;
	}
	/* What is being saved is what it is told at its start. */
	if (process->is_saving)
		return INT64_MAX;
	if (now_ms < process->again_ms)
		return process->again_ms;
	start(process, now_ms);
	return now_ms;
}

int64_t process_tend(struct process *process, int64_t now_ms)
{
	struct plugin *plugin = process->plugin;
	struct plugins *p = plugin->plugins;
	uint64_t version;
	bool shall_run;
	bool is_off;

	if (process->state == PLUGIN_DOWN)
		return INT64_MAX;
	mutex_lock(&p->lock);
	is_off = plugin->is_off;
	shall_run = plugin->is_listed && !is_off && !p->is_stopping;
	version = plugin->version;
	mutex_unlock(&p->lock);
	if (process->version != version) {
		process->again_ms = now_ms;
		process->pause_ms = PAUSE_FIRST_MS;
	}
	if (process->launch == 0) {
		process->version = version;
		return tend_resting(process, shall_run, is_off, now_ms);
	}
	if (is_talking(process) && (!shall_run || process->version != version))
		dismiss(process, now_ms);
	return tend_running(process, now_ms);
}
