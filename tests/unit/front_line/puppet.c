#include "puppet.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/thread.h"

enum { USES = 64 };

struct asked {
	char *words;
	plugin_done_fn *done;
	void *arg;
};

struct plugins {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct cond came;
	bool is_made;
	_Atomic enum err outcome;
	struct asked uses[USES] GUARDED_BY(lock); /* a ring */
	size_t first GUARDED_BY(lock);            /* not answered */
	size_t next GUARDED_BY(lock);             /* not shown */
	size_t end GUARDED_BY(lock);
};

static struct plugins only;

struct plugins *puppet(void)
{
	if (!only.is_made) {
		mutex_init(&only.lock, LOCK_TABLE);
		cond_init(&only.came);
	}
	only.is_made = true;
	return &only;
}

void puppet_set(enum err outcome)
{
	only.outcome = outcome;
}

const char *puppet_asked(void)
{
	const char *words;

	mutex_lock(&only.lock);
	while (only.next == only.end)
		cond_wait(&only.came, &only.lock);
	words = only.uses[only.next++ % USES].words;
	mutex_unlock(&only.lock);
	return words;
}

static void answer(struct plugin_answer *what)
{
	struct asked asked;

	mutex_lock(&only.lock);
	assert(only.first < only.end);
	asked = only.uses[only.first++ % USES];
	mutex_unlock(&only.lock);
	what->plugin = "joke";
	asked.done(asked.arg, what);
	mem_free(asked.words);
}

void puppet_answer(const char *user, const char *room)
{
	struct plugin_answer what = {
		.text = "",
		.user = { &user, user != NULL },
		.room = { &room, room != NULL },
	};

	answer(&what);
}

void puppet_refuse(enum err code, const char *text)
{
	answer(&(struct plugin_answer){ .result = code, .text = text });
}

bool plugins_has_name(struct plugins *p UNUSED, const char *name)
{
	return name_compare(name, "joke") == 0;
}

bool plugins_find(struct plugins *p UNUSED, const char *command,
		  struct plugin_command *command_r)
{
	*command_r = (struct plugin_command){ "joke", "joke", "[me]",
					      "tells a joke", true };
	return name_compare(command, "joke") == 0;
}

bool plugins_trigger(struct plugins *p, const char *line,
		     struct plugin_command *command_r)
{
	return strcmp(line, "get_joke") == 0 &&
	       plugins_find(p, "joke", command_r);
}

size_t plugins_commands(struct plugins *p, struct plugin_command **all_r)
{
	*all_r = mem_zero(sizeof(**all_r));
	return plugins_find(p, "joke", *all_r) ? 1 : 0;
}

static char *describe(const struct plugin_use *use)
{
	AUTO(buf_fini) struct buf text = { 0 };

	buf_print(&text, "%s(%s) by %s", use->command, use->args, use->user);
	for (size_t i = 0; use->roles[i] != NULL; i++)
		buf_print(&text, "%s%s", i == 0 ? " " : "+", use->roles[i]);
	if (use->room != NULL)
		buf_print(&text, " in %s", use->room);
	if (use->line != NULL)
		buf_print(&text, ": %s", use->line);
	return mem_text(buf_text(&text));
}

enum err plugins_use(struct plugins *p, const struct plugin_use *use,
		     plugin_done_fn *done, void *arg)
{
	if (p->outcome != ERR_OK)
		return p->outcome;
	mutex_lock(&p->lock);
	p->uses[p->end++ % USES] = (struct asked){ describe(use), done, arg };
	cond_wake_all(&p->came);
	mutex_unlock(&p->lock);
	return ERR_OK;
}

size_t plugins_list(struct plugins *p UNUSED, struct plugin_status **all_r)
{
	*all_r = mem_zero(sizeof(**all_r));
	snprintf((*all_r)->name, sizeof((*all_r)->name), "joke");
	(*all_r)->state = PLUGIN_UP;
	return 1;
}

const char *plugin_state_words(enum plugin_state state UNUSED)
{
	return "up";
}

bool plugins_want(const struct plugins *p UNUSED,
		  enum plugin_event_kind kind UNUSED)
{
	return false;
}

void plugins_event(struct plugins *p UNUSED,
		   const struct plugin_event *event UNUSED)
{
}

enum err plugins_reload(struct plugins *p UNUSED, const char *name UNUSED)
{
	return ERR_OK;
}

enum err plugins_switch(struct plugins *p UNUSED, const char *name UNUSED,
			bool on UNUSED)
{
	return ERR_OK;
}
