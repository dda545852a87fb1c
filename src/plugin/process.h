/*
 * The process of a plugin as the warden sees it: started, spoken to, ended,
 * and started again. The warden's thread alone.
 */
#ifndef RIALTO_PLUGIN_PROCESS_H
#define RIALTO_PLUGIN_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/list.h"
#include "log/limit.h"
#include "plugin/plugins_fields.h"

enum {
	EXPIRED_MOST = 64, /* uses that may be answered late */
	PLACES_MOST = 64,  /* rooms remembered since the start */
	THREADS_MOST = 64,
};

/* Where its messages and errors come from; told apart by epoll. */
enum source_kind { SOURCE_SOCKET, SOURCE_ERRORS, SOURCE_BELL, SOURCE_LAUNCHER };

struct source {
	enum source_kind kind;
	struct process *process;
	int fd; /* -1: closed */
};

/* So many at once, and one more each time period_ms has passed. */
struct allowance {
	int64_t period_ms;
	int64_t most_ms;  /* period_ms times how many at once */
	int64_t empty_ms; /* when all that was taken is there again */
};

struct process {
	struct plugin *plugin;
	enum plugin_state state;
	uint64_t launch;  /* the launcher's id; 0: no process */
	uint64_t version; /* of the settings it was started with */
	int pid;
	struct source socket;
	struct source errors;
	struct buf in;
	struct buf out;
	struct buf said; /* on standard error, without its line's end */
	size_t heard;    /* bytes of standard error since the last look */
	bool is_ignored; /* standard error is not read until the next look */
	bool is_written; /* epoll waits until more can be written */
	bool is_bidden;  /* bye was sent: nothing else goes out */
	bool was_killed;
	bool is_wanted;               /* it ended because we wanted that */
	bool is_guess;                /* the launcher may know better why */
	char why[PLUGIN_ERROR_BYTES]; /* why it was ended, or is down */

	/* Of what it was started with. */
	int64_t deadline_ms;
	bool may_hear;

	struct list uses;               /* struct errand: asked, not answered */
	uint64_t expired[EXPIRED_MOST]; /* ids; 0: none */
	unsigned expired_next;
	unsigned timeouts;                       /* one after the other */
	char places[PLACES_MOST][NAME_MOST + 1]; /* where it was used */
	unsigned place_next;

	/* Answers and says that wait for a state, in the order they came. */
	struct list effects; /* struct effect */
	struct buf kept;     /* the state on the disk */
	struct buf saving;
	bool is_saving;
	struct effect *saving_last; /* told, with all before it, when saved */

	struct allowance messages;
	struct allowance says;
	struct log_limit lines; /* in the log */

	/* Monotonic; 0: none. */
	int64_t hello_ms; /* it must have said hello */
	int64_t kill_ms;  /* after bye */
	int64_t again_ms; /* start */
	int64_t up_ms;    /* since when it is up */
	int64_t look_ms;  /* at its memory and threads */
	int64_t pause_ms; /* before the next start */
};

struct process *process_new(struct plugin *plugin);
void process_free(struct process **process);

/* Nothing runs, and nothing waits for the store. */
bool process_is_idle(const struct process *process);

/*
 * Compares what there is with what shall be, and with the time: starts, says
 * bye, kills, lets uses expire. Returns when it wants to be called again, or
 * INT64_MAX.
 */
int64_t process_tend(struct process *process, int64_t now_ms);

/* Something can be read, or written. */
void process_serve(struct process *process, struct source *source,
		   unsigned events, int64_t now_ms);

/* What the launcher says of it. */
void process_report(struct process *process, const struct launch_report *report,
		    int64_t now_ms);

/* The launcher has ended, and it with it; nothing can be started any more. */
void process_orphan(struct process *process);

/* Ends it at once and says why in the log; it is started again later. */
void process_condemn(struct process *process, const char *format, ...)
	PRINTF(2, 3);

/* It has ended, or hung up: as process_condemn(), but not killed at once. */
void process_lose(struct process *process, const char *why, bool is_certain,
		  int64_t now_ms);

/* Also shown to those who ask. */
void process_set_state(struct process *process, enum plugin_state state);

/* Standard error is read again, if it was too much before. */
void process_hear_again(struct process *process);

/* What it managed to say before it died counts. */
void process_read_rest(struct process *process, int64_t now_ms);

void process_close(struct source *source);

/* Sends what is in out, as far as that can be done now. */
void process_flush(struct process *process);

/* Passes a line of the plugin on to the log, if there were not too many. */
void process_log(struct process *process, const char *how, const char *text,
		 size_t len, int64_t now_ms);

/* Takes one; false when it is used up. */
bool allowance_take(struct allowance *allowance, int64_t now_ms);

#endif
