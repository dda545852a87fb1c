#include "plugin/uses.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum {
	TIMEOUTS_MOST = 3,      /* one after the other, then it is restarted */
	OUT_FOR_EVENTS = 65536, /* unread, and events are dropped */
	EFFECTS_MOST = 256,
};

/* An answer or a say that has come. */
struct effect {
	struct list link;
	struct plugin_message message;
	struct errand *use; /* NULL: nobody asked, or asks any more */
	bool is_anywhere;   /* see struct plugin_host */
};

static void effect_free(struct effect *effect)
{
	list_remove(&effect->link);
	message_fini(&effect->message);
	errand_free(&effect->use);
	mem_free(effect);
}

static struct effect *effect_at(struct list *link)
{
	return LIST_ITEM(link, struct effect, link);
}

static struct errand *use_at(struct list *link)
{
	return LIST_ITEM(link, struct errand, link);
}

/* Tells who asked; the use is over. Takes it. */
static void finish(struct process *process, struct errand *use,
		   struct plugin_answer *answer)
{
	struct plugin *plugin = process->plugin;

	answer->plugin = plugin->name;
	mutex_lock(&plugin->plugins->lock);
	plugin->under_way--;
	plugin->status.answers += answer->result == ERR_OK;
	mutex_unlock(&plugin->plugins->lock);
	list_remove(&use->link);
	use->done(use->arg, answer);
	errand_free(&use);
}

static void refuse(struct process *process, struct errand *use, enum err e,
		   const char *why)
{
	char text[NAME_MOST + 80];
	struct plugin_answer answer = { .result = e, .text = text };

	snprintf(text, sizeof(text), "The plugin %s %s", process->plugin->name,
		 why);
	finish(process, use, &answer);
}

static const char *words_of(enum err e)
{
	return e == ERR_STORAGE_FULL
		       ? "cannot remember that: the disk is full."
		       : "cannot remember that now. Try again later.";
}

static void tell_say(struct process *process, const struct effect *effect)
{
	const struct plugin_host *host = process->plugin->plugins->host;
	const struct plugin_message *m = &effect->message;
	const struct plugin_lines lines = { m->room.all, m->room.count };

	if (lines.count > 0)
		host->say(host->arg, process->plugin->name, m->where,
			  effect->is_anywhere, &lines);
}

static void tell(struct process *process, struct effect *effect,
		 enum err outcome)
{
	const struct plugin_message *m = &effect->message;
	struct errand *use = effect->use;
	struct plugin_answer answer = {
		.result = m->result,
		.text = m->text,
		.user = { m->user.all, m->user.count },
		.room = { m->room.all, m->room.count },
	};

	effect->use = NULL;
	if (use != NULL && outcome != ERR_OK)
		refuse(process, use, outcome, words_of(outcome));
	else if (use != NULL)
		finish(process, use, &answer);
	else if (m->op == OP_SAY && outcome == ERR_OK)
		tell_say(process, effect);
	effect_free(effect);
}

static void saved(void *arg, enum err outcome)
{
	struct plugin *plugin = arg;
	struct errand *errand = mem_zero(sizeof(*errand));

	errand->kind = ERRAND_SAVED;
	errand->plugin = plugin;
	errand->outcome = outcome;
	mutex_lock(&plugin->plugins->lock);
	plugins_put(plugin->plugins, errand);
	mutex_unlock(&plugin->plugins->lock);
}

/* The last of those that wait that has a state; NULL without one. */
static struct effect *find_last_state(struct process *process)
{
	struct effect *found = NULL;
	struct list *l;
	struct list *after;

	list_foreach (l, after, &process->effects) {
		if (effect_at(l)->message.state != NULL)
			found = effect_at(l);
	}
	return found;
}

/* Saves the newest state of those that wait, at once for all before it. */
static void go_on(struct process *process)
{
	const struct plugin_host *host = process->plugin->plugins->host;
	struct effect *last;
	size_t len;

	if (process->is_saving)
		return;
	last = find_last_state(process);
	if (last == NULL) {
		while (!list_is_empty(&process->effects))
			tell(process, effect_at(process->effects.next), ERR_OK);
		return;
	}
	len = strlen(last->message.state);
	buf_reset(&process->saving);
	buf_add(&process->saving, last->message.state, len);
	process->saving_last = last;
	process->is_saving = true;
	host->save(host->arg, process->plugin->name, buf_text(&process->saving),
		   len, saved, process->plugin);
}

void uses_saved(struct process *process, enum err outcome)
{
	struct effect *last = process->saving_last;
	bool is_last = false;

	process->is_saving = false;
	process->saving_last = NULL;
	if (outcome == ERR_OK) {
		buf_reset(&process->kept);
		buf_add(&process->kept, buf_at(&process->saving),
			buf_len(&process->saving));
	}
	while (!is_last) {
		struct effect *first = effect_at(process->effects.next);

		is_last = first == last;
		tell(process, first, outcome);
	}
	/* What it believes is not so. */
	if (outcome != ERR_OK)
		process_condemn(process, "its state could not be kept");
	go_on(process);
}

static void add_effect(struct process *process, struct plugin_message *message,
		       struct errand *use, bool is_anywhere)
{
	struct effect *effect = mem_zero(sizeof(*effect));

	effect->message = *message;
	memset(message, 0, sizeof(*message));
	effect->use = use;
	effect->is_anywhere = is_anywhere;
	list_append(&process->effects, &effect->link);
	go_on(process);
}

void uses_add(struct process *process, struct errand *use, int64_t now_ms)
{
	if (process->state != PLUGIN_UP) {
		refuse(process, use, ERR_PLUGIN_DOWN, "is down.");
		return;
	}
	use->deadline_ms = now_ms + process->deadline_ms;
	list_append(&process->uses, &use->link);
	buf_add(&process->out, buf_at(&use->line), buf_len(&use->line));
	buf_fini(&use->line);
	if (use->room != NULL)
		snprintf(process->places[process->place_next++ % PLACES_MOST],
			 NAME_MOST + 1, "%s", use->room);
	process_flush(process);
}

static void note_dropped(struct process *process)
{
	struct plugin *plugin = process->plugin;

	mutex_lock(&plugin->plugins->lock);
	plugin->status.dropped++;
	mutex_unlock(&plugin->plugins->lock);
}

void uses_event(struct process *process, struct errand *event)
{
	if (process->state == PLUGIN_UP &&
	    buf_len(&process->out) < OUT_FOR_EVENTS) {
		buf_add(&process->out, buf_at(&event->line),
			buf_len(&event->line));
		process_flush(process);
	} else {
		note_dropped(process);
	}
	errand_free(&event);
}

static struct errand *find_use(struct process *process, uint64_t id)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &process->uses) {
		if (use_at(l)->id == id)
			return use_at(l);
	}
	return NULL;
}

/* An answer that comes too late is one all the same, once. */
static bool is_expired(struct process *process, uint64_t id)
{
	for (unsigned i = 0; i < EXPIRED_MOST; i++) {
		if (id == 0 || process->expired[i] != id)
			continue;
		process->expired[i] = 0;
		return true;
	}
	return false;
}

void uses_answer(struct process *process, struct plugin_message *message)
{
	struct errand *use = find_use(process, message->id);

	if (use == NULL && !is_expired(process, message->id)) {
		process_condemn(process,
				"it answered %" PRIu64 ", which nobody asked",
				message->id);
		return;
	}
	process->timeouts = 0;
	if (use != NULL)
		list_remove(&use->link);
	add_effect(process, message, use, false);
}

static size_t count_effects(struct process *process)
{
	struct list *l;
	struct list *after;
	size_t count = 0;

	list_foreach (l, after, &process->effects)
		count++;
	return count;
}

/* It was asked there since its start. */
static bool is_known_place(const struct process *process, const char *room)
{
	for (unsigned i = 0; i < PLACES_MOST; i++) {
		if (name_compare(process->places[i], room) == 0)
			return true;
	}
	return false;
}

void uses_say(struct process *process, struct plugin_message *message,
	      int64_t now_ms)
{
	struct plugin *plugin = process->plugin;
	bool is_named = is_known_place(process, message->where);
	bool may;

	mutex_lock(&plugin->plugins->lock);
	may = is_named ||
	      plugin_has_room(&plugin->settings, message->where, true);
	is_named = is_named ||
		   plugin_has_room(&plugin->settings, message->where, false);
	mutex_unlock(&plugin->plugins->lock);
	if (may && count_effects(process) < EFFECTS_MOST &&
	    allowance_take(&process->says, now_ms)) {
		add_effect(process, message, NULL, !is_named);
		return;
	}
	note_dropped(process);
	process_log(process,
		    may ? "said too much" : "said something where it may not",
		    message->where, strlen(message->where), now_ms);
}

int64_t uses_expire(struct process *process, int64_t now_ms)
{
	int64_t next_ms = INT64_MAX;
	struct list *l;
	struct list *after;

	list_foreach (l, after, &process->uses) {
		struct errand *use = use_at(l);

		if (use->deadline_ms > now_ms) {
			next_ms = use->deadline_ms < next_ms ? use->deadline_ms
							     : next_ms;
			continue;
		}
		process->expired[process->expired_next++ % EXPIRED_MOST] =
			use->id;
		process->timeouts++;
		refuse(process, use, ERR_PLUGIN_TIMEOUT,
		       "did not answer in time.");
	}
	if (process->timeouts >= TIMEOUTS_MOST)
		process_condemn(process, "it did not answer %d times",
				TIMEOUTS_MOST);
	return next_ms;
}

void uses_drop(struct process *process)
{
	while (!list_is_empty(&process->uses))
		refuse(process, use_at(process->uses.next), ERR_PLUGIN_DOWN,
		       "ended before it could answer.");
	memset(process->expired, 0, sizeof(process->expired));
	memset(process->places, 0, sizeof(process->places));
	process->timeouts = 0;
}

void uses_free(struct process *process)
{
	while (!list_is_empty(&process->effects))
		effect_free(effect_at(process->effects.next));
}
